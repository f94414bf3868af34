// SPDX-License-Identifier: MIT
// A random sequence of all that the cases do, compared with the oracle after each step. One thread.
#pragma once

#include <cstdint>

namespace portside::owners {

struct SequenceOptions {
    std::uint64_t seed = 1;
    int steps = 0;
    bool reuse_pids = false; // in a pid namespace of its own, as root
};

// Throws Wrong with the seed and the last actions.
void run_sequence(const SequenceOptions& options);

} // namespace portside::owners
