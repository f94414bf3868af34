// SPDX-License-Identifier: MIT
// A row by its port, once its owner is known.
#pragma once

#include "core/snapshot/snapshot.h"

#include <algorithm>
#include <cstdint>

namespace portside::snapshot::test {

// Null where there is none (yet).
inline const Row* owned_row(const SnapshotPtr& snapshot, std::uint16_t port) {
    if (!snapshot) {
        return nullptr;
    }
    const auto found = std::ranges::find_if(
        snapshot->rows, [&](const Row& row) { return row.key.port == port && !row.owners.empty(); });
    return found != snapshot->rows.end() ? &*found : nullptr;
}

} // namespace portside::snapshot::test
