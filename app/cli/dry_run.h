// SPDX-License-Identifier: MIT
// What `portside kill` would do, and why: for --dry-run. Main thread.
#pragma once

#include "core/commands/kill_order.h"
#include "core/snapshot/snapshot.h"

#include <string>

namespace portside::cli {

// Of a kill that nothing refuses: what would be sent to whom, then its reasons, each on a line of its own behind two
// blanks. No line break at the end.
[[nodiscard]] std::string dry_run_text(const snapshot::Snapshot& snapshot, const commands::KillOrder& order);

// "nodemon (400) starts it again when a file changes. To end both: portside kill --tree pid:400"; empty where nobody is
// known that would, and where it is in the tree that is ended.
[[nodiscard]] std::string respawner_hint(const snapshot::Snapshot& snapshot, const commands::KillOrder& order);

} // namespace portside::cli
