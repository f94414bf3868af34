// SPDX-License-Identifier: MIT
// What a row is sorted by, in each of the orders. Pure; any thread.
#include "core/snapshot/sort_key.h"

#include <algorithm>
#include <compare>
#include <tuple>

namespace portside::snapshot {

namespace {

std::uint8_t lower(char c) {
    return static_cast<std::uint8_t>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

int compare_ignoring_case(std::string_view a, std::string_view b) {
    const auto order = std::lexicographical_compare_three_way(a.begin(), a.end(), b.begin(), b.end(),
                                                              [](char x, char y) { return lower(x) <=> lower(y); });
    return order < 0 ? -1 : order > 0 ? 1 : 0;
}

// As numbers these compare as the texts do, where they differ.
std::uint64_t head_of(std::string_view text) {
    std::uint64_t head = 0;
    for (std::size_t i = 0; i < sizeof head; ++i) {
        head = (head << 8U) | (i < text.size() ? lower(text[i]) : 0U);
    }
    return head;
}

int compare_texts(const SortKey& a, const SortKey& b) {
    if (a.head != b.head) {
        return a.head < b.head ? -1 : 1;
    }
    return compare_ignoring_case(a.text, b.text);
}

} // namespace

SortKey sort_key_of(const Snapshot& snapshot, std::uint32_t index, SortColumn column) {
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
    case SortColumn::since: {
        const auto since = since_of(snapshot, row);
        key.last = !since;
        key.number = since ? static_cast<std::uint64_t>(since->time_since_epoch().count()) : 0;
        break;
    }
    case SortColumn::user:
        key.last = row.user.empty();
        key.text = row.user;
        break;
    }
    key.head = head_of(key.text);
    return key;
}

bool comes_before(const SortKey& a, const SortKey& b, bool descending) {
    if (a.last != b.last) {
        return b.last;
    }
    const int text = compare_texts(a, b);
    const auto left = std::tie(a.number, a.address);
    const auto right = std::tie(b.number, b.address);
    const bool less = text < 0 || (text == 0 && left < right);
    const bool greater = text > 0 || (text == 0 && right < left);
    return descending ? greater : less;
}

} // namespace portside::snapshot
