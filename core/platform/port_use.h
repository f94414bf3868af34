// SPDX-License-Identifier: MIT
// What still uses one port, once a process that held it has ended: sockets that hold it, and connections that keep a
// program without SO_REUSEADDR from binding it (socket(7), tcp(7)). Any thread; of its network namespace.
#pragma once

#include "core/base/result.h"
#include "core/platform/socket_entry.h"
#include "core/platform/socket_source.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace portside::platform {

struct PortUse {
    // Sorted inodes of the sockets that hold it: listening, unconnected (UDP), and, where the kernel tells them (Linux
    // 6.8), bound without listening. 0 for one without an inode.
    std::vector<std::uint64_t> holders;
    std::size_t open = 0;    // connections that go on: ESTABLISHED, SYN_RECV; of UDP: connected sockets
    std::size_t closing = 0; // TIME_WAIT, FIN_WAIT1 and 2, CLOSE_WAIT, LAST_ACK, CLOSING
    bool operator==(const PortUse&) const = default;
};

// One dump of that port for each family, which the kernel filters; /proc/net's tables where sock_diag is not to be had
// (`choice`: or not wanted). An error only where no table could be read.
[[nodiscard]] base::Result<PortUse> port_use(Protocol protocol, std::uint16_t port,
                                             SourceChoice choice = SourceChoice::automatic,
                                             const std::string& proc_root = "/proc");

// Adds the sockets of /proc/net/{tcp,udp}'s lines with this local port. Lines of another form are skipped. Pure.
void add_proc_net_use(std::string_view text, std::uint16_t port, PortUse& use);

} // namespace portside::platform
