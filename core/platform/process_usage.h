// SPDX-License-Identifier: MIT
// What one process uses, and where it belongs: for the one whose details a person looks at. Any thread.
#pragma once

#include "core/base/result.h"
#include "core/platform/proc_root.h"
#include "core/platform/process_id.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>

namespace portside::platform {

struct ProcessUsage {
    std::uint64_t start_time = 0;
    std::chrono::milliseconds cpu{0}; // of all its threads, since it started
    std::uint32_t threads = 0;
    std::uint64_t resident_bytes = 0;
    // Its own share of what it uses together with others; nothing where it is denied or would take long to count.
    std::optional<std::uint64_t> proportional_bytes{};
    pid_t session = 0;    // the pid of its session's leader; 0: none
    std::string terminal; // "pts/3", "tty2", or empty
    bool operator==(const ProcessUsage&) const = default;
};

// Of /proc/PID/stat (proc_pid_stat(5)); `ticks` a second, pages of `page` bytes. Pure.
[[nodiscard]] std::optional<ProcessUsage> parse_usage(std::string_view stat, long ticks, long page);
// The bytes of the line "Pss:" in /proc/PID/smaps_rollup. Pure.
[[nodiscard]] std::optional<std::uint64_t> parse_proportional(std::string_view smaps_rollup);

// ErrorKind::not_found where the process has ended, also where its number means another one by now.
[[nodiscard]] base::Result<ProcessUsage> read_usage(const ProcRoot& root, const ProcessId& process);

} // namespace portside::platform
