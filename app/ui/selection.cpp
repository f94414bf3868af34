// SPDX-License-Identifier: MIT
// Which row is selected, and who has the keyboard. UI thread.
#include "app/ui/parts.h"

#include <algorithm>

namespace portside::ui {

namespace {

const snapshot::Row* row_at(const Frame& frame, int line) {
    if (!frame.model.snapshot || line < 0 || line >= line_count(frame)) {
        return nullptr;
    }
    return &frame.model.snapshot->rows[frame.model.arrangement.rows[static_cast<std::size_t>(line)]];
}

int find_line(const Frame& frame, const snapshot::RowKey& key) {
    for (int line = 0; line < line_count(frame); ++line) {
        if (row_at(frame, line)->key == key) {
            return line;
        }
    }
    return -1;
}

} // namespace

int line_count(const Frame& frame) {
    return frame.model.snapshot ? static_cast<int>(frame.model.arrangement.rows.size()) : 0;
}

void keep_selection(Frame& frame) {
    UiState& state = frame.state;
    if (!state.selected) {
        state.selected_line = -1;
        return;
    }
    if (const snapshot::Row* row = row_at(frame, state.selected_line); row != nullptr && row->key == *state.selected) {
        return;
    }
    if (const int line = find_line(frame, *state.selected); line >= 0) {
        state.selected_line = line;
        return;
    }
    // Its neighbour at the same place. What Delete means there starts its 300 ms anew (arming.h).
    const int last = line_count(frame) - 1;
    const int line = std::clamp(state.selected_line, 0, std::max(last, 0));
    if (const snapshot::Row* row = row_at(frame, line)) {
        state.selected = row->key;
        state.selected_line = line;
    } else {
        state.selected.reset();
        state.selected_line = -1;
    }
}

void select_line(Frame& frame, int line) {
    if (const snapshot::Row* row = row_at(frame, line)) {
        frame.state.selected = row->key;
        frame.state.selected_line = line;
    }
}

const snapshot::Row* selected_row(const Frame& frame) {
    return frame.state.selected ? row_at(frame, frame.state.selected_line) : nullptr;
}

const RowView* selected_view(const Frame& frame) {
    if (selected_row(frame) == nullptr) {
        return nullptr;
    }
    const std::uint32_t index = frame.model.arrangement.rows[static_cast<std::size_t>(frame.state.selected_line)];
    return index < frame.model.views.size() ? &frame.model.views[index] : nullptr;
}

void focus_table(Frame& frame) {
    UiState& state = frame.state;
    if (state.focus != Focus::table) {
        state.focus = Focus::table;
        ++state.field.epoch; // the field that had the keyboard is not drawn again, so ImGui takes it away
        state.field.active = false;
    }
    if (!state.selected && line_count(frame) > 0) {
        select_line(frame, 0);
    }
}

void focus_filter(Frame& frame, UiState::Field::Cursor cursor) {
    frame.state.focus = Focus::filter;
    frame.state.field.cursor = cursor;
}

void clear_filter(Frame& frame) {
    UiState& state = frame.state;
    state.filter.clear();
    ++state.field.epoch; // ImGui holds a copy of the text; a new field reads ours
    state.field.active = false;
    state.field.cursor = UiState::Field::Cursor::to_end;
}

} // namespace portside::ui
