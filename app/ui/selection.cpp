// SPDX-License-Identifier: MIT
// Which row is selected, and who has the keyboard. UI thread.
#include "app/ui/parts.h"

#include "core/snapshot/origins.h"

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
    const auto& model = frame.model;
    const snapshot::Row* const row = model.snapshot ? model.snapshot->find_row(key) : nullptr;
    if (row == nullptr) {
        return -1;
    }
    const auto index = static_cast<std::uint32_t>(row - model.snapshot->rows.data());
    const auto found = std::ranges::find(model.arrangement.rows, index);
    return found != model.arrangement.rows.end() ? static_cast<int>(found - model.arrangement.rows.begin()) : -1;
}

// The selected row under another key: its sockets are the same, only its owner became known. Not where a person was
// about to end somebody: what was meant for one holder never goes over to another.
int find_heir(const Frame& frame) {
    const auto& [in, row, quiet] = frame.state.seen;
    if (!quiet || !in || !frame.model.snapshot || in->rows[row].key != *frame.state.selected ||
        frame.model.snapshot->find_row(*frame.state.selected) != nullptr) {
        return -1;
    }
    const snapshot::Row* const heir = snapshot::heir_of(in->rows[row], *frame.model.snapshot);
    return heir != nullptr ? find_line(frame, heir->key) : -1;
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
    if (const int line = find_heir(frame); line >= 0) {
        select_line(frame, line);
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

std::optional<RowView> selected_view(const Frame& frame) {
    if (selected_row(frame) == nullptr) {
        return std::nullopt;
    }
    return view_of(frame.model, frame.model.arrangement.rows[static_cast<std::size_t>(frame.state.selected_line)]);
}

void note_selection(Frame& frame) {
    UiState::Seen& seen = frame.state.seen;
    const snapshot::Row* const row = selected_row(frame);
    if (row == nullptr || row->key != *frame.state.selected) {
        seen = {};
        return;
    }
    seen.in = frame.model.snapshot;
    seen.row = static_cast<std::uint32_t>(row - seen.in->rows.data());
    const auto phase = view_of(frame.model, seen.row).status.phase;
    const bool asked = frame.model.question && frame.model.question->row == row->key;
    const bool acted = std::ranges::any_of(frame.result.intents, [&](const Intent& intent) {
        const auto* const act = std::get_if<Act>(&intent);
        return act != nullptr && act->row == row->key;
    });
    const bool idle = !asked && !acted && (phase == KillPhase::none || phase == KillPhase::refused);
    seen.quiet = row->owners.empty() || idle; // without an owner there is nobody to end
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
