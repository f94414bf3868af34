// SPDX-License-Identifier: MIT
// Everything that is known about the selected row, beside or below the list. UI thread.
#include "app/ui/details_text.h"
#include "app/ui/paint.h"
#include "app/ui/parts.h"
#include "app/ui/row_text.h"

#include <fmt/format.h>

namespace portside::ui {

namespace {

constexpr float kDetailsPadding = 16; // design units
constexpr float kHeadHeight = 52;
constexpr std::chrono::milliseconds kClocksApart{20}; // two clocks are at work: not a moment too early

void unformatted(std::string_view text) {
    ImGui::TextUnformatted(text.data(), text.data() + text.size());
}

std::string title_without_owner(const snapshot::Row& row) {
    return row.unit || row.container ? ownerless_title(row) : "Owner unknown";
}

void draw_head(Frame& frame, const snapshot::Row& row, const Rect& panel) {
    const Theme& theme = frame.look.theme;
    const float pad = frame.px(kDetailsPadding);
    const float middle = panel.y0 + frame.px(kHeadHeight) / 2;
    const float baseline = baseline_at(frame, middle);
    float right = panel.x1 - pad;
    if (draw_button(frame, "close", right, middle, "Close", Tone::quiet, theme.panel)) {
        frame.state.details_open = false;
    }
    right -= button_width(frame, "Close") + frame.px(8);
    if (draw_button(frame, "copy all", right, middle, "Copy all", Tone::quiet, theme.panel)) {
        frame.emit(Copy{copy_of(frame.state.details.of(frame.model, row))});
    }
    const float limit = right - button_width(frame, "Copy all") - pad;
    float x = panel.x0 + pad;
    x += draw_text(*frame.look.mono, theme.text, x, baseline, row.port_text, limit - x).width + frame.px(8);
    const std::string_view protocol = row.key.protocol == platform::Protocol::tcp ? "TCP" : "UDP";
    x += draw_text(*frame.look.small, theme.faint, x, baseline, protocol, limit - x).width + frame.px(12);
    const snapshot::Process* process = snapshot::topmost_process(*frame.model.snapshot, row);
    draw_text_with_tip(frame, *frame.look.strong, theme.text, {x, baseline},
                       process != nullptr ? process->name : title_without_owner(row), limit - x);
}

// Under the pointer it offers to be copied; the button's room is always kept, so that nothing moves.
void draw_fact(Frame& frame, const Fact& fact, int index) {
    const Theme& theme = frame.look.theme;
    ImGui::PushID(index);
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float room = ImGui::GetContentRegionAvail().x;
    const float height = frame.px(20);
    ImGui::Dummy({room, height});
    draw_text(*frame.look.small, theme.faint, at.x, baseline_at(frame, at.y + height / 2), fact.label, room);
    const ImVec2 below = ImGui::GetCursorScreenPos();
    imgui::push_font(fact.mono ? *frame.look.mono : *frame.look.text);
    ImGui::PushTextWrapPos(0);
    unformatted(fact.text);
    ImGui::PopTextWrapPos();
    ImGui::PopFont();
    ImGui::Dummy({room, frame.px(6)});
    const ImVec2 after = ImGui::GetCursorScreenPos();
    if (ImGui::IsWindowHovered(ImGuiHoveredFlags_AllowWhenBlockedByActiveItem) &&
        ImGui::IsMouseHoveringRect(at, {at.x + room, std::max(after.y, below.y)})) {
        if (draw_button(frame, "copy", at.x + room, at.y + height / 2, "Copy", Tone::quiet, theme.panel)) {
            frame.emit(Copy{fact.text});
        }
        ImGui::SetCursorScreenPos(after);
    }
    ImGui::PopID();
}

} // namespace

void note_details(Frame& frame) {
    const snapshot::Row* const row = frame.state.details_open ? row_spoken_of(frame) : nullptr;
    const auto shown = row != nullptr ? std::optional(row->key) : std::nullopt;
    if (shown != frame.state.details_of) {
        frame.state.details_of = shown;
        frame.emit(ShowDetails{shown});
    }
}

void draw_details(Frame& frame) {
    const snapshot::Row* row = row_spoken_of(frame);
    const Rect& panel = frame.layout.details;
    if (!frame.state.details_open || panel.width() <= 0) {
        return;
    }
    const Theme& theme = frame.look.theme;
    draw_panel(frame, panel, theme.panel);
    if (row == nullptr) {
        draw_text(*frame.look.text, theme.muted, panel.x0 + frame.px(kDetailsPadding),
                  baseline_at(frame, panel.y0 + frame.px(kHeadHeight) / 2), "No row is selected.", panel.width());
        return;
    }
    ImGui::PushID("details");
    draw_head(frame, *row, panel);
    const float pad = frame.px(kDetailsPadding);
    const float top = panel.y0 + frame.px(kHeadHeight);
    ImGui::SetCursorScreenPos({panel.x0 + pad, top});
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {0, frame.px(2)});
    ImGui::BeginChild("facts", {panel.width() - 2 * pad + frame.px(10), std::max(panel.y1 - top - frame.px(8), 1.0F)},
                      false, ImGuiWindowFlags_NoBackground | ImGuiWindowFlags_NoNav);
    int index = 0;
    for (const Fact& fact : frame.state.details.of(frame.model, *row)) {
        draw_fact(frame, fact, index++);
    }
    if (frame.model.snapshot->booted_at) { // ages are told
        frame.wake_at(
            frame.now() +
            std::chrono::duration_cast<std::chrono::milliseconds>(frame.state.details.until() - frame.model.clock) +
            kClocksApart);
    }
    ImGui::EndChild();
    ImGui::PopStyleVar();
    ImGui::PopID();
}

} // namespace portside::ui
