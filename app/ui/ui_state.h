// SPDX-License-Identifier: MIT
// What ui itself remembers between frames. Nobody else writes it, but for `columns` at start. UI thread.
#pragma once

#include "app/ui/model.h"

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <unordered_map>

namespace portside::ui {

enum class Column : std::uint8_t { port, protocol, process, address, pid, user, action };
inline constexpr std::size_t kColumnCount = 7;

// One column as the person arranged it; kept in a file by session.
struct ColumnState {
    Column column = Column::port;
    bool visible = true;
    float width = 0; // in font heights; 0: the built-in width
    bool operator==(const ColumnState&) const = default;
};
using ColumnLayout = std::array<ColumnState, kColumnCount>; // in the order in which they are shown

[[nodiscard]] ColumnLayout default_columns();
[[nodiscard]] const char* name_of(Column column); // stable, for the file: "port", "protocol" ...

enum class Focus : std::uint8_t { filter, table };

struct UiState {
    std::string filter;
    Focus focus = Focus::filter;
    std::optional<snapshot::RowKey> selected;
    bool details_open = false;
    bool help_open = false;
    ColumnLayout columns = default_columns();

    // A button reacts only if its row and meaning were the same for 300 ms: what stood in each place, and since when.
    struct Armed {
        snapshot::RowKey row;
        RowAction action = RowAction::none;
        bool question = false;     // the question's buttons, not the row's own
        std::uint64_t sockets = 0; // fingerprint of the row's inodes: a kill takes what was drawn
        SteadyTime since;
        bool operator==(const Armed&) const = default;
    };
    // By the place on the screen (line of the list as drawn, from 0); negative places are named in arming.h. Only what
    // was drawn in the last frame is in here.
    std::unordered_map<int, Armed> armed;
    bool columns_applied = false; // whether `columns` was put in order once
    bool focus_filter_next_frame = true;

    // The text field: what ImGui cannot be told from outside is done by giving the field a new ID.
    struct Field {
        enum class Cursor : std::uint8_t { keep, to_end, select_all };
        int epoch = 0;
        bool active = false;            // it had the keyboard at the end of the last frame
        bool requested = false;         // ImGui was asked to give it the keyboard
        Cursor cursor = Cursor::to_end; // what to do to the cursor when it has it next
    } field;

    // The list's place in the window; when it moves, every button in it is new.
    struct ListPlace {
        float top = 0;
        float width = 0;
        float scroll = 0;
        bool operator==(const ListPlace&) const = default;
    } list;
    int selected_line = -1;            // where the selected row stood in the arrangement
    std::optional<int> scroll_to_line; // bring this line into view
    int page_lines = 1;                // whole lines that fit into the view

    // Rows by protocol, counted once a snapshot.
    struct Counts {
        snapshot::SnapshotPtr of;
        std::size_t tcp = 0;
        std::size_t udp = 0;
    } counts;

    // What the pointer rests on, for a text that was cut.
    struct Tip {
        std::uint64_t over = 0;
        SteadyTime since;
    } tip;
    std::optional<Column> dragged; // the header being moved
    bool layout_dirty = false;     // columns changed while a button is held
    bool columns_menu_open = false;
    bool card_open = false;                  // help or the question before quitting was drawn in the last frame
    std::optional<SteadyTime> quit_asked_at; // when the question before quitting was drawn first
};

} // namespace portside::ui
