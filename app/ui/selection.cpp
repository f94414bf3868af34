// SPDX-License-Identifier: MIT
// Which row is selected, and who has the keyboard. UI thread.
#include "app/ui/parts.h"

#include "core/snapshot/origins.h"

#include <algorithm>

namespace portside::ui {

namespace {

const snapshot::Row* row_at(const Frame& frame, int line) {
    if (line < 0 || line >= line_count(frame)) {
        return nullptr;
    }
    const LineAt at = frame.state.lines.at(line);
    return at.kind == LineAt::Kind::row ? &frame.model.snapshot->rows[at.index] : nullptr;
}

int find_line(const Frame& frame, const snapshot::RowKey& key) {
    const auto& model = frame.model;
    const snapshot::Row* const row = model.snapshot ? model.snapshot->find_row(key) : nullptr;
    if (row == nullptr) {
        return -1;
    }
    const Lines& lines = frame.state.lines;
    const auto index = static_cast<std::uint32_t>(row - model.snapshot->rows.data());
    const int line = lines.line_of_row(index);
    const auto group = line < 0 ? lines.group_of(index) : std::nullopt;
    return group ? lines.line_of_group(*group) : line; // in a folded group
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
    return frame.state.lines.count();
}

std::optional<std::uint32_t> selected_group(const Frame& frame) {
    const UiState& state = frame.state;
    if (!state.selected_group || state.selected_line < 0 || state.selected_line >= line_count(frame)) {
        return std::nullopt;
    }
    const LineAt at = state.lines.at(state.selected_line);
    const bool same = at.kind == LineAt::Kind::group && state.lines.has_key(at.index, *state.selected_group);
    return same ? std::optional(at.index) : std::nullopt;
}

const snapshot::RowConnection* connection_at(const Frame& frame, std::uint32_t index) {
    const auto& told = frame.model.connections;
    const bool known = told && frame.state.lines.unfolded() == told->row && index < told->some.size();
    return known ? &told->some[index] : nullptr;
}

namespace {

platform::Connection ends_at(const Frame& frame, std::uint32_t index) {
    const auto* const one = connection_at(frame, index);
    return one != nullptr ? platform::Connection{one->local, one->remote} : platform::Connection{};
}

} // namespace

const snapshot::RowConnection* selected_connection(const Frame& frame) {
    const UiState& state = frame.state;
    if (!state.selected_connection || state.selected_line < 0 || state.selected_line >= line_count(frame)) {
        return nullptr;
    }
    const LineAt at = state.lines.at(state.selected_line);
    return at.kind == LineAt::Kind::connection ? connection_at(frame, at.index) : nullptr;
}

namespace {

// A connection; one beside it where it has ended, or its row.
void keep_connection(Frame& frame) {
    UiState& state = frame.state;
    const auto [first, count] = state.lines.connections();
    const int place = state.selected_line - first;
    const auto is = [&](int at) {
        return ends_at(frame, static_cast<std::uint32_t>(at)) == *state.selected_connection;
    };
    if (place >= 0 && place < count && is(place)) {
        return;
    }
    for (int at = 0; at < count; ++at) {
        if (is(at)) {
            state.selected_line = first + at;
            return;
        }
    }
    const auto unfolded = state.lines.unfolded();
    const int row = unfolded ? find_line(frame, *unfolded) : -1;
    const int beside = count > 0 ? first + std::clamp(place, 0, count - 1) : row;
    state.selected_connection.reset();
    select_line(frame, std::clamp(beside >= 0 ? beside : state.selected_line, 0, std::max(line_count(frame) - 1, 0)));
}

// The line of a group; the line at its place where it has none any more.
void keep_group(Frame& frame) {
    UiState& state = frame.state;
    if (selected_group(frame)) {
        return;
    }
    const auto group = state.lines.find_group(*state.selected_group);
    state.selected_group.reset();
    select_line(frame, group ? state.lines.line_of_group(*group)
                             : std::clamp(state.selected_line, 0, std::max(line_count(frame) - 1, 0)));
}

} // namespace

void keep_selection(Frame& frame) {
    UiState& state = frame.state;
    if (state.selected_group) {
        keep_group(frame);
        return;
    }
    if (state.selected_connection) {
        keep_connection(frame);
        return;
    }
    if (!state.selected) {
        state.selected_line = -1;
        return;
    }
    if (const snapshot::Row* row = row_at(frame, state.selected_line); row != nullptr && row->key == *state.selected) {
        return;
    }
    if (const int line = find_line(frame, *state.selected); line >= 0) {
        select_line(frame, line);
        return;
    }
    if (const int line = find_heir(frame); line >= 0) {
        select_line(frame, line);
        return;
    }
    // Its neighbour at the same place. What Delete means there starts its 300 ms anew (arming.h).
    const int last = line_count(frame) - 1;
    state.selected.reset();
    const int line = std::clamp(state.selected_line, 0, std::max(last, 0));
    state.selected_line = -1;
    select_line(frame, line);
}

void select_row(Frame& frame, const snapshot::Row& row) {
    frame.state.selected_group.reset();
    frame.state.selected_connection.reset();
    frame.state.selected = row.key;
}

void select_line(Frame& frame, int line) {
    UiState& state = frame.state;
    if (line < 0 || line >= line_count(frame)) {
        return;
    }
    state.selected_line = line;
    const LineAt at = state.lines.at(line);
    state.selected.reset();
    state.selected_group.reset();
    state.selected_connection.reset();
    switch (at.kind) {
    case LineAt::Kind::row:
        state.selected = frame.model.snapshot->rows[at.index].key;
        break;
    case LineAt::Kind::group:
        state.selected_group = state.lines.key_of(at.index);
        break;
    case LineAt::Kind::connection:
        state.selected_connection = ends_at(frame, at.index);
        break;
    }
}

const snapshot::Row* selected_row(const Frame& frame) {
    return frame.state.selected ? row_at(frame, frame.state.selected_line) : nullptr;
}

const snapshot::Row* row_spoken_of(const Frame& frame) {
    if (frame.state.selected_connection && frame.state.lines.unfolded() && frame.model.snapshot) {
        return frame.model.snapshot->find_row(*frame.state.lines.unfolded());
    }
    if (const auto group = selected_group(frame); group && frame.state.lines.grouping() == Grouping::process) {
        return &frame.model.snapshot->rows[frame.state.lines.group(*group).first];
    }
    return selected_row(frame);
}

std::optional<RowView> selected_view(const Frame& frame) {
    if (selected_row(frame) == nullptr) {
        return std::nullopt;
    }
    return view_of(frame.model, frame.state.lines.at(frame.state.selected_line).index);
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
    if (state.selected_line < 0 && line_count(frame) > 0) {
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
