// SPDX-License-Identifier: MIT
// How the rows are grouped, and what keys do on the line of a group. UI thread.
#include "app/ui/arming.h"
#include "app/ui/paint.h"
#include "app/ui/parts.h"

namespace portside::ui {

namespace {

using base::Key;
using base::KeyPress;

constexpr const char* kMenu = "grouping";

// A question is never hidden in a folded group.
void show_question(Frame& frame) {
    UiState& state = frame.state;
    const auto& question = frame.model.question;
    const auto* const row = question && frame.model.snapshot ? frame.model.snapshot->find_row(question->row) : nullptr;
    if (row == nullptr) {
        return;
    }
    const auto group = state.lines.group_of(static_cast<std::uint32_t>(row - frame.model.snapshot->rows.data()));
    if (group && state.lines.is_folded(*group)) {
        state.lines.fold(*group, false);
        state.lines.update(frame.model, state.filter);
    }
}

void fold(Frame& frame, std::uint32_t group, bool folded, bool all) {
    if (all) {
        frame.state.lines.fold_all(folded);
    } else {
        frame.state.lines.fold(group, folded);
    }
    refresh_lines(frame);
    frame.state.scroll_to_line = frame.state.selected_line;
}

// Left in a row of a group: to the group's line; in a row's connections: to the row.
bool go_up(Frame& frame) {
    if (frame.state.selected_connection) {
        select_line(frame, frame.state.lines.connections().at - 1);
        frame.state.scroll_to_line = frame.state.selected_line;
        return true;
    }
    const snapshot::Row* const row = selected_row(frame);
    if (row == nullptr || (frame.model.question && frame.model.question->row == row->key)) {
        return false;
    }
    const Lines& lines = frame.state.lines;
    const auto group = lines.group_of(static_cast<std::uint32_t>(row - frame.model.snapshot->rows.data()));
    if (!group) {
        return false;
    }
    select_line(frame, lines.line_of_group(*group));
    frame.state.scroll_to_line = frame.state.selected_line;
    return true;
}

} // namespace

const char* title_of(Grouping grouping) {
    switch (grouping) {
    case Grouping::process:
        return "By process";
    case Grouping::project:
        return "By project";
    case Grouping::flat:
        break;
    }
    return "No groups";
}

void refresh_lines(Frame& frame) {
    UiState& state = frame.state;
    state.lines.update(frame.model, state.filter);
    show_question(frame);
    state.gone.update(frame.model, state.lines, state.filter);
    keep_selection(frame);
}

void group_by(Frame& frame, Grouping grouping) {
    if (frame.state.lines.grouping() != grouping) {
        frame.state.lines.set_grouping(grouping);
        frame.emit(LayoutChanged{});
        frame.wake_at(frame.now()); // the next frame has it
    }
}

void cycle_grouping(Frame& frame) {
    switch (frame.state.lines.grouping()) {
    case Grouping::flat:
        group_by(frame, Grouping::process);
        break;
    case Grouping::process:
        group_by(frame, Grouping::project);
        break;
    case Grouping::project:
        group_by(frame, Grouping::flat);
        break;
    }
    refresh_lines(frame);
    frame.state.scroll_to_line = frame.state.selected_line >= 0 ? frame.state.selected_line : 0;
}

bool handle_group_key(Frame& frame, const KeyPress& press) {
    if (press.key == Key::left && !press.control && go_up(frame)) {
        return true;
    }
    const auto group = selected_group(frame);
    if (!group || press.control) {
        return false;
    }
    const bool folded = frame.state.lines.is_folded(*group);
    switch (press.key) {
    case Key::left:
        if (!folded || press.shift) {
            fold(frame, *group, true, press.shift);
        }
        return true;
    case Key::right:
        if (folded || press.shift) {
            fold(frame, *group, false, press.shift);
        } else {
            select_line(frame, frame.state.selected_line + 1);
            frame.state.scroll_to_line = frame.state.selected_line;
        }
        return true;
    case Key::enter:
        if (!press.repeat) {
            fold(frame, *group, !folded, false);
        }
        return true;
    default:
        return false;
    }
}

void act_on_group(Frame& frame, std::uint32_t group) {
    const auto spoken = spoken_for(frame, group);
    if (!spoken || spoken->view.action == RowAction::none) {
        return;
    }
    const snapshot::Row& row = frame.model.snapshot->rows[spoken->row];
    if (is_settled(frame, kSelectionPlace, meaning_of(row, spoken->view.action))) {
        frame.emit(act_on(row, spoken->view.action));
    }
}

bool draw_grouping_choice(Frame& frame) {
    const Rect& header = frame.layout.header;
    const Theme& theme = frame.look.theme;
    const Grouping now = frame.state.lines.grouping();
    const std::string_view word = now == Grouping::flat      ? std::string_view("GROUP")
                                  : now == Grouping::process ? std::string_view("BY PROCESS")
                                                             : std::string_view("BY PROJECT");
    ImFont& font = *frame.look.small;
    const float width = std::ceil(width_of(font, word));
    const float room = frame.px(16);
    const Rect area{header.x1 - width - room, header.y0, header.x1, header.y1};
    ImGui::SetCursorScreenPos({area.x0, area.y0});
    const bool clicked = ImGui::InvisibleButton("group", {area.width(), area.height()});
    const bool lit = ImGui::IsItemHovered() || now != Grouping::flat;
    const std::uint32_t rgb = lit ? theme.text : theme.faint;
    draw_text(font, rgb, area.x0, baseline_at(frame, area.middle_y()), word, width + 1);
    draw_chevron(frame, {area.x1 - frame.px(5), area.middle_y() + frame.px(2)}, true, rgb);
    tip(frame, area, "How the rows are grouped (Ctrl G)");
    if (clicked) {
        ImGui::OpenPopup(kMenu);
    }
    const float pad = frame.px(10);
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {pad, pad});
    const bool open = ImGui::BeginPopup(kMenu, ImGuiWindowFlags_NoNav);
    ImGui::PopStyleVar();
    if (!open) {
        return false;
    }
    for (const Grouping one : {Grouping::flat, Grouping::process, Grouping::project}) {
        if (ImGui::MenuItem(title_of(one), nullptr, one == now)) {
            group_by(frame, one);
        }
    }
    if (frame.escape_closes_menu) {
        ImGui::CloseCurrentPopup();
    }
    ImGui::EndPopup();
    return true;
}

} // namespace portside::ui
