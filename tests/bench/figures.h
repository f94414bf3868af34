// SPDX-License-Identifier: MIT
// Clocks and medians for the bench programs. Any thread.
#pragma once

#include <algorithm>
#include <cstdint>
#include <ctime>
#include <vector>

namespace portside::bench {

// Of CLOCK_MONOTONIC or one of the CPU time clocks, in milliseconds (clock_gettime(2)).
[[nodiscard]] inline double milliseconds(clockid_t clock = CLOCK_MONOTONIC) {
    timespec time{};
    ::clock_gettime(clock, &time);
    return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
}

struct Figures {
    double median = 0;
    double lowest = 0;
    double highest = 0;
};

// All zero where there is no value.
[[nodiscard]] inline Figures figures_of(std::vector<double> values) {
    if (values.empty()) {
        return {};
    }
    std::sort(values.begin(), values.end());
    const std::size_t middle = values.size() / 2;
    const double median = values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
    return {median, values.front(), values.back()};
}

} // namespace portside::bench
