// SPDX-License-Identifier: MIT
// Which process, without doubt: a bare pid is never an identity. Any thread.
#pragma once

#include <compare>
#include <cstdint>
#include <sys/types.h>

namespace portside::platform {

struct ProcessId {
    pid_t pid = 0;
    std::uint64_t start_time = 0; // field 22 of /proc/PID/stat: clock ticks since boot (proc_pid_stat(5))
    auto operator<=>(const ProcessId&) const = default;
};

} // namespace portside::platform
