// SPDX-License-Identifier: MIT
// Counts what a test program allocates. A program that links allocations.cpp has every operator new and delete replaced
// by ones that count and that malloc: so it is a program of its own. Any thread.
#pragma once

#include <cstddef>
#include <cstdint>

namespace portside::support {

// By operator new so far, in all threads.
[[nodiscard]] std::size_t allocations();
// That operator new gave and operator delete has not had back, as malloc rounds them.
[[nodiscard]] std::int64_t live_bytes();

} // namespace portside::support
