// SPDX-License-Identifier: MIT
// Which rows, in which order. Pure; any thread.
#pragma once

#include "core/snapshot/query.h"
#include "core/snapshot/snapshot.h"

#include <cstdint>
#include <vector>

namespace portside::snapshot {

enum class SortColumn : std::uint8_t { port, protocol, process, address, pid, user, since };

struct SortOrder {
    SortColumn column = SortColumn::port;
    bool descending = false;
    bool operator==(const SortOrder&) const = default;
};

struct Arrangement {
    std::vector<std::uint32_t> rows; // indices into Snapshot::rows, in the order to draw
    std::size_t hidden = 0;          // rows that the query leaves out
};

// Equal rows keep the order port, protocol, key, so that the list never jumps between equals.
[[nodiscard]] Arrangement arrange(const Snapshot& snapshot, const Query& query, SortOrder order);

} // namespace portside::snapshot
