// SPDX-License-Identifier: MIT
// What `portside kill` would do, and why: for --dry-run. Main thread.
#pragma once

#include "core/commands/kill_order.h"
#include "core/jobs/supervisor_requests.h"
#include "core/snapshot/snapshot.h"

#include <string>

namespace portside::cli {

// Of a kill that nothing refuses: what would be sent to whom, then its reasons, each on a line of its own behind two
// blanks. `told`: what its unit's manager says of it, or null. No line break at the end.
[[nodiscard]] std::string dry_run_text(const snapshot::Snapshot& snapshot, const commands::KillOrder& order,
                                       const jobs::LookedUp* told);

// "web.service has Restart=always: systemd will start it again. To free the port: portside kill --stop-unit 3000";
// empty where the manager told of nothing that would bring the process back.
[[nodiscard]] std::string unit_hint(const commands::KillOrder& order, const jobs::LookedUp* told);

// "nodemon (400) starts it again when a file changes. To end both: portside kill --tree pid:400"; empty where nobody is
// known that would, and where it is in the tree that is ended.
[[nodiscard]] std::string respawner_hint(const snapshot::Snapshot& snapshot, const commands::KillOrder& order);

} // namespace portside::cli
