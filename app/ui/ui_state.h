// SPDX-License-Identifier: MIT
// What ui itself remembers between frames. Nobody else writes it, but for `columns` and the lines' grouping at start.
// UI thread.
#pragma once

#include "app/ui/armed_places.h"
#include "app/ui/details_text.h"
#include "app/ui/drawn_texts.h"
#include "app/ui/gone_rows.h"
#include "app/ui/lines.h"
#include "app/ui/model.h"

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace portside::ui {

enum class Column : std::uint8_t { port, protocol, process, address, pid, user, since, action };
inline constexpr std::size_t kColumnCount = 8;

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

enum class Focus : std::uint8_t { filter, views, table };

struct UiState {
    std::string filter;
    Focus focus = Focus::filter;
    // A row is selected, or the line of a group, or one of the unfolded row's connections (without ports: the line that
    // says that there is none, or that there are more), or nothing.
    std::optional<snapshot::RowKey> selected;
    std::optional<GroupKey> selected_group;
    std::optional<platform::Connection> selected_connection;
    std::optional<snapshot::RowKey> connections_of; // whose connections were shown at the end of the last frame
    bool details_open = false;
    bool help_open = false;
    bool settings_open = false;
    int setting = 0;                           // the row of the settings card that the keyboard is on
    bool setting_moved = false;                // bring it into view
    bool owners_told = false;                  // it was read that some owners may not be seen
    float views_scroll = 0;                    // of the views, where they are wider than the window
    std::optional<snapshot::View> view_wanted; // is to be brought into view
    ColumnLayout columns = default_columns();

    // By the place on the screen (line of the list as drawn, from 0); negative places are named in arming.h.
    ArmedPlaces armed;            // what was drawn in the last frame
    ArmedPlaces arming;           // what was drawn in this frame so far
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
    // Where the selected row stood in the last frame, to know it again when its owner becomes known.
    struct Seen {
        snapshot::SnapshotPtr in;
        std::uint32_t row = 0;
        bool quiet = false; // nothing was asked about it, and no kill was under way
    } seen;
    int selected_line = -1;            // where what is selected stood in the list
    std::optional<int> scroll_to_line; // bring this line into view
    int page_lines = 1;                // whole lines that fit into the view

    DrawnTexts texts;
    Lines lines;
    GoneRows gone;
    std::vector<pid_t> visible;       // the processes on the screen, as they were reported last: each once, in order
    std::vector<pid_t> visible_now{}; // gathered in this frame

    // What the status bar says of a snapshot, put together once.
    struct Facts {
        snapshot::SnapshotPtr of;
        std::string ports;     // "12 ports"
        std::string protocols; // "9 TCP  3 UDP"
        std::string source;    // "live, scanned in 0.5 ms by sock_diag"
        std::string notes;     // "1 note"
        std::size_t system_count = 0;
        std::string system; // "12 system ports hidden"
    } facts;

    // What the details say, put together when any of it changes.
    DetailsText details;
    std::optional<snapshot::RowKey> details_of; // whose details were open at the end of the last frame

    // Which answer of a question Enter means: by its place, and the number of answers is Cancel's.
    struct Answering {
        std::uint64_t question = 0; // fingerprint (arming.h)
        std::size_t chosen = 0;
    } answering;

    // The open menu of a row.
    struct RowMenu {
        snapshot::RowKey row;
        bool fresh = true;       // not opened in ImGui yet
        bool at_pointer = false; // opened where the pointer was; else it hangs below the row's own button
        bool seen = false;       // its row was drawn in this frame
        float x = 0;             // its left edge where it was opened by the pointer, else its right edge
        float top = 0;           // of the row
        float bottom = 0;
        std::optional<std::size_t> chosen; // the entry that Enter means
    };
    std::optional<RowMenu> menu;
    bool menu_shown = false; // it was drawn in the last frame

    // The card in which a port is named.
    struct Naming {
        snapshot::PortId port;
        std::string text;
        bool active = false; // the field has the keyboard
        bool ahead = false;  // something was typed before it had
    };
    std::optional<Naming> naming;

    // What the pointer rests on, for a text that was cut.
    struct Tip {
        std::uint64_t over = 0;
        SteadyTime since;
    } tip;
    std::optional<Column> dragged; // the header being moved
    bool layout_dirty = false;     // columns changed while a button is held
    bool columns_menu_open = false;
    bool card_open = false;                    // help or the question before quitting was drawn in the last frame
    std::optional<SteadyTime> quit_asked_at;   // when the question before quitting was drawn first
    std::optional<SteadyTime> hide_asked_at{}; // and the one before hiding
};

} // namespace portside::ui
