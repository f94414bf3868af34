// SPDX-License-Identifier: MIT
// The connections of the unfolded row, as quiet lines below it: who is at the other end, from where, and in which
// state. UI thread.
#include "app/ui/paint.h"
#include "app/ui/parts.h"

#include <array>
#include <fmt/format.h>

namespace portside::ui {

namespace {

// Design units.
constexpr float kConnectionInset = 16; // below the row's own texts
constexpr float kDotRoom = 20;
constexpr float kStateEdge = 12;
constexpr float kReadableConnection = 3; // font heights

// "Nobody is connected", "and 1,204 more" and the like.
std::string_view word_of(const Frame& frame, std::array<char, 96>& written) {
    const auto& told = frame.model.connections;
    if (!told || told->row != frame.state.lines.unfolded()) {
        return "Looking for connections";
    }
    if (!told->problem.empty()) {
        return told->problem;
    }
    if (told->some.empty()) {
        return "No connections";
    }
    const std::size_t more = told->count - told->some.size();
    const auto end =
        more < 1000 ? fmt::format_to_n(written.data(), written.size(), "and {} more", more)
                    : fmt::format_to_n(written.data(), written.size(), "and {},{:03} more", more / 1000, more % 1000);
    return {written.data(), static_cast<std::size_t>(end.out - written.data())};
}

void draw_peer(Frame& frame, const snapshot::RowConnection& one, const Rect& cell, float baseline) {
    const Theme& theme = frame.look.theme;
    const float x = cell.x0 + frame.px(kConnectionInset);
    const std::string_view who = !one.peer_name.empty() ? std::string_view(one.peer_name)
                                 : one.is_local         ? std::string_view("a process of this machine")
                                                        : std::string_view("from another machine");
    draw_text_with_tip(frame, *frame.look.text, one.peer_name.empty() ? theme.faint : theme.muted, {x, baseline}, who,
                       cell.x1 - x);
}

void draw_pid(const Frame& frame, const snapshot::RowConnection& one, const Rect& cell, float baseline) {
    if (one.peer.pid != 0) {
        const fmt::format_int pid(one.peer.pid);
        draw_text(*frame.look.mono, frame.look.theme.faint, cell.x0, baseline, {pid.data(), pid.size()}, cell.width());
    }
}

// The state stands at the end of the line, where rows have their button.
float draw_state(const Frame& frame, const snapshot::RowConnection& one, const Rect& area, float baseline) {
    const std::string_view state = platform::to_string(one.state);
    const float width = std::ceil(width_of(*frame.look.small, state));
    const float x = area.x1 - frame.px(kStateEdge) - width;
    draw_text(*frame.look.small, frame.look.theme.faint, x, baseline - frame.px(1), state, width + 1);
    return x;
}

void draw_cells(Frame& frame, const std::vector<PlacedColumn>& columns, const snapshot::RowConnection& one,
                const Rect& area) {
    const float baseline = baseline_at(frame, area.middle_y());
    const float end = draw_state(frame, one, area, baseline);
    for (const PlacedColumn& column : columns) {
        const Rect cell{area.x0 + column.x0, area.y0, std::min(area.x0 + column.x1, end) - frame.px(kCellGap), area.y1};
        if (cell.width() < kReadableConnection * frame.em) {
            continue;
        }
        if (column.column == Column::process) {
            draw_peer(frame, one, cell, baseline);
        } else if (column.column == Column::address) {
            const float x = cell.x0 + frame.px(kDotRoom);
            draw_text_with_tip(frame, *frame.look.mono, frame.look.theme.muted, {x, baseline}, one.remote_text,
                               cell.x1 - x);
        } else if (column.column == Column::pid) {
            draw_pid(frame, one, cell, baseline);
        }
    }
}

// Under the name of the row, wherever that stands.
float word_place(const Frame& frame, const std::vector<PlacedColumn>& columns, const Rect& area) {
    for (const PlacedColumn& column : columns) {
        if (column.column == Column::process) {
            return area.x0 + column.x0 + frame.px(kConnectionInset);
        }
    }
    return area.x0 + frame.px(kConnectionInset);
}

void handle_pointer(Frame& frame, const RowSpot& spot) {
    ImGui::SetCursorScreenPos({spot.area.x0, spot.area.y0});
    ImGui::InvisibleButton("connection", {spot.area.width(), spot.area.height()});
    if (ImGui::IsItemActivated()) {
        focus_table(frame);
        select_line(frame, spot.line);
    }
}

} // namespace

void draw_connection_line(Frame& frame, const std::vector<PlacedColumn>& columns, std::uint32_t index,
                          const RowSpot& spot) {
    UiState& state = frame.state;
    const Theme& theme = frame.look.theme;
    const Rect& area = spot.area;
    const bool selected = state.selected_connection.has_value() && state.selected_line == spot.line;
    const bool hovered = ImGui::IsWindowHovered() && ImGui::IsMouseHoveringRect({area.x0, area.y0}, {area.x1, area.y1});
    const std::uint32_t surface = selected  ? selection_surface(theme)
                                  : hovered ? hover_surface(theme)
                                            : theme.background;
    const auto [first, count] = state.lines.connections();
    const bool last = spot.line + 1 == first + count;
    draw_quiet_ground(frame, area, surface, selected && state.focus == Focus::table, last);
    ImGui::PushID(static_cast<int>(index)); // nothing is done here that could reach another
    handle_pointer(frame, spot);
    ImGui::PopID();
    if (const auto* const one = connection_at(frame, index)) {
        draw_cells(frame, columns, *one, area);
        return;
    }
    std::array<char, 96> written{};
    const float x = word_place(frame, columns, area);
    draw_text_with_tip(frame, *frame.look.text, theme.faint, {x, baseline_at(frame, area.middle_y())},
                       word_of(frame, written), area.x1 - x - frame.px(kStateEdge));
}

void unfold_row(Frame& frame, const std::optional<snapshot::RowKey>& row) {
    frame.state.lines.unfold(row);
    frame.wake_at(frame.now()); // the next frame has it
}

void toggle_connections(Frame& frame) {
    const snapshot::Row* const row = row_spoken_of(frame);
    if (row == nullptr || frame.state.selected_group) {
        return;
    }
    const bool open = frame.state.lines.unfolded() == row->key;
    select_row(frame, *row); // not one of its connections
    frame.state.lines.unfold(open ? std::nullopt : std::optional(row->key));
    refresh_lines(frame);
    frame.state.scroll_to_line = frame.state.selected_line;
}

// Nothing is read of a row that the list does not show.
void note_connections(Frame& frame) {
    const Lines& lines = frame.state.lines;
    const auto shown = lines.connections().count > 0 ? lines.unfolded() : std::nullopt;
    if (shown != frame.state.connections_of) {
        frame.state.connections_of = shown;
        frame.emit(ShowConnections{shown});
    }
}

} // namespace portside::ui
