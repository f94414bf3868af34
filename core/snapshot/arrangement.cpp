// SPDX-License-Identifier: MIT
// Which rows, in which order. Pure; any thread.
#include "core/snapshot/arrangement.h"

#include <algorithm>
#include <compare>
#include <string_view>
#include <tuple>

namespace portside::snapshot {

namespace {

// What one row is sorted by; `last` keeps rows without an answer at the end in either direction.
struct SortKey {
    std::uint32_t row = 0;
    bool last = false;
    std::uint64_t number = 0;
    std::string_view text; // compared without regard to case
    platform::Address address;
};

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

int compare_ignoring_case(std::string_view a, std::string_view b) {
    const auto order =
        std::lexicographical_compare_three_way(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
            return static_cast<unsigned char>(lower(x)) <=> static_cast<unsigned char>(lower(y));
        });
    return order < 0 ? -1 : order > 0 ? 1 : 0;
}

SortKey key_of(const Snapshot& snapshot, std::uint32_t index, SortColumn column) {
    const Row& row = snapshot.rows[index];
    SortKey key;
    key.row = index;
    switch (column) {
    case SortColumn::port:
        key.number = row.key.port;
        break;
    case SortColumn::protocol:
        key.number = static_cast<std::uint64_t>(row.key.protocol);
        break;
    case SortColumn::process: {
        const Process* const process = topmost_process(snapshot, row);
        key.last = process == nullptr;
        key.text = process == nullptr ? std::string_view{} : std::string_view{process->name};
        break;
    }
    case SortColumn::address: // both families ("*") first, as in the row's own list
        key.number = row.addresses.empty() || !row.addresses.front().starts_with('*') ? 1 : 0;
        key.address = row.sockets.empty() ? platform::Address{} : row.sockets.front().local.address;
        break;
    case SortColumn::pid:
        key.last = row.owners.empty();
        key.number = key.last ? 0 : static_cast<std::uint64_t>(row.owners.front().id.pid);
        break;
    case SortColumn::user:
        key.last = row.user.empty();
        key.text = row.user;
        break;
    }
    return key;
}

bool comes_before(const SortKey& a, const SortKey& b, bool descending) {
    if (a.last != b.last) {
        return b.last;
    }
    const int text = compare_ignoring_case(a.text, b.text);
    const auto left = std::tie(a.number, a.address);
    const auto right = std::tie(b.number, b.address);
    const bool less = text < 0 || (text == 0 && left < right);
    const bool greater = text > 0 || (text == 0 && right < left);
    return descending ? greater : less;
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
    if (order == SortOrder{}) {
        return arrangement; // a snapshot's own order
    }
    std::vector<SortKey> keys;
    keys.reserve(arrangement.rows.size());
    for (const auto index : arrangement.rows) {
        keys.push_back(key_of(snapshot, index, order.column));
    }
    // Stable: equal rows stay by port, protocol and key, whatever the direction.
    std::stable_sort(keys.begin(), keys.end(),
                     [&](const SortKey& a, const SortKey& b) { return comes_before(a, b, order.descending); });
    std::transform(keys.begin(), keys.end(), arrangement.rows.begin(), [](const SortKey& key) { return key.row; });
    return arrangement;
}

} // namespace portside::snapshot
