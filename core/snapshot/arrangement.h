// SPDX-License-Identifier: MIT
// Which rows, in which order. Pure; any thread.
#pragma once

#include "core/snapshot/query.h"
#include "core/snapshot/snapshot.h"
#include "core/snapshot/views.h"

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
    std::size_t outside = 0;         // rows that the query finds, but not in the view
    std::size_t system = 0;          // the system's rows that are left out, in every view
    std::size_t system_found = 0;    // those of them in the view that the query finds
    std::size_t system_outside = 0;  // and those that it finds outside
};

// Equal rows keep the order port, protocol, key, so that the list never jumps between equals.
[[nodiscard]] Arrangement arrange(const Snapshot& snapshot, const Query& query, SortOrder order);
// Of the rows in this scope; `tags` are the snapshot's.
[[nodiscard]] Arrangement arrange(const Snapshot& snapshot, const RowTags& tags, const Scope& scope, const Query& query,
                                  SortOrder order);

} // namespace portside::snapshot
