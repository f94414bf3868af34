// SPDX-License-Identifier: MIT
// The sockets that a service manager holds for what it starts on demand (systemd.socket(5)). Plain values; any thread.
#pragma once

#include "core/platform/socket_entry.h"

#include <optional>
#include <sys/types.h>
#include <vector>

namespace portside::platform {

struct ManagerSockets {
    std::optional<uid_t> manager; // the user whose manager holds them; nothing: the system manager
    Protocol protocol = Protocol::tcp;
    std::vector<Endpoint> endpoints; // all of one port; never empty
    bool operator==(const ManagerSockets&) const = default;
};

} // namespace portside::platform
