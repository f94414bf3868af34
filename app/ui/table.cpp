// SPDX-License-Identifier: MIT
// The list: header, and only those rows that are on the screen. UI thread.
#include "app/ui/arming.h"
#include "app/ui/parts.h"

#include <cmath>

namespace portside::ui {

namespace {

constexpr float kScrollbarRoom = 12; // design units right of the buttons; the tint of a row reaches as far to the left

void scroll_into_view(Frame& frame) {
    auto& wanted = frame.state.scroll_to_line;
    if (!wanted) {
        return;
    }
    const float row = frame.layout.row_height;
    const float top = static_cast<float>(frame.state.gone.drawn_at(*wanted)) * row;
    const float view = ImGui::GetWindowHeight();
    if (top < ImGui::GetScrollY()) {
        ImGui::SetScrollY(top);
        frame.wake_at(frame.now());
    } else if (top + row > ImGui::GetScrollY() + view) {
        ImGui::SetScrollY(top + row - view);
        frame.wake_at(frame.now());
    }
    wanted.reset();
}

// Rows that came or went above the first row on the screen do not move it: the list is scrolled along. At its top it
// stays at its top. Returns by how much; ImGui takes it over in the next frame only, so this one is drawn higher by it.
float follow_rows(Frame& frame) {
    const auto shift = static_cast<float>(frame.state.gone.shift()) * frame.layout.row_height;
    if (shift == 0 || ImGui::GetScrollY() <= 0 || ImGui::GetScrollY() + shift < 0) {
        return 0;
    }
    ImGui::SetScrollY(ImGui::GetScrollY() + shift);
    ImGui::SetCursorPosY(ImGui::GetCursorPosY() - shift);
    frame.wake_at(frame.now());
    return shift;
}

void draw_line(Frame& frame, const std::vector<PlacedColumn>& columns, int drawn, const Rect& area) {
    UiState& state = frame.state;
    const GoneRows::Line line = state.gone.at(drawn);
    if (line.gone != nullptr) {
        draw_gone_row(frame, columns, *line.gone, area);
        state.gone.note_drawn(line.gone->in, line.gone->row, drawn);
        return;
    }
    const int place = static_cast<int>(std::lround((area.y0 - frame.layout.list.y0) / area.height())) + 1;
    const LineAt at = state.lines.at(line.line);
    const RowSpot spot{.area = area, .line = line.line, .place = std::max(place, 0)};
    if (at.kind == LineAt::Kind::connection) {
        draw_connection_line(frame, columns, at.index, spot);
        return;
    }
    std::uint32_t index = at.index;
    if (at.kind == LineAt::Kind::group) {
        index = state.lines.group(at.index).first;
        draw_group_line(frame, columns, at.index, spot);
        state.gone.note_group_drawn(frame.model.snapshot, index, drawn);
    } else {
        draw_row(frame, columns, index, spot);
        state.gone.note_drawn(frame.model.snapshot, index, drawn);
    }
    if (const auto& owners = frame.model.snapshot->rows[index].owners; !owners.empty()) {
        state.visible_now.push_back(owners.front().id.pid);
    }
}

void draw_rows(Frame& frame, const std::vector<PlacedColumn>& columns) {
    const Rect& list = frame.layout.list;
    const float height = frame.layout.row_height;
    ImGuiListClipper clipper;
    clipper.Begin(line_count(frame) + frame.state.gone.count(), height);
    while (clipper.Step()) {
        for (int drawn = clipper.DisplayStart; drawn < clipper.DisplayEnd; ++drawn) {
            const ImVec2 at = ImGui::GetCursorScreenPos();
            // The clipper also keeps the row that was clicked last, wherever it is.
            if (at.y + height > list.y0 && at.y < list.y1) {
                draw_line(frame, columns, drawn, {list.x0, at.y, list.x1, at.y + height});
            }
            ImGui::SetCursorScreenPos(at);
            ImGui::Dummy({1, height});
        }
    }
}

} // namespace

void draw_table(Frame& frame) {
    UiState& state = frame.state;
    if (!state.columns_applied) {
        mend(state.columns);
        state.columns_applied = true;
    }
    const Rect& list = frame.layout.list;
    const std::vector<PlacedColumn> columns = place_columns(state.columns, list.width(), frame.em);
    draw_header(frame, columns);
    state.page_lines = std::max(static_cast<int>(list.height() / frame.layout.row_height), 1);
    if (draw_empty(frame)) {
        return;
    }
    const float room = frame.px(kScrollbarRoom);
    ImGui::SetCursorScreenPos({list.x0 - room, list.y0});
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {0, 0});
    ImGui::BeginChild("rows", {list.width() + 2 * room, list.height()}, false,
                      ImGuiWindowFlags_NoBackground | ImGuiWindowFlags_NoNav);
    scroll_into_view(frame);
    const float moved = follow_rows(frame);
    state.list.scroll += moved; // what is on the screen has not moved
    note_list_place(state, {.top = list.y0, .width = list.width(), .scroll = ImGui::GetScrollY() + moved});
    draw_rows(frame, columns);
    ImGui::EndChild();
    ImGui::PopStyleVar();
}

} // namespace portside::ui
