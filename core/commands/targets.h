// SPDX-License-Identifier: MIT
// What `portside kill` is asked to free: its TARGET words, and what each means in a snapshot. Pure; any thread.
#pragma once

#include "core/base/result.h"
#include "core/platform/manager_sockets.h"
#include "core/snapshot/snapshot.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace portside::commands {

// `3000`, `:3000` (both protocols), `tcp:3000`, `udp:53`, or `pid:1234`.
struct Target {
    std::string text;
    std::optional<platform::Protocol> protocol; // nothing: both
    std::optional<std::uint16_t> port;
    std::optional<pid_t> pid; // exactly one of port and pid is set
};

[[nodiscard]] base::Result<Target> parse_target(std::string_view text);

// Whether the row is on the target's port, or the target's process one of its owners.
[[nodiscard]] bool means(const Target& target, const snapshot::Row& row);

// One process to signal, with all the sockets that are meant.
struct PlannedKill {
    snapshot::RowKey row;
    snapshot::ProcessId process;
    std::vector<std::uint64_t> inodes;
    bool own = false;           // may be signalled without elevation
    std::string label;          // "node (47112)"
    std::string port;           // "port 3000"
    std::uint64_t pidfd_id = 0; // snapshot::Process::pidfd_id
    std::optional<platform::Unit> unit;
    std::optional<platform::Container> container;
    std::vector<snapshot::RowKey> other_rows{}; // that are meant too: of `pid:1234`, or 53 of tcp and udp
    // Of a tree whose root holds nothing itself (a parent that brings its child back): the descendant that holds the
    // inodes, and must go on doing so.
    std::optional<snapshot::ProcessId> holder{};
    // Of a port that a service manager alone holds: what its .socket unit, known or not, must be listening on.
    std::optional<platform::ManagerSockets> activated{};
};

// A row that is meant but has no owner to signal.
struct Ownerless {
    std::string port; // "port 22"
    std::string user; // of the sockets
    snapshot::Unknown unknown = snapshot::Unknown::not_found;
};

// A row that only a service manager holds, for a service that it starts when somebody connects: its unit is to be
// stopped, nothing is to be killed.
struct Activated {
    std::string manager; // "systemd (1)"
    PlannedKill stop;    // by Way::stop_unit
};

struct KillPlan {
    std::vector<PlannedKill> kills;   // each process once
    std::vector<Activated> activated; // in the order of the targets
    std::vector<Ownerless> ownerless; // in the order of the targets
    std::vector<Target> unmatched;    // found nothing in the snapshot
};

// `current_uid` is the effective uid of the caller. With `trees`, a pid that holds nothing but is the parent or an
// ancestor of owners is meant as the root of their tree.
[[nodiscard]] KillPlan plan_kills(const snapshot::Snapshot& snapshot, const std::vector<Target>& targets,
                                  uid_t current_uid, bool trees = false);

// "node (47112)" for sentences; the number alone where the name is unknown.
[[nodiscard]] std::string label_of(const snapshot::Snapshot& snapshot, const snapshot::ProcessId& process);

} // namespace portside::commands
