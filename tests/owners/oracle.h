// SPDX-License-Identifier: MIT
// Who holds which socket, by reading every descriptor of every thread of every process: slow, and plainly right as long
// as those processes stand still. Shares no code with what it judges. One thread.
#pragma once

#include "core/platform/process_id.h"

#include <cstdint>
#include <map>
#include <set>
#include <string>

namespace portside::owners {

using Holders = std::set<platform::ProcessId>;

struct Truth {
    // Socket inode -> the processes that have it in the table of their leader, /proc/PID/fd.
    std::map<std::uint64_t, Holders> in_main_tables;
    // And those that have it in the table of another thread. A table that all threads share is in both.
    std::map<std::uint64_t, Holders> in_thread_tables;

    // Those that must be told: the holders by main table; where there are none, those by a thread's table.
    [[nodiscard]] Holders required(std::uint64_t inode) const;
    // All that may be told.
    [[nodiscard]] Holders allowed(std::uint64_t inode) const;
};

[[nodiscard]] Truth read_truth();

// /proc/PID/stat: the process with its start time; 0 where it has gone.
[[nodiscard]] platform::ProcessId identity_of(pid_t pid);
// Its state's letter, '?' where it has gone.
[[nodiscard]] char state_of(pid_t pid);

} // namespace portside::owners
