// SPDX-License-Identifier: MIT
// Which columns are shown, in which order and how wide. Pure.
// Not ImGui's own tables: their order and widths can be neither set nor read through its public interface, and a row's
// question spans columns.
#pragma once

#include "app/ui/ui_state.h"
#include "core/snapshot/arrangement.h"

#include <optional>
#include <vector>

namespace portside::ui {

// Design units between a cell's text and the next cell.
inline constexpr float kCellGap = 10;

struct PlacedColumn {
    Column column = Column::port;
    float x0 = 0; // pixels from the list's left edge
    float x1 = 0;
    bool stretches = false;
};

// From left to right; together they are as wide as the list.
[[nodiscard]] std::vector<PlacedColumn> place_columns(const ColumnLayout& layout, float width, float em);

[[nodiscard]] bool can_hide(Column column); // not the port and not the buttons
[[nodiscard]] bool can_move(Column column); // not the buttons: they stay at the right
[[nodiscard]] const char* title_of(Column column);
[[nodiscard]] std::optional<snapshot::SortColumn> sort_of(Column column);

// Makes a layout that came from a file whole: each column once, what cannot be hidden visible, the buttons last.
void mend(ColumnLayout& layout);
// Moves `moved` to where `target` stands.
void move_column(ColumnLayout& layout, Column moved, Column target);
// The right edge of the `index`-th placed column was dragged by this much.
void drag_edge(ColumnLayout& layout, const std::vector<PlacedColumn>& placed, std::size_t index, float pixels,
               float em);

} // namespace portside::ui
