// SPDX-License-Identifier: MIT
// The processes that carry the login session in which we run: its ssh connection, its console login, its display
// manager's worker. Found by the session's cgroup, so also from inside tmux or screen, where no parent leads to them.
// Any thread.
#pragma once

#include "core/platform/process_id.h"

#include <string>
#include <vector>

namespace portside::platform {

// logind gives each session a cgroup of its own, "session-N.scope", and its first process is the one that logged in as
// root on the user's behalf. Both lists are empty where we are in no session's cgroup (a container, a desktop's own
// services), or where its first process has ended. A tmux server that an earlier session left behind is in that
// session's cgroup.
struct LoginSession {
    std::vector<ProcessId> carriers; // the first process and its children: the session ends with any of them
    std::vector<ProcessId> above;    // the first process's own parents below pid 1: the ssh server that took the login
};

[[nodiscard]] LoginSession find_login_session(const std::string& proc_root = "/proc",
                                              const std::string& cgroup_root = "/sys/fs/cgroup");

} // namespace portside::platform
