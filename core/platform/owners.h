// SPDX-License-Identifier: MIT
// Which processes hold which sockets: the answer, and how to have it once. What keeps it true over time is the owner
// index. Any thread; a call shares nothing with another.
#pragma once

#include "core/platform/process_id.h"

#include <cstdint>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

namespace portside::platform {

struct OwnerWalk {
    // Socket inode -> every process that has a descriptor for it, in ascending order of pid. Only inodes asked for.
    std::unordered_map<std::uint64_t, std::vector<ProcessId>> owners;
    // Processes whose descriptors could not be read (EACCES/EPERM): an inode without owners may be theirs.
    std::size_t denied = 0;
    // Whether all tables that could be read were read, threads' own ones included.
    bool complete = true;
    // Inodes (sorted) whose owners are still being searched for.
    std::vector<std::uint64_t> searching;
};

// Finds all owners of `inodes` (sorted, unique), threads' own descriptor tables included. A process that vanishes
// meanwhile is skipped.
[[nodiscard]] OwnerWalk walk_owners(std::span<const std::uint64_t> inodes, const std::string& proc_root = "/proc");

// Whether the process holds a descriptor for this socket now (its threads' tables included).
enum class Holds : std::uint8_t { yes, no, not_permitted };
[[nodiscard]] Holds holds_socket(pid_t pid, std::uint64_t inode, const std::string& proc_root = "/proc");

} // namespace portside::platform
