// SPDX-License-Identifier: MIT
// Which rows, in which order. Pure; any thread.
#include "core/snapshot/arrangement.h"

#include "core/snapshot/sort_key.h"

#include <algorithm>

namespace portside::snapshot {

Arrangement arrange(const Snapshot& snapshot, const Query& query, SortOrder order) {
    Arrangement arrangement;
    arrangement.rows.reserve(snapshot.rows.size());
    for (std::uint32_t index = 0; index < snapshot.rows.size(); ++index) {
        if (query.matches(snapshot, snapshot.rows[index])) {
            arrangement.rows.push_back(index);
        }
    }
    arrangement.hidden = snapshot.rows.size() - arrangement.rows.size();
    if (order == SortOrder{}) {
        return arrangement; // a snapshot's own order
    }
    std::vector<SortKey> keys;
    keys.reserve(arrangement.rows.size());
    for (const auto index : arrangement.rows) {
        keys.push_back(sort_key_of(snapshot, index, order.column));
    }
    // Stable: equal rows stay by port, protocol and key, whatever the direction.
    std::stable_sort(keys.begin(), keys.end(),
                     [&](const SortKey& a, const SortKey& b) { return comes_before(a, b, order.descending); });
    std::transform(keys.begin(), keys.end(), arrangement.rows.begin(), [](const SortKey& key) { return key.row; });
    return arrangement;
}

} // namespace portside::snapshot
