// SPDX-License-Identifier: MIT
// What the scanner says of its own work, where it says it: a scanner that walks every descriptor in each scan is always
// finished, and has no counters. The tests compile with both. One thread.
#pragma once

#include "core/snapshot/scanner.h"

#include <cstddef>
#include <cstdint>

namespace portside::owners {

struct Work {
    std::uint64_t links_read = 0;
    std::uint64_t full_walks = 0;
    std::uint64_t tables_read = 0;
};

// Owners are still being looked for: another scan should follow at once.
template <typename Scanner>
[[nodiscard]] bool unfinished(const Scanner& scanner) {
    if constexpr (requires { scanner.unfinished(); }) {
        return scanner.unfinished();
    } else {
        return false;
    }
}

template <typename Scanner>
[[nodiscard]] Work work_of(const Scanner& scanner) {
    if constexpr (requires { scanner.work(); }) {
        const auto& work = scanner.work();
        return {work.links_read, work.full_walks, work.tables_read};
    } else {
        return {};
    }
}

// The number of scans within which every descriptor is looked at.
template <typename Scanner>
[[nodiscard]] std::size_t audit_period(const Scanner& scanner) {
    if constexpr (requires { scanner.audit_period(); }) {
        return scanner.audit_period();
    } else {
        return 1;
    }
}

// How many descriptors a scan may look at before it publishes what it knows; 0: no limit.
template <typename Options>
void limit_descriptors(Options& options, std::size_t count) {
    if constexpr (requires { options.descriptors_per_scan = count; }) {
        options.descriptors_per_scan = count;
    }
}

// Within so many scans the command line of every process is read again.
inline constexpr std::size_t kTitlePeriod = 16;

} // namespace portside::owners
