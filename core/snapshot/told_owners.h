// SPDX-License-Identifier: MIT
// What the privileged helper told in numbers, as owners of the sockets that we see. Pure; any thread.
#pragma once

#include "core/base/result.h"
#include "core/platform/kill_helper.h"
#include "core/snapshot/assemble.h"
#include "core/snapshot/snapshot.h"

#include <span>
#include <vector>

namespace portside::snapshot {

// Sockets that `snapshot` does not show are left out. Each is bound to its uid and address as they are seen now, so
// that another socket that gets its inode later has not its owner. An error where there is no snapshot yet.
[[nodiscard]] base::Result<std::vector<PrivilegedOwner>> told_owners(std::span<const platform::SocketOwner> owners,
                                                                     const SnapshotPtr& snapshot, WallTime seen_at);

} // namespace portside::snapshot
