// SPDX-License-Identifier: MIT
// One process of a load: makes its descriptors, tells so, then sleeps. One thread.
#pragma once

#include "tests/bench/load_plan.h"

#include <array>
#include <csignal>
#include <cstdint>
#include <sys/types.h>

namespace portside::bench {

// What a child writes into the pipe that all of them share: short enough to arrive in one piece (pipe(7)).
struct Report {
    enum class What : std::uint8_t { ready, opened, closed, failed };
    What what = What::failed;
    std::uint16_t port = 0; // opened and closed
    pid_t pid = 0;
    int error = 0;                // failed: the errno
    std::array<char, 64> tried{}; // failed: what could not be done
};

// Sent to a child: open one more listener (opened), close it again (closed). Blocked before the child is forked.
inline constexpr int kOpenSignal = SIGUSR1;
inline constexpr int kCloseSignal = SIGUSR2;

// Whether an IPv6 socket can be bound to ::1.
[[nodiscard]] bool has_ipv6_loopback();

// In the forked child. Closes whatever it inherited but for `report`; is killed when `parent` ends.
[[noreturn]] void run_child(const Share& share, int report, pid_t parent);

} // namespace portside::bench
