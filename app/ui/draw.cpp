// SPDX-License-Identifier: MIT
// One frame, from the keys to the last card. UI thread.
#include "app/ui/draw.h"

#include "app/ui/paint.h"
#include "app/ui/parts.h"

namespace portside::ui {

namespace {

void draw_window(Frame& frame) {
    const ImVec2 size = ImGui::GetIO().DisplaySize;
    ImGui::SetNextWindowPos({0, 0});
    ImGui::SetNextWindowSize(size);
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {0, 0});
    // NoNav: ImGui's own Tab would fight with ours. The window stays below notices and cards. What is behind it has its
    // colour already.
    ImGui::Begin("Portside", nullptr,
                 ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoBackground | ImGuiWindowFlags_NoMove |
                     ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoBringToFrontOnFocus |
                     ImGuiWindowFlags_NoNav | ImGuiWindowFlags_NoScrollWithMouse);
    ImGui::PopStyleVar();
    frame.layout =
        lay_out_window(size.x, size.y, frame.em, frame.look.scale, frame.state.details_open, frame.model.frameless);
    draw_search_field(frame);
    draw_tools(frame);
    draw_strip(frame, draw_views(frame));
    draw_table(frame);
    draw_details(frame);
    draw_status_bar(frame);
    draw_row_menu(frame);
    draw_window_edge(frame);
    note_grip(frame);
    ImGui::End();
}

// While a card is open the text field loses the keyboard; it gets it back afterwards.
void note_card(UiState& state, const Model& model) {
    const bool open =
        state.help_open || state.settings_open || state.naming || model.hide_question || !model.quit_question.empty();
    if (open && !state.card_open) {
        ++state.field.epoch;
        state.field.active = false;
    }
    state.card_open = open;
}

// Says which processes are on the screen where they are others than in the last frame.
void note_visible(Frame& frame) {
    UiState& state = frame.state;
    auto& now = state.visible_now;
    const snapshot::Row* selected = row_spoken_of(frame);
    if (state.details_open && selected != nullptr) {
        for (const auto& owner : selected->owners) {
            now.push_back(owner.id.pid);
        }
    }
    std::ranges::sort(now);
    now.erase(std::ranges::unique(now).begin(), now.end());
    if (now != state.visible) {
        state.visible = now;
        frame.result.visible = now;
    }
}

} // namespace

FrameResult draw(const Model& model, UiState& state, const Look& look, std::span<const base::KeyPress> keys) {
    Frame frame{.model = model, .state = state, .look = look, .layout = {}};
    state.arming.clear();
    state.visible_now.clear();
    frame.em = imgui::size_of(*look.text);
    const std::string filter_before = state.filter;
    ImGui::GetIO().ConfigInputTextCursorBlink = false; // a blink would need frames of its own
    imgui::push_font(*look.text);
    refresh_lines(frame);
    take_characters(frame);
    handle_keys(frame, keys);
    note_card(state, model);
    draw_window(frame);
    draw_notices(frame);
    draw_help(frame);
    draw_settings(frame);
    draw_naming(frame);
    draw_hide_question(frame);
    draw_quit_question(frame);
    ImGui::PopFont();
    std::swap(state.armed, state.arming);
    note_selection(frame);
    note_visible(frame);
    note_details(frame);
    note_connections(frame);
    if (!frame.tip_seen) {
        state.tip = {};
    }
    if (state.filter != filter_before) {
        frame.emit(SetQuery{state.filter});
    }
    return std::move(frame.result);
}

} // namespace portside::ui
