// SPDX-License-Identifier: MIT
// A scanner on a made-up /proc, and what it finds there.
#pragma once

#include "core/snapshot/scanner.h"
#include "tests/snapshot/proc_tree.h"

#include <doctest/doctest.h>

namespace portside::snapshot::test {

inline Scanner scanner_on(const ProcTree& tree) {
    return Scanner(
        ScannerOptions{.source = platform::SourceChoice::proc, .include_bound = false, .proc_root = tree.path()});
}

// Only where something has changed.
inline SnapshotPtr scanned(Scanner& scanner) {
    auto result = scanner.scan();
    REQUIRE(result.has_value());
    REQUIRE(*result != nullptr);
    return *result;
}

} // namespace portside::snapshot::test
