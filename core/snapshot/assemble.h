// SPDX-License-Identifier: MIT
// Facts in, rows out. Pure: no system call, no clock. Any thread.
#pragma once

#include "core/platform/control_groups.h"
#include "core/platform/owners.h"
#include "core/platform/process.h"
#include "core/platform/socket_source.h"
#include "core/snapshot/container_names.h"
#include "core/snapshot/known_keepers.h"
#include "core/snapshot/process_view.h"
#include "core/snapshot/snapshot.h"

#include <span>
#include <unordered_map>
#include <vector>

namespace portside::snapshot {

// An owner that a privileged read told: taken over only where the socket still matches in all of inode, uid and
// address.
struct PrivilegedOwner {
    std::uint64_t inode = 0;
    uid_t uid = 0;
    platform::Endpoint local;
    ProcessId process;
    WallTime seen_at;
    bool operator==(const PrivilegedOwner&) const = default;
};

// Everything that one scan read.
struct ScanFacts {
    platform::SocketListing listing;
    platform::OwnerWalk walk;
    // The cgroups of sockets without a known owner, by id; one that is missing here is not there.
    std::vector<platform::ControlGroup> groups;
    bool hierarchy_is_missing = false; // of cgroups: nothing can lead from their ids to their names
    // Of all owners, privileged ones, candidates and ancestors, read in this scan; a pid that is missing here has
    // ended.
    std::unordered_map<pid_t, platform::ProcessFacts> processes;
    std::unordered_map<uid_t, std::string> users; // names of every uid that occurs
    std::vector<PrivilegedOwner> privileged;
    std::vector<ToldContainer> containers;
    bool bound_wanted = false; // the listing was asked for sockets that are bound without listening
    bool owners_wanted = true; // false: a listing without a walk; rows are Unknown::searching
};

// Rows as the design says: sockets of one (protocol, port) with the same topmost owner are one row; without a known
// owner only where uid and cgroup id are equal too. Generation, time and cost are left at 0 for the caller.
[[nodiscard]] Snapshot assemble(const ScanFacts& facts);

// The same again and again: what is known of processes is taken over where their facts are the same (by
// ProcessFacts::version). One object belongs to one thread.
class Assembler {
  public:
    [[nodiscard]] Snapshot assemble(const ScanFacts& facts);

  private:
    ProcessViews views_;
    KnownKeepers keepers_;
};

} // namespace portside::snapshot
