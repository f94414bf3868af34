// SPDX-License-Identifier: MIT
// Which row of an earlier snapshot a row comes from. A row's key changes when its owner becomes known; its sockets,
// told by inode and cookie, do not. Pure; any thread.
#pragma once

#include "core/snapshot/snapshot.h"

#include <cstdint>
#include <limits>
#include <vector>

namespace portside::snapshot {

inline constexpr std::uint32_t kNoOrigin = std::numeric_limits<std::uint32_t>::max();

// For each row of `now` the row of `before` with the same key, else one with the same protocol and port that held one
// of its sockets, else kNoOrigin: then the row is new.
[[nodiscard]] std::vector<std::uint32_t> origins_of(const Snapshot& now, const Snapshot& before);

// The one row with the same protocol and port that holds one of the sockets of `before`, a row of an earlier snapshot
// whose key is no longer there. Null where there is none, or more than one.
[[nodiscard]] const Row* heir_of(const Row& before, const Snapshot& now);

} // namespace portside::snapshot
