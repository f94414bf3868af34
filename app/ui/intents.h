// SPDX-License-Identifier: MIT
// What the person asked for in a frame. Session carries it out after the frame. Plain values.
#pragma once

#include "app/ui/model.h"
#include "app/ui/preferences.h"

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace portside::ui {

struct SetQuery {
    std::string text;
};
struct SetSort {
    snapshot::SortOrder order;
};
// A row's button, its Delete key or an entry of its menu. Carries what was drawn: the identity and the sockets of the
// last frame.
struct Act {
    snapshot::RowKey row;
    RowAction action = RowAction::none;
    snapshot::ProcessId process; // of the topmost owner; {0, 0} for reveal_owner
    std::vector<std::uint64_t> inodes;
};
struct AnswerQuestion {
    std::optional<RowAction> choice; // one of its answers; nothing: Cancel
};
struct AnswerQuit {
    bool yes = false;
};
struct SetView {
    snapshot::View view = snapshot::View::all;
};
// The port's favourite and name are these from now on.
struct SetPortNote {
    snapshot::PortId port;
    snapshot::PortNote note;
};
struct Rescan {};
struct Hide {}; // Esc with an empty filter, or the window's close button: what Model::leaving says
enum class HideAnswer : std::uint8_t { stay, hide, quit };
struct AnswerHide {
    HideAnswer answer = HideAnswer::stay;
};
struct Quit {}; // Ctrl Q, or the tray's menu
struct Copy {
    std::string text;
};
// The details of this row are open from now on; nothing: of none.
struct ShowDetails {
    std::optional<snapshot::RowKey> row;
};
// The connections of this row are shown from now on; nothing: of none.
struct ShowConnections {
    std::optional<snapshot::RowKey> row;
};
struct DismissNotice {
    std::uint64_t id = 0;
};
struct LayoutChanged {}; // UiState::columns differs from what was saved
// From the settings card. Not `settled`: a slider is still held; it is shown, and kept only once it is let go.
struct SetPreferences {
    Preferences preferences;
    bool settled = true;
};

using Intent =
    std::variant<SetQuery, SetSort, Act, AnswerQuestion, AnswerQuit, AnswerHide, Rescan, Hide, Quit, Copy, ShowDetails,
                 ShowConnections, DismissNotice, LayoutChanged, SetPreferences, SetView, SetPortNote>;
using Intents = std::vector<Intent>;

} // namespace portside::ui
