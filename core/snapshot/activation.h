// SPDX-License-Identifier: MIT
// Ports that a service manager holds for a service that it starts when somebody connects (systemd.socket(5)): nothing
// is to be killed there, a .socket unit is to be stopped. Pure; any thread.
#pragma once

#include "core/platform/manager_sockets.h"
#include "core/snapshot/snapshot.h"

#include <optional>

namespace portside::snapshot {

// The row's sockets, where managers alone hold them: by its owners or, where those may not be seen, by its candidates.
// Which unit it is, only the manager can tell; whether it is one at all, too. Nothing for other rows.
[[nodiscard]] std::optional<platform::ManagerSockets> manager_sockets_of(const Snapshot& snapshot, const Row& row);

// The unit to stop for such a row where its cgroup names one: a .socket. For any other row: its unit.
[[nodiscard]] std::optional<platform::Unit> unit_to_stop(const Snapshot& snapshot, const Row& row);

} // namespace portside::snapshot
