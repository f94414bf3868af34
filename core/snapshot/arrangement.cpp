// SPDX-License-Identifier: MIT
// Which rows, in which order. Pure; any thread.
#include "core/snapshot/arrangement.h"

#include "core/snapshot/sort_key.h"

#include <algorithm>

namespace portside::snapshot {

namespace {

// Puts the rows, which stand in the snapshot's own order, into this one.
void put_in_order(const Snapshot& snapshot, SortOrder order, Arrangement& arrangement) {
    if (order == SortOrder{}) {
        return;
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
}

} // namespace

Arrangement arrange(const Snapshot& snapshot, const Query& query, SortOrder order) {
    Arrangement arrangement;
    arrangement.rows.reserve(snapshot.rows.size());
    for (std::uint32_t index = 0; index < snapshot.rows.size(); ++index) {
        if (query.matches(snapshot, snapshot.rows[index])) {
            arrangement.rows.push_back(index);
        }
    }
    arrangement.hidden = snapshot.rows.size() - arrangement.rows.size();
    put_in_order(snapshot, order, arrangement);
    return arrangement;
}

Arrangement arrange(const Snapshot& snapshot, const RowTags& tags, const Scope& scope, const Query& query,
                    SortOrder order) {
    Arrangement arrangement;
    for (std::uint32_t index = 0; index < snapshot.rows.size(); ++index) {
        const bool found = query.matches(snapshot, snapshot.rows[index], &tags);
        const bool in_view = is_in(scope.view, tags.bits[index]);
        const bool left_out = is_left_out(scope, tags.bits[index], index);
        arrangement.system += left_out ? 1 : 0;
        arrangement.system_found += left_out && in_view && found ? 1 : 0;
        arrangement.system_outside += left_out && !in_view && found ? 1 : 0;
        arrangement.outside += found && !in_view && !left_out ? 1 : 0;
        if (in_view && !left_out && found) {
            arrangement.rows.push_back(index);
        } else if (in_view && !left_out) {
            ++arrangement.hidden;
        }
    }
    put_in_order(snapshot, order, arrangement);
    return arrangement;
}

} // namespace portside::snapshot
