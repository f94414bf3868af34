// SPDX-License-Identifier: MIT
// Numbers what is alike. Pure; any thread.
#pragma once

#include <bit>
#include <cstdint>
#include <vector>

namespace portside::snapshot {

struct Groups {
    std::vector<std::uint32_t> of;       // the group of each item
    std::vector<std::uint32_t> examples; // an item of each group: the first one
};

[[nodiscard]] inline std::uint64_t mixed(std::uint64_t hash, std::uint64_t word) {
    constexpr std::uint64_t kOdd = 0x9E3779B97F4A7C15U;
    hash = (hash ^ word) * kOdd;
    return hash ^ (hash >> 32U);
}

// Items are numbers below `count`. A table of open addresses: `same` is asked only of items whose hashes agree.
template <typename Hash, typename Same>
[[nodiscard]] Groups group(std::size_t count, Hash hash_of, Same same) {
    struct Slot {
        std::uint32_t hash = 0;
        std::uint32_t after = 0; // the group and one; 0: empty
    };
    const std::size_t mask = std::bit_ceil(count * 2 + 1) - 1;
    std::vector<Slot> slots(mask + 1);
    Groups groups;
    groups.of.reserve(count);
    for (std::uint32_t item = 0; item < count; ++item) {
        const auto hash = static_cast<std::uint32_t>(hash_of(item));
        std::size_t at = hash & mask;
        while (slots[at].after != 0 && (slots[at].hash != hash || !same(item, groups.examples[slots[at].after - 1]))) {
            at = (at + 1) & mask;
        }
        if (slots[at].after == 0) {
            groups.examples.push_back(item);
            slots[at] = {hash, static_cast<std::uint32_t>(groups.examples.size())};
        }
        groups.of.push_back(slots[at].after - 1);
    }
    return groups;
}

} // namespace portside::snapshot
