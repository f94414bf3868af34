// SPDX-License-Identifier: MIT
// Who would bring a process back after a kill: known supervisors among its ancestors, and the managers that activate
// sockets. Pure; any thread. No safety hangs on it: names and command lines are what programs say of themselves.
#pragma once

#include "core/snapshot/snapshot.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

namespace portside::snapshot {

// What a respawner does when its child has ended.
enum class Comeback : std::uint8_t {
    at_once,   // starts it again
    on_change, // starts it again when a file changes
    ends_all,  // starts nothing again: ends all that it started (foreman)
};

struct Respawner {
    ProcessId process;     // the nearest one above the process that was asked about; its tree is the one to end
    std::string_view name; // "nodemon"; a constant
    Comeback comeback = Comeback::at_once;
    bool operator==(const Respawner&) const = default;
};

// nodemon, pm2, supervisord, runit (runsv), s6, daemontools, foreman, dotnet watch, cargo watch, watchexec, node
// --watch, forever: by the ancestors' names and command lines.
[[nodiscard]] std::optional<Respawner> respawner_of(const Snapshot& snapshot, const ProcessId& process);

// "nodemon (400) starts it again when a file changes", for a person, without a period.
[[nodiscard]] std::string respawner_text(const Respawner& respawner);

// The process with this number now (of a parent, say), or null. A bare pid is no identity: for words only, and for what
// is checked again before anything is sent.
[[nodiscard]] const Process* find_pid(const Snapshot& snapshot, pid_t pid);

// Whether a process is systemd, as the system's or a user's manager: pid 1, or a child of it that runs `systemd --user`
// (by its executable where that may be read, else by its command line). Such an owner got the socket to hand it on
// (socket activation), and is never the one to kill: its unit is to be stopped.
[[nodiscard]] bool is_service_manager(pid_t pid, pid_t parent, const std::optional<std::string>& executable,
                                      const std::optional<std::vector<std::string>>& command_line);
[[nodiscard]] bool is_service_manager(const Process& process);

// A row whose every owner is such a manager: nothing is to be killed here, Stop unit is the way.
[[nodiscard]] bool is_held_by_managers_only(const Snapshot& snapshot, const Row& row);

// Whether a process may be started again once it has ended. likely: a service's manager, an engine or a respawner looks
// after it. possible: it has a living parent that is neither a manager nor a shell that a person types into. Else it is
// not worth looking a second time.
enum class Return : std::uint8_t { unlikely, possible, likely };
[[nodiscard]] Return return_of(const Snapshot& snapshot, const std::optional<platform::Unit>& unit, bool in_container,
                               const ProcessId& process);

} // namespace portside::snapshot
