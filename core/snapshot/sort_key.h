// SPDX-License-Identifier: MIT
// What a row is sorted by, in each of the orders. Pure; any thread.
#pragma once

#include "core/snapshot/arrangement.h"

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace portside::snapshot {

struct SortKey {
    std::uint32_t row = 0;
    bool last = false; // rows without an answer stay at the end in either direction
    std::uint64_t number = 0;
    std::uint64_t head = 0; // the text's first eight bytes in lower case: mostly they decide
    std::string_view text;  // compared without regard to case; a view into the snapshot
    platform::Address address;
};

[[nodiscard]] SortKey sort_key_of(const Snapshot& snapshot, std::uint32_t row, SortColumn column);
[[nodiscard]] bool comes_before(const SortKey& a, const SortKey& b, bool descending);
// The place of each key in this order, of which equal ones share one. Returns how many places there are.
std::uint32_t rank(std::span<const SortKey> keys, bool descending, std::vector<std::uint32_t>& places);

} // namespace portside::snapshot
