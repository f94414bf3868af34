// SPDX-License-Identifier: MIT
// The parts of the window, each in a file of its own. All draw into the frame between Begin and End of the one window,
// but for notices and cards, which are windows above it. UI thread.
#pragma once

#include "app/ui/columns.h"
#include "app/ui/frame.h"
#include "app/ui/row_view.h"
#include "core/base/key_press.h"

#include <optional>
#include <span>
#include <vector>

namespace portside::ui {

// keyboard.cpp: key presses, before anything is drawn.
void handle_keys(Frame& frame, std::span<const base::KeyPress> keys);
// sight_keys.cpp: those that choose what is seen, wherever the focus is; false: another one.
bool handle_sight(Frame& frame, const base::KeyPress& press);
// typing.cpp: characters that the text field does not take itself.
void take_characters(Frame& frame);

// selection.cpp
void keep_selection(Frame& frame); // finds the selected row again; its neighbour where it has vanished
void select_line(Frame& frame, int line);
void select_row(Frame& frame, const snapshot::Row& row);
[[nodiscard]] const snapshot::Row* selected_row(const Frame& frame);           // null on the line of a group
[[nodiscard]] std::optional<std::uint32_t> selected_group(const Frame& frame); // on such a line
[[nodiscard]] const snapshot::Row* row_spoken_of(const Frame& frame);          // also one of a selected process's rows
[[nodiscard]] std::optional<RowView> selected_view(const Frame& frame);
void note_selection(Frame& frame); // at the end of the frame: what the selected row was in it
[[nodiscard]] int line_count(const Frame& frame);
void focus_table(Frame& frame);
void focus_filter(Frame& frame, UiState::Field::Cursor cursor);
void clear_filter(Frame& frame);

void draw_search_field(Frame& frame);            // search_field.cpp
void draw_strip(Frame& frame, const Rect& room); // search_field.cpp
Rect draw_views(Frame& frame);                   // the views as chips; returns what room is left. views.cpp
void choose_view(Frame& frame, snapshot::View view);
void focus_views(Frame& frame);
bool handle_views_key(Frame& frame, const base::KeyPress& press);    // while they have the keyboard
bool handle_question_key(Frame& frame, const base::KeyPress& press); // of the selected row, while it asks
void handle_table_key(Frame& frame, const base::KeyPress& press);
void draw_header(Frame& frame, const std::vector<PlacedColumn>& columns); // header.cpp
void draw_columns_menu(Frame& frame);                                     // columns_menu.cpp
// grouping.cpp: what the lines of groups do, and the choice of how rows are grouped.
void refresh_lines(Frame& frame); // before anything is drawn
void group_by(Frame& frame, Grouping grouping);
void cycle_grouping(Frame& frame);
[[nodiscard]] const char* title_of(Grouping grouping);
bool handle_group_key(Frame& frame, const base::KeyPress& press); // on the line of a group, or to get to it
void act_on_group(Frame& frame, std::uint32_t group);             // what its button says
bool draw_grouping_choice(Frame& frame);                          // at the end of the header; true: its menu is open
void draw_row_menu(Frame& frame);                                 // row_menu.cpp
void open_row_menu(Frame& frame, const snapshot::Row& row);       // below the row's own button; row_menu.cpp
void open_row_menu_at_pointer(Frame& frame, const snapshot::Row& row);
void draw_table(Frame& frame); // table.cpp
bool draw_empty(Frame& frame); // empty.cpp; false: there are rows to draw
bool show_rest(Frame& frame);  // without rows: what its button does, as Enter; false: there is nothing to do
void show_system_ports(Frame& frame, bool show);
void draw_details(Frame& frame);    // details.cpp
void note_details(Frame& frame);    // at the end of the frame: whose details are open; details.cpp
void draw_status_bar(Frame& frame); // status_bar.cpp
void draw_notices(Frame& frame);    // notices.cpp
void draw_help(Frame& frame);       // help.cpp
void open_naming(Frame& frame, const snapshot::Row& row); // naming.cpp
void draw_naming(Frame& frame);
void handle_naming_key(Frame& frame, const base::KeyPress& press); // while it is open
void toggle_favourite(Frame& frame, const snapshot::Row& row);     // port_notes.cpp
[[nodiscard]] bool is_favourite(const Frame& frame, std::uint32_t row);
// The star at the left of the port, where it is set or the row is under the hand; true when it was clicked.
bool draw_star(Frame& frame, std::uint32_t row, const Rect& port_cell, float port_width, bool hot);
void draw_quit_question(Frame& frame); // quit_card.cpp
void draw_hide_question(Frame& frame); // hide_card.cpp
void draw_tools(Frame& frame);         // tools.cpp
void draw_window_edge(const Frame& frame);
void note_grip(Frame& frame);     // whether the pointer was pressed where the window is moved by it
void draw_settings(Frame& frame); // settings_card.cpp
void open_settings(Frame& frame);
void handle_settings_key(Frame& frame, const base::KeyPress& press); // while it is open

// One row. `area` in pixels of the screen; `line` counts in the arrangement, `place` on the screen.
struct RowSpot {
    Rect area;
    int line = 0;
    int place = 0;
};
void draw_row(Frame& frame, const std::vector<PlacedColumn>& columns, std::uint32_t index,
              const RowSpot& spot); // row.cpp

// What a line stands on, with the hairline below it. row.cpp
void draw_ground(const Frame& frame, const Rect& area, std::uint32_t surface, bool ringed);
void draw_quiet_ground(const Frame& frame, const Rect& area, std::uint32_t surface, bool ringed, bool hairline);

// The line of a group, and what can be done there. group_line.cpp
void draw_group_line(Frame& frame, const std::vector<PlacedColumn>& columns, std::uint32_t group, const RowSpot& spot);
// The row that a process's line speaks for: its button means what the row's does. Nothing: no kill is exact there.
struct Spoken {
    std::uint32_t row = 0;
    RowView view;
};
[[nodiscard]] std::optional<Spoken> spoken_for(const Frame& frame, std::uint32_t group);

// connection_line.cpp: one of the unfolded row's connections, or a word where there are none or more.
void draw_connection_line(Frame& frame, const std::vector<PlacedColumn>& columns, std::uint32_t index,
                          const RowSpot& spot);
void toggle_connections(Frame& frame);                                     // of the row that is spoken of, by a key
void unfold_row(Frame& frame, const std::optional<snapshot::RowKey>& row); // from the next frame on
void note_connections(Frame& frame); // at the end of the frame: whose connections are shown
[[nodiscard]] const snapshot::RowConnection* connection_at(const Frame& frame, std::uint32_t index); // selection.cpp
[[nodiscard]] const snapshot::RowConnection* selected_connection(const Frame& frame);                // selection.cpp

// One that is gone. gone_row.cpp
void draw_gone_row(Frame& frame, const std::vector<PlacedColumn>& columns, const GoneRow& gone, const Rect& area);

// What a row's cells stand on.
struct RowGround {
    Rect area;
    int place = 0;
    bool hot = false; // under the pointer, or selected
    std::uint32_t surface = 0;
};
// The end of the row: its status and button, or the question that it asks. Returns where it begins. action_cell.cpp
float draw_action_cell(Frame& frame, const snapshot::Row& row, const RowView& view, const RowGround& ground);
// The same at the end of a group's line: neither ways nor questions. Nothing is pressed where not `offers`.
float draw_group_action(Frame& frame, const Spoken& spoken, const RowGround& ground, bool offers);
// process_cell.cpp
void draw_process_cell(Frame& frame, std::uint32_t index, const Rect& cell);

} // namespace portside::ui
