// SPDX-License-Identifier: MIT
// Tests wait for conditions, never for a fixed time. Any thread.
#pragma once

#include <chrono>
#include <thread>

namespace portside::support {

// How long a test waits for something that must happen: generous, because sanitizer builds run with every core busy.
inline constexpr std::chrono::seconds kPatience{40};

// Asks `holds` again and again until it says true (true) or `limit` has passed (its last answer). `pause`: between two
// questions; longer where a question starts programs.
template <typename Predicate>
[[nodiscard]] bool wait_until(Predicate holds, std::chrono::milliseconds limit = kPatience,
                              std::chrono::milliseconds pause = std::chrono::milliseconds(10)) {
    const auto end = std::chrono::steady_clock::now() + limit;
    while (!holds()) {
        if (std::chrono::steady_clock::now() >= end) {
            return holds();
        }
        std::this_thread::sleep_for(pause);
    }
    return true;
}

} // namespace portside::support
