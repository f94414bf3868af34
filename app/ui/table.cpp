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
    const float top = static_cast<float>(*wanted) * row;
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

void draw_rows(Frame& frame, const std::vector<PlacedColumn>& columns) {
    const Rect& list = frame.layout.list;
    const float height = frame.layout.row_height;
    ImGuiListClipper clipper;
    clipper.Begin(line_count(frame), height);
    while (clipper.Step()) {
        for (int line = clipper.DisplayStart; line < clipper.DisplayEnd; ++line) {
            const ImVec2 at = ImGui::GetCursorScreenPos();
            // The clipper also keeps the row that was clicked last, wherever it is.
            if (at.y + height > list.y0 && at.y < list.y1) {
                const int place = static_cast<int>(std::lround((at.y - list.y0) / height)) + 1;
                const RowSpot spot{
                    .area = {list.x0, at.y, list.x1, at.y + height}, .line = line, .place = std::max(place, 0)};
                const auto index = frame.model.arrangement.rows[static_cast<std::size_t>(line)];
                draw_row(frame, columns, index, spot);
                if (const auto& owners = frame.model.snapshot->rows[index].owners; !owners.empty()) {
                    frame.state.visible_now.push_back(owners.front().id.pid);
                }
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
    note_list_place(state, {.top = list.y0, .width = list.width(), .scroll = ImGui::GetScrollY()});
    draw_rows(frame, columns);
    ImGui::EndChild();
    ImGui::PopStyleVar();
}

} // namespace portside::ui
