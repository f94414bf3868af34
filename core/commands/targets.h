// SPDX-License-Identifier: MIT
// What `portside kill` is asked to free: its TARGET words, and what each means in a snapshot. Pure; any thread.
#pragma once

#include "core/base/result.h"
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
};

// A row that is meant but has no owner to signal.
struct Ownerless {
    std::string port; // "port 22"
    std::string user; // of the sockets
    snapshot::Unknown unknown = snapshot::Unknown::not_found;
};

struct KillPlan {
    std::vector<PlannedKill> kills;   // each process once
    std::vector<Ownerless> ownerless; // in the order of the targets
    std::vector<Target> unmatched;    // found nothing in the snapshot
};

// `current_uid` is the effective uid of the caller.
[[nodiscard]] KillPlan plan_kills(const snapshot::Snapshot& snapshot, const std::vector<Target>& targets,
                                  uid_t current_uid);

// "node (47112)" for sentences; the number alone where the name is unknown.
[[nodiscard]] std::string label_of(const snapshot::Snapshot& snapshot, const snapshot::ProcessId& process);

} // namespace portside::commands
