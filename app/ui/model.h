// SPDX-License-Identifier: MIT
// What a frame is drawn from. ui reads it and never changes it. UI thread.
#pragma once

#include "app/ui/preferences.h"
#include "core/snapshot/arrangement.h"
#include "core/snapshot/process_details.h"
#include "core/snapshot/row_connections.h"
#include "core/snapshot/snapshot.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace portside::ui {

using SteadyTime = std::chrono::steady_clock::time_point;

// How a row stands with the kill that was asked for.
enum class KillPhase : std::uint8_t {
    none,
    checking,      // queued, nothing sent yet
    authorising,   // a password prompt may be open
    asked,         // asked to stop
    still_running, // has not ended: Force kill is offered
    ended,         // the row is about to vanish, or stays because somebody else holds the port
    refused,
};

struct RowStatus {
    KillPhase phase = KillPhase::none;
    std::string text; // "asked to stop", "ended after 0.2 s", "still running after 5 s", "refused: ..."
};

// What a row's button, an entry of its menu or an answer to its question means. The words follow from it.
enum class RowAction : std::uint8_t {
    none,                  // nothing can be done here, or something is under way
    kill,                  // SIGTERM, own process
    force_kill,            // SIGKILL, offered when still running
    kill_as_administrator, // by pkexec
    force_kill_as_administrator,
    kill_tree,           // SIGTERM to the topmost owner and all its descendants
    force_kill_tree,     // the same with SIGKILL
    kill_respawner_tree, // SIGTERM to the process that would start the owner again, and to all its descendants
    stop_unit,           // the row's systemd unit is asked to stop
    stop_container,      // the row's container is asked to stop
    reveal_owner,        // "Who holds it?..."
};

// One button of a question.
struct Answer {
    RowAction action = RowAction::none; // no two answers of a question have the same
    std::string label;                  // "Stop unit", "Kill anyway", "Force kill"
};

// A question that a row asks inline before it acts. Cancel is always among its answers.
struct Question {
    snapshot::RowKey row;
    std::string text;            // "End sshd (812) of root?"
    std::vector<Answer> answers; // the safest first: it is what Enter means
};

// How long a new row glows.
inline constexpr std::chrono::milliseconds kGlow{2000};

// Whose port it was until a moment ago, and how long that is shown.
inline constexpr std::chrono::milliseconds kChanged{6000};
struct Before {
    std::string owner; // "node (4711)"
    SteadyTime since;
};

// What session adds to a row of the snapshot. Nearly all rows have none: what they show follows from the snapshot
// alone.
struct RowMark {
    std::uint32_t row = 0;             // index into the snapshot's rows
    std::optional<RowAction> action{}; // where it differs from the row's default
    RowStatus status{};
    std::optional<SteadyTime> new_since{}; // of a row that appeared after the first snapshot
    std::optional<Before> before{};        // of a port that has another owner than before
};

// What the manager of a row's unit, or the engine of its container, told when its details were opened.
struct KeeperNews {
    snapshot::RowKey row;
    std::string description; // "A high performance web server"
    std::string state;       // "active"
    std::string restart;     // Restart=; empty where it has none
    std::string starters;    // "nginx.socket, backup.timer": what can start it
    std::string image;       // of the container
    std::string problem;     // why nothing was told
    bool operator==(const KeeperNews&) const = default;
};

struct Notice {
    // mixed: done, but the port is not free, or not quite.
    enum class Tone : std::uint8_t { good, mixed, bad, plain };
    std::uint64_t id = 0;
    Tone tone = Tone::plain;
    std::string text;
    SteadyTime shown_at;
};

// What leaving the window does: by how it could be brought back.
enum class Leaving : std::uint8_t {
    quits, // nobody could bring it back
    asks,  // somebody could who knows how: asked once
    hides,
};

struct Model {
    snapshot::SnapshotPtr snapshot; // null until the first scan has ended
    snapshot::Arrangement arrangement;
    std::string query_error; // why the text in the field cannot be parsed; empty when it can
    std::string scan_error;  // why the last scan failed; empty when it did not
    snapshot::SortOrder sort;
    snapshot::RowTagsPtr tags; // of the snapshot; null where that is
    snapshot::View view = snapshot::View::all;
    snapshot::ViewCounts view_counts{}; // what each would show without a filter
    snapshot::PortBookPtr book;         // favourites and names of ports; null: none
    std::vector<RowMark> marks;         // by row, at most one for each (row_view.h)
    uid_t current_uid = 0;              // our effective one: whom the default actions are for
    std::optional<Question> question;
    snapshot::DetailsPtr details;     // of the row whose details are open, or of one before it; null: not read yet
    std::optional<KeeperNews> keeper; // likewise
    snapshot::RowConnectionsPtr connections; // of the row whose connections are shown, or of one before it; or null
    std::vector<Notice> notices;             // oldest first, at most three
    std::string quit_question;               // what is still pending, or empty
    Leaving leaving = Leaving::quits;
    bool hide_question = false; // whether to hide or to quit is being asked
    bool revealing = false;     // a "Who holds it?" prompt may be open
    std::string home;           // $HOME, to write ~ in paths
    Preferences preferences;
    PreferenceLimits limits;
    bool frameless = false; // the window has no title bar: it is moved and closed by what is drawn in it
    SteadyTime now;
    snapshot::WallTime clock; // the same moment by the clock on the wall; ages are told by it
};

} // namespace portside::ui
