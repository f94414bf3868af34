// SPDX-License-Identifier: MIT
// The columns' names: a click sorts, a drag moves a column or its edge, the right button shows and hides. UI thread.
#include "app/ui/paint.h"
#include "app/ui/parts.h"

#include <cstring>

namespace portside::ui {

namespace {

constexpr float kEdgeWidth = 8; // design units, where an edge can be caught
constexpr float kMoveDistance = 6;

Rect cell_of(const Frame& frame, const PlacedColumn& column) {
    const Rect& header = frame.layout.header;
    return {header.x0 + column.x0, header.y0, header.x0 + column.x1, header.y1};
}

// The edges come first: where they lie over a name, they have the pointer.
void draw_edges(Frame& frame, const std::vector<PlacedColumn>& columns) {
    const Theme& theme = frame.look.theme;
    const float width = frame.px(kEdgeWidth);
    for (std::size_t i = 0; i + 1 < columns.size(); ++i) {
        const Rect cell = cell_of(frame, columns[i]);
        ImGui::PushID(static_cast<int>(columns[i].column));
        ImGui::SetCursorScreenPos({cell.x1 - width / 2, cell.y0});
        ImGui::InvisibleButton("edge", {width, cell.height()});
        if (ImGui::IsItemActive() || ImGui::IsItemHovered()) {
            ImGui::SetMouseCursor(ImGuiMouseCursor_ResizeEW);
            const float x = std::floor(cell.x1 - width / 2);
            ImGui::GetWindowDrawList()->AddLine({x, cell.y0 + frame.px(6)}, {x, cell.y1 - frame.px(6)},
                                                ink(ImGui::IsItemActive() ? theme.accent : theme.faint), frame.px(1));
        }
        const float moved = ImGui::GetIO().MouseDelta.x;
        if (ImGui::IsItemActive() && moved != 0) {
            drag_edge(frame.state.columns, columns, i, moved, frame.em);
            frame.state.layout_dirty = true;
        }
        ImGui::PopID();
    }
}

void draw_title(const Frame& frame, const PlacedColumn& column, const Rect& cell, bool hovered) {
    const Theme& theme = frame.look.theme;
    ImFont& font = *frame.look.small;
    const char* title = title_of(column.column);
    const float width = width_of(font, title);
    const float pad = frame.px(10);
    const bool to_the_right = column.column == Column::port;
    const float x = to_the_right ? std::max(cell.x0, cell.x1 - pad - width) : cell.x0;
    const bool sorted = sort_of(column.column) == frame.model.sort.column && *title != '\0';
    const bool strong = sorted || hovered || frame.state.dragged == column.column;
    draw_text(font, strong ? theme.text : theme.faint, x, baseline_at(frame, cell.middle_y()), title, cell.width());
    if (sorted) {
        const float arrow = to_the_right ? x - frame.px(8) : x + width + frame.px(9);
        draw_sort_arrow(frame, {arrow, cell.middle_y() + frame.px(1)}, frame.model.sort.descending, theme.text);
    }
}

// While a name is dragged, it changes places with the name that the pointer is on.
void drag_name(Frame& frame, const std::vector<PlacedColumn>& columns, Column dragged) {
    UiState& state = frame.state;
    if (!state.dragged && !ImGui::IsMouseDragging(ImGuiMouseButton_Left, frame.px(kMoveDistance))) {
        return;
    }
    state.dragged = dragged;
    const float x = ImGui::GetIO().MousePos.x - frame.layout.header.x0;
    float width = 0;
    for (const PlacedColumn& column : columns) {
        width = column.column == dragged ? column.x1 - column.x0 : width;
    }
    bool passed = false;
    for (const PlacedColumn& column : columns) {
        passed = passed || column.column == dragged;
        // Only as far in as the dragged column is wide: otherwise a narrow and a wide one would swap back and forth.
        const bool reached = passed ? x > column.x1 - width : x < column.x0 + width;
        if (column.column != dragged && x >= column.x0 && x < column.x1 && reached) {
            move_column(state.columns, dragged, column.column);
            state.layout_dirty = true;
            return;
        }
    }
}

void draw_name(Frame& frame, const std::vector<PlacedColumn>& columns, const PlacedColumn& column) {
    const Rect cell = cell_of(frame, column);
    const auto sort = sort_of(column.column);
    ImGui::PushID(static_cast<int>(column.column));
    ImGui::SetCursorScreenPos({cell.x0, cell.y0});
    const bool clicked = ImGui::InvisibleButton("name", {std::max(cell.width(), 1.0F), cell.height()});
    draw_title(frame, column, cell, sort && ImGui::IsItemHovered());
    if (clicked && sort && !frame.state.dragged) {
        const snapshot::SortOrder before = frame.model.sort;
        frame.emit(SetSort{{.column = *sort, .descending = before.column == *sort && !before.descending}});
    }
    if (ImGui::IsItemActive() && can_move(column.column)) {
        drag_name(frame, columns, column.column);
    }
    ImGui::PopID();
}

} // namespace

void draw_header(Frame& frame, const std::vector<PlacedColumn>& columns) {
    const Rect& header = frame.layout.header;
    const bool grouping_open = draw_grouping_choice(frame); // first: it has the pointer before the last name
    draw_edges(frame, columns);
    for (const PlacedColumn& column : columns) {
        draw_name(frame, columns, column);
    }
    ImGui::GetWindowDrawList()->AddLine({header.x0, header.y1 - frame.px(1)}, {header.x1, header.y1 - frame.px(1)},
                                        ink(frame.look.theme.line), frame.px(1));
    if (ImGui::IsWindowHovered() && ImGui::IsMouseHoveringRect({header.x0, header.y0}, {header.x1, header.y1}) &&
        ImGui::IsMouseReleased(ImGuiMouseButton_Right)) {
        ImGui::OpenPopup("columns");
    }
    draw_columns_menu(frame);
    frame.state.columns_menu_open = frame.state.columns_menu_open || grouping_open; // Escape closes it likewise
    if (!ImGui::IsMouseDown(ImGuiMouseButton_Left)) {
        frame.state.dragged.reset();
        if (frame.state.layout_dirty) {
            frame.state.layout_dirty = false;
            frame.emit(LayoutChanged{});
        }
    }
}

} // namespace portside::ui
