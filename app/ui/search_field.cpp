// SPDX-License-Identifier: MIT
// The search field, how many rows it shows, and the line below it. UI thread.
#include "app/ui/age_text.h"
#include "app/ui/paint.h"
#include "app/ui/parts.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <string_view>

namespace portside::ui {

namespace {

using Cursor = UiState::Field::Cursor;

constexpr std::string_view kHiddenOwners =
    "Some owners belong to other users and are not visible to you. \"Who holds it?\" "
    "in such a row asks as administrator, once for all rows.";
constexpr std::string_view kHiddenOwnersShort = "Some owners are other users' and not visible to you.";
constexpr float kRoomForOwners = 14; // font heights
constexpr float kIconX = 28;         // design units from the field's left edge
constexpr float kTextX = 52;
constexpr const char* kPlaceholder = "Port, process, project\xE2\x80\xA6";
constexpr const char* kHint = "3000-3999 a range, -word excludes, F1 tells the rest";

// ImGui's editor grows our string, and takes the cursor to where it was asked to be.
int on_edit(ImGuiInputTextCallbackData* data) {
    auto& state = *static_cast<UiState*>(data->UserData);
    if (data->EventFlag == ImGuiInputTextFlags_CallbackResize) {
        state.filter.resize(static_cast<std::size_t>(data->BufTextLen));
        data->Buf = state.filter.data();
    } else if (data->EventFlag == ImGuiInputTextFlags_CallbackAlways && state.field.cursor != Cursor::keep) {
        data->CursorPos = data->BufTextLen;
        data->SelectionStart = state.field.cursor == Cursor::select_all ? 0 : data->BufTextLen;
        data->SelectionEnd = data->BufTextLen;
        state.field.cursor = Cursor::keep;
    }
    return 0;
}

// Draws the count and the key's name; returns where they begin.
float draw_right_side(const Frame& frame, const Rect& field) {
    float right = field.x1 - frame.px(10);
    right -= draw_key(frame, right, field.middle_y(), "Ctrl K") + frame.px(12);
    if (!frame.model.snapshot) {
        return right;
    }
    const auto& arrangement = frame.model.arrangement;
    const std::size_t shown = arrangement.rows.size();
    std::array<char, 80> room{}; // more than three numbers and the words
    const auto written = arrangement.hidden == 0
                             ? fmt::format_to_n(room.data(), room.size(), "{} shown", shown)
                             : fmt::format_to_n(room.data(), room.size(), "{} of {}, {} hidden", shown,
                                                shown + arrangement.hidden, arrangement.hidden);
    const std::string_view count(room.data(), std::min(written.size, room.size()));
    ImFont& font = *frame.look.small;
    const float width = width_of(font, count);
    const std::uint32_t rgb = arrangement.hidden == 0 ? frame.look.theme.faint : frame.look.theme.accent;
    draw_text(font, rgb, right - width, baseline_at(frame, field.middle_y()) - frame.px(1), count, width + 1);
    return right - width - frame.px(12);
}

void request_focus(Frame& frame) {
    UiState& state = frame.state;
    if (state.focus_filter_next_frame) {
        state.focus_filter_next_frame = false;
        state.focus = Focus::filter;
    }
    const bool wanted = state.focus == Focus::filter && !state.card_open && !state.columns_menu_open && !state.menu;
    if (wanted && !state.field.active) {
        if (state.field.cursor == Cursor::keep) {
            state.field.cursor = Cursor::to_end; // ImGui would select everything
        }
        if (!ImGui::IsAnyItemActive() && !ImGui::IsMouseDown(ImGuiMouseButton_Left)) {
            state.field.requested = true;
            ImGui::SetWindowFocus(); // 1.90.1 looks for the item only where the keyboard already is
            ImGui::SetKeyboardFocusHere();
        }
        frame.wake_at(frame.now()); // it has the keyboard one frame later
    }
}

void draw_editor(Frame& frame, const Rect& area) {
    UiState& state = frame.state;
    ImFont& font = *frame.look.search;
    const float size = imgui::size_of(font);
    imgui::push_font(font);
    ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, {0, frame.px(6)});
    ImGui::PushStyleColor(ImGuiCol_FrameBg, color(frame.look.theme.panel, 0));
    ImGui::SetCursorScreenPos({area.x0, std::floor(area.middle_y() - size / 2 - frame.px(6))});
    ImGui::SetNextItemWidth(area.width());
    request_focus(frame);
    if (ImGui::IsMouseClicked(ImGuiMouseButton_Left)) {
        state.field.cursor = Cursor::keep; // the click says where
        if (state.field.requested && !state.field.active) {
            ++state.field.epoch; // to take the keyboard in the frame of a click would swallow the click
        }
    }
    ImGui::PushID(state.field.epoch);
    ImGui::InputText("##filter", state.filter.data(), state.filter.capacity() + 1,
                     ImGuiInputTextFlags_CallbackResize | ImGuiInputTextFlags_CallbackAlways, on_edit, &state);
    ImGui::PopID();
    state.field.active = ImGui::IsItemActive();
    state.field.requested = state.field.requested && !state.field.active;
    if (ImGui::IsItemActivated()) {
        state.focus = Focus::filter;
    }
    ImGui::PopStyleColor();
    ImGui::PopStyleVar();
    ImGui::PopFont();
}

// The list goes on showing what was read last.
std::string stale_text(const Model& model) {
    return fmt::format("Not up to date: {} What is shown is of {}. F5 tries again.", model.scan_error,
                       clock_text(model.snapshot->taken_at, model.clock));
}

bool hides_owners(const Frame& frame) {
    return !frame.state.owners_told && frame.model.snapshot &&
           std::ranges::find(frame.model.snapshot->notes, "owners_not_permitted", &snapshot::Note::code) !=
               frame.model.snapshot->notes.end();
}

// From the right: where a text of this width begins in this room.
ImVec2 right_aligned(const Frame& frame, const Rect& room, std::string_view text) {
    const float width = std::ceil(width_of(*frame.look.small, text));
    return {std::max(room.x1 - width, room.x0), baseline_at(frame, room.middle_y()) - frame.px(1)};
}

// Said until it was read.
void draw_hidden_owners(Frame& frame, const Rect& strip) {
    const Theme& theme = frame.look.theme;
    const char* const label = "Got it";
    const Rect room{strip.x0, strip.y0, strip.x1 - button_width(frame, label) - frame.px(12), strip.y1};
    const ImVec2 at = right_aligned(frame, room, kHiddenOwnersShort);
    const float width = draw_text(*frame.look.small, theme.muted, at.x, at.y, kHiddenOwnersShort, room.x1 - at.x).width;
    tip(frame, {at.x, room.y0, at.x + width, room.y1}, kHiddenOwners);
    if (draw_button(frame, "owners told", strip.x1, strip.middle_y(), label, Tone::quiet, theme.background)) {
        frame.state.owners_told = true;
        frame.emit(LayoutChanged{}); // so that it is remembered
    }
}

} // namespace

void draw_search_field(Frame& frame) {
    UiState& state = frame.state;
    const Theme& theme = frame.look.theme;
    const Rect& field = frame.layout.field;
    draw_panel(frame, field, theme.panel);
    const bool focused = state.focus == Focus::filter && !state.card_open;
    if (focused) {
        imgui::add_rect(*ImGui::GetWindowDrawList(), {field.x0, field.y0}, {field.x1, field.y1}, ink(theme.accent),
                        frame.px(10), 1.5F * frame.look.scale);
    }
    draw_magnifier(frame, {field.x0 + frame.px(kIconX), field.middle_y()}, focused ? theme.text : theme.muted);
    const float right = draw_right_side(frame, field);
    const Rect area{field.x0 + frame.px(kTextX), field.y0, std::max(right, field.x0 + frame.px(kTextX) + frame.em),
                    field.y1};
    draw_editor(frame, area);
    if (state.filter.empty()) {
        ImFont& font = *frame.look.search;
        const float baseline = std::floor(area.middle_y() - imgui::size_of(font) / 2) + imgui::ascent_of(font);
        draw_text(font, theme.faint, area.x0 + frame.px(2), baseline, kPlaceholder, area.width());
    }
    // The whole field takes the click, also its icon and its edge.
    ImGui::SetCursorScreenPos({field.x0, field.y0});
    if (ImGui::InvisibleButton("field", {field.width(), field.height()})) {
        focus_filter(frame, Cursor::to_end);
    }
    if (ImGui::IsItemHovered()) {
        ImGui::SetMouseCursor(ImGuiMouseCursor_TextInput);
    }
}

void draw_strip(Frame& frame, const Rect& room) {
    const Theme& theme = frame.look.theme;
    ImFont& font = *frame.look.small;
    const auto say = [&](std::uint32_t rgb, std::string_view text) {
        const ImVec2 at = right_aligned(frame, room, text);
        draw_text_with_tip(frame, font, rgb, at, text, room.x1 - at.x);
    };
    if (!frame.model.query_error.empty()) {
        say(theme.red, frame.model.query_error);
    } else if (!frame.model.scan_error.empty() && frame.model.snapshot) {
        say(theme.red, stale_text(frame.model));
    } else if (frame.state.filter.empty() && hides_owners(frame) && room.width() > kRoomForOwners * frame.em) {
        draw_hidden_owners(frame, room);
    } else if (frame.state.filter.empty() && width_of(font, kHint) < room.width()) {
        say(theme.faint, kHint);
    }
}

} // namespace portside::ui
