// SPDX-License-Identifier: MIT
// The processes whose end would take the user's session down: found by fact, never by name. Any thread.
#pragma once

#include "core/platform/process_id.h"

#include <optional>
#include <string>
#include <vector>

namespace portside::platform {

struct ProtectedProcess {
    ProcessId id;
    std::string why; // "It is the X display server: your whole desktop session would end."
};

// Our own ancestors below pid 1 (parent pids), the processes that carry our login session (see login_session.h), and
// the peers (SO_PEERCRED) of the X display socket that $DISPLAY names, of the Wayland socket that $WAYLAND_DISPLAY
// names, and of the session bus socket that $DBUS_SESSION_BUS_ADDRESS (or $XDG_RUNTIME_DIR/bus) names. Connects without
// sending anything; waits for nothing.
[[nodiscard]] std::vector<ProtectedProcess> find_protected_processes(const std::string& proc_root = "/proc",
                                                                     const std::string& cgroup_root = "/sys/fs/cgroup");

[[nodiscard]] std::optional<std::string> why_protected(const ProcessId& id);

} // namespace portside::platform
