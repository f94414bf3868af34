// SPDX-License-Identifier: MIT
// Which processes hold which sockets: the answer, and how to have it once. What keeps it true over time is the owner
// index. Any thread; a call shares nothing with another.
#pragma once

#include "core/platform/process_id.h"

#include <compare>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace portside::platform {

// A process that has a descriptor for the socket.
struct SocketOwner {
    std::uint64_t inode = 0; // of the socket
    ProcessId process;
    auto operator<=>(const SocketOwner&) const = default;
};

// One list by inode and pid: of ten thousand sockets nearly each has one owner.
class SocketOwners {
  public:
    // At the end, or where it belongs: that costs a pass over those behind it.
    void add(const SocketOwner& owner);
    void clear() { list_.clear(); }
    [[nodiscard]] std::span<const SocketOwner> of(std::uint64_t inode) const; // by pid
    [[nodiscard]] bool contains(std::uint64_t inode) const { return !of(inode).empty(); }
    [[nodiscard]] bool empty() const { return list_.empty(); }
    [[nodiscard]] std::size_t size() const { return list_.size(); } // pairs of a socket and an owner
    [[nodiscard]] auto begin() const { return list_.begin(); }
    [[nodiscard]] auto end() const { return list_.end(); }
    bool operator==(const SocketOwners&) const = default;

  private:
    std::vector<SocketOwner> list_; // sorted
};

struct OwnerWalk {
    SocketOwners owners; // of the sockets asked for
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
