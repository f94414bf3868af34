// SPDX-License-Identifier: MIT
// Which columns are shown, in which order and how wide. Pure.
#include "app/ui/columns.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace portside::ui {

namespace {

struct Facts {
    const char* name;
    const char* title;
    float width; // font heights
    float least;
};

constexpr std::array<Facts, kColumnCount> kFacts{{{"port", "PORT", 5.2F, 3.6F},
                                                  {"protocol", "PROTO", 4.2F, 3.4F},
                                                  {"process", "PROCESS", 22, 8},
                                                  {"address", "ADDRESS", 13, 6},
                                                  {"pid", "PID", 5.5F, 4},
                                                  {"user", "USER", 6, 3},
                                                  {"since", "SINCE", 5, 4},
                                                  {"action", "", 11, 6}}};
constexpr float kWidest = 100;

const Facts& facts_of(Column column) {
    return kFacts.at(static_cast<std::size_t>(column));
}

float width_in_list(const ColumnState& state) {
    const Facts& facts = facts_of(state.column);
    return state.width > 0 ? std::clamp(state.width, facts.least, kWidest) : facts.width;
}

ColumnState* find(ColumnLayout& layout, Column column) {
    const auto at = std::ranges::find(layout, column, &ColumnState::column);
    return at == layout.end() ? nullptr : &*at;
}

// Who takes what is left over: what has the longest texts.
Column stretching(const ColumnLayout& layout) {
    for (const Column candidate : {Column::process, Column::address}) {
        const auto at = std::ranges::find(layout, candidate, &ColumnState::column);
        if (at != layout.end() && at->visible) {
            return candidate;
        }
    }
    return Column::action;
}

// Where room is short these give way, in this order.
constexpr std::array<Column, 7> kYielding{Column::action, Column::process, Column::address, Column::user,
                                          Column::since,  Column::pid,     Column::protocol};

void shrink(std::array<float, kColumnCount>& widths, float missing) {
    for (const Column column : kYielding) {
        float& width = widths.at(static_cast<std::size_t>(column));
        const float give = std::clamp(width - facts_of(column).least, 0.0F, missing);
        width -= give;
        missing -= give;
    }
}

} // namespace

ColumnLayout default_columns() {
    ColumnLayout layout;
    for (std::size_t i = 0; i < kColumnCount; ++i) {
        layout.at(i).column = static_cast<Column>(i);
    }
    return layout;
}

const char* name_of(Column column) {
    return facts_of(column).name;
}

const char* title_of(Column column) {
    return facts_of(column).title;
}

bool can_hide(Column column) {
    return column != Column::port && column != Column::action;
}

bool can_move(Column column) {
    return column != Column::action;
}

std::optional<snapshot::SortColumn> sort_of(Column column) {
    using snapshot::SortColumn;
    switch (column) {
    case Column::port:
        return SortColumn::port;
    case Column::protocol:
        return SortColumn::protocol;
    case Column::process:
        return SortColumn::process;
    case Column::address:
        return SortColumn::address;
    case Column::pid:
        return SortColumn::pid;
    case Column::user:
        return SortColumn::user;
    case Column::since:
        return SortColumn::since;
    case Column::action:
        break;
    }
    return std::nullopt;
}

std::vector<PlacedColumn> place_columns(const ColumnLayout& layout, float width, float em) {
    std::array<float, kColumnCount> widths{};
    float sum = 0;
    for (const ColumnState& state : layout) {
        if (state.visible) {
            widths.at(static_cast<std::size_t>(state.column)) = width_in_list(state);
            sum += width_in_list(state);
        }
    }
    const Column stretch = stretching(layout);
    const float spare = width / em - sum;
    if (spare >= 0) {
        widths.at(static_cast<std::size_t>(stretch)) += spare;
    } else {
        shrink(widths, -spare);
    }
    std::vector<PlacedColumn> placed;
    float x = 0;
    for (const ColumnState& state : layout) {
        if (!state.visible) {
            continue;
        }
        const float next = x + widths.at(static_cast<std::size_t>(state.column)) * em;
        placed.push_back({.column = state.column,
                          .x0 = std::floor(x),
                          .x1 = std::floor(next),
                          .stretches = state.column == stretch});
        x = next;
    }
    return placed;
}

void mend(ColumnLayout& layout) {
    ColumnLayout whole = default_columns();
    std::array<bool, kColumnCount> seen{};
    std::size_t count = 0;
    const auto take = [&](const ColumnState& state) {
        const auto index = static_cast<std::size_t>(state.column);
        if (index < kColumnCount && !seen.at(index) && count < kColumnCount) {
            seen.at(index) = true;
            whole.at(count++) = state;
        }
    };
    for (const ColumnState& state : layout) {
        if (can_move(state.column)) {
            take(state);
        }
    }
    for (const ColumnState& state : default_columns()) {
        if (can_move(state.column)) {
            take(state);
        }
    }
    const ColumnState* action = find(layout, Column::action);
    take(action != nullptr ? *action : ColumnState{.column = Column::action});
    for (ColumnState& state : whole) {
        state.visible = state.visible || !can_hide(state.column);
        state.width = std::isfinite(state.width) ? std::clamp(state.width, 0.0F, kWidest) : 0;
    }
    layout = whole;
}

void move_column(ColumnLayout& layout, Column moved, Column target) {
    if (moved == target || !can_move(moved) || !can_move(target)) {
        return;
    }
    const auto from = std::ranges::find(layout, moved, &ColumnState::column);
    const auto to = std::ranges::find(layout, target, &ColumnState::column);
    if (from < to) {
        std::rotate(from, from + 1, to + 1);
    } else {
        std::rotate(to, from, from + 1);
    }
}

void drag_edge(ColumnLayout& layout, const std::vector<PlacedColumn>& placed, std::size_t index, float pixels,
               float em) {
    if (index + 1 >= placed.size()) {
        return;
    }
    // The stretching column takes up the change, so that the edge follows the pointer: left of it the column itself
    // changes, at its right and beyond the next one does.
    const auto stretch = std::ranges::find(placed, true, &PlacedColumn::stretches) - placed.begin();
    const bool left_of_stretch = static_cast<std::ptrdiff_t>(index) < stretch;
    const PlacedColumn& resized = placed[left_of_stretch ? index : index + 1];
    const float width = (resized.x1 - resized.x0 + (left_of_stretch ? pixels : -pixels)) / em;
    if (ColumnState* state = find(layout, resized.column)) {
        state->width = std::clamp(width, facts_of(resized.column).least, kWidest);
    }
}

} // namespace portside::ui
