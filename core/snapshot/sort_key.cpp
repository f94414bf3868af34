// SPDX-License-Identifier: MIT
// What a row is sorted by, in each of the orders. Pure; any thread.
#include "core/snapshot/sort_key.h"

#include "core/snapshot/grouping.h"

#include <algorithm>
#include <compare>
#include <functional>
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
    const auto rest_of = [](std::string_view text) { return text.substr(std::min(text.size(), sizeof a.head)); };
    return compare_ignoring_case(rest_of(a.text), rest_of(b.text));
}

bool same_key(const SortKey& a, const SortKey& b) {
    return a.last == b.last && a.number == b.number && a.head == b.head && a.text == b.text && a.address == b.address;
}

std::uint64_t hash_of(const SortKey& key) {
    const auto& bytes = key.address.bytes;
    const std::string_view address(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    const std::hash<std::string_view> hash;
    return mixed(mixed(hash(key.text), key.number), hash(address));
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

// Many processes run few programs for few users: only keys that differ are sorted.
std::uint32_t rank(std::span<const SortKey> keys, bool descending, std::vector<std::uint32_t>& places) {
    const auto groups = group(
        keys.size(), [&](std::uint32_t one) { return hash_of(keys[one]); },
        [&](std::uint32_t a, std::uint32_t b) { return same_key(keys[a], keys[b]); });
    auto sorted = groups.examples;
    const auto before = [&](std::uint32_t a, std::uint32_t b) { return comes_before(keys[a], keys[b], descending); };
    std::sort(sorted.begin(), sorted.end(), before);
    std::vector<std::uint32_t> of_groups(sorted.size());
    std::uint32_t place = 0;
    for (std::size_t i = 0; i < sorted.size(); ++i) {
        place += i > 0 && before(sorted[i - 1], sorted[i]) ? 1U : 0U;
        of_groups[groups.of[sorted[i]]] = place;
    }
    places.clear();
    for (const auto one : groups.of) {
        places.push_back(of_groups[one]);
    }
    return place + 1;
}

} // namespace portside::snapshot
