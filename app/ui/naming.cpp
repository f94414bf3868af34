// SPDX-License-Identifier: MIT
// The card in which a port is given a name. UI thread.
#include "app/ui/card.h"
#include "app/ui/paint.h"
#include "app/ui/parts.h"

#include "core/base/text.h"

#include <fmt/format.h>

namespace portside::ui {

namespace {

constexpr float kNamingWidth = 30; // font heights
// Design units.
constexpr float kNamingPadding = 24;
constexpr float kNamingTitle = 40;
constexpr float kNameHeight = 42;
constexpr float kFieldPadding = 12;
constexpr float kBelowField = 16;

void save(Frame& frame) {
    const auto& naming = *frame.state.naming;
    auto note = frame.model.book ? snapshot::note_of(*frame.model.book, naming.port) : snapshot::PortNote{};
    auto label = base::sanitise(naming.text, snapshot::kLongestLabel);
    const auto first = label.find_first_not_of(' ');
    label = first == std::string::npos ? std::string() : label.substr(first, label.find_last_not_of(' ') - first + 1);
    if (label != note.label) {
        note.label = std::move(label);
        frame.emit(SetPortNote{naming.port, std::move(note)});
    }
    frame.state.naming.reset();
}

// ImGui's editor grows our string; what was typed ahead goes on behind its end.
int on_name_edit(ImGuiInputTextCallbackData* data) {
    auto& naming = *static_cast<UiState::Naming*>(data->UserData);
    if (data->EventFlag == ImGuiInputTextFlags_CallbackResize) {
        naming.text.resize(static_cast<std::size_t>(data->BufTextLen));
        data->Buf = naming.text.data();
    } else if (naming.ahead) {
        naming.ahead = false;
        data->CursorPos = data->SelectionStart = data->SelectionEnd = data->BufTextLen;
    }
    return 0;
}

void draw_field(Frame& frame, const Rect& area) {
    const Theme& theme = frame.look.theme;
    auto& naming = *frame.state.naming;
    ImDrawList& list = *ImGui::GetWindowDrawList();
    list.AddRectFilled({area.x0, area.y0}, {area.x1, area.y1}, ink(theme.background), frame.px(7));
    imgui::add_rect(list, {area.x0, area.y0}, {area.x1, area.y1}, ink(theme.accent), frame.px(7),
                    1.5F * frame.look.scale);
    const float pad = frame.px(kFieldPadding);
    ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, {0, frame.px(4)});
    ImGui::PushStyleColor(ImGuiCol_FrameBg, color(theme.background, 0));
    ImGui::SetCursorScreenPos({area.x0 + pad, std::floor(area.middle_y() - frame.em / 2 - frame.px(4))});
    ImGui::SetNextItemWidth(area.width() - 2 * pad);
    if (!naming.active) {
        ImGui::SetWindowFocus();
        ImGui::SetKeyboardFocusHere();
        frame.wake_at(frame.now()); // it has the keyboard one frame later
    }
    ImGui::InputText("##name", naming.text.data(), naming.text.capacity() + 1,
                     ImGuiInputTextFlags_CallbackResize | ImGuiInputTextFlags_CallbackAlways |
                         ImGuiInputTextFlags_AutoSelectAll,
                     on_name_edit, &naming);
    naming.active = ImGui::IsItemActive();
    ImGui::PopStyleColor();
    ImGui::PopStyleVar();
    if (naming.text.empty()) {
        draw_text(*frame.look.text, theme.faint, area.x0 + pad, baseline_at(frame, area.middle_y()),
                  "What this port is to you", area.width() - 2 * pad);
    }
}

} // namespace

void open_naming(Frame& frame, const snapshot::Row& row) {
    const snapshot::PortId port{row.key.protocol, row.key.port};
    const auto note = frame.model.book ? snapshot::note_of(*frame.model.book, port) : snapshot::PortNote{};
    frame.state.naming = UiState::Naming{.port = port, .text = note.label};
}

void handle_naming_key(Frame& frame, const base::KeyPress& press) {
    if (press.repeat) {
        return;
    }
    if (press.key == base::Key::escape) {
        frame.state.naming.reset();
    } else if (press.key == base::Key::enter && !press.control && !press.alt) {
        save(frame);
    }
}

void draw_naming(Frame& frame) {
    if (!frame.state.naming) {
        return;
    }
    const Theme& theme = frame.look.theme;
    const float pad = frame.px(kNamingPadding);
    const float height = 2 * pad + frame.px(kNamingTitle + kNameHeight + kBelowField) + button_height(frame);
    const Rect card = begin_card(frame, "naming", kNamingWidth * frame.em, height);
    const snapshot::PortId port = frame.state.naming->port;
    const char* const protocol = port.protocol == platform::Protocol::tcp ? "TCP" : "UDP";
    draw_text(*frame.look.strong, theme.text, card.x0 + pad, baseline_at(frame, card.y0 + pad + frame.em / 2),
              fmt::format("Name {} port {}", protocol, port.port), card.width() - 2 * pad);
    const float top = card.y0 + pad + frame.px(kNamingTitle);
    draw_field(frame, {card.x0 + pad, top, card.x1 - pad, top + frame.px(kNameHeight)});
    const float middle = card.y1 - pad - button_height(frame) / 2;
    const float right = card.x1 - pad;
    const bool saves = draw_button(frame, "save", right, middle, "Save", Tone::quiet, theme.panel);
    const float half = button_height(frame) / 2;
    draw_ring(frame, {right - button_width(frame, "Save"), middle - half, right, middle + half}); // what Enter means
    const float left = right - button_width(frame, "Save") - frame.px(12);
    const bool cancels = draw_button(frame, "cancel", left, middle, "Cancel", Tone::quiet, theme.panel);
    draw_text_with_tip(frame, *frame.look.small, theme.faint, {card.x0 + pad, baseline_at(frame, middle) - frame.px(1)},
                       "Shown in its row, found by the filter.",
                       left - button_width(frame, "Cancel") - frame.px(12) - card.x0 - pad);
    const bool beside = end_card(frame, card);
    if (saves) {
        save(frame);
    } else if (cancels || beside) {
        frame.state.naming.reset();
    }
}

} // namespace portside::ui
