// SPDX-License-Identifier: MIT
// Socket listings from /proc/net/{tcp,tcp6,udp,udp6} (proc_net(5)), for where sock_diag is not to be had.
// They do not say: v6only, cookie, cgroup, bound device, the backlog's limit, sockets that are bound without listening.
// Any thread.
#pragma once

#include "core/base/result.h"
#include "core/platform/socket_entry.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace portside::platform {

// Appends the listening (TCP) or unconnected (UDP) sockets of `text`, whole lines, and returns how many lines do not
// have the documented form (a last line without its line break is one). Pure.
std::size_t parse_proc_net(std::string_view text, Protocol protocol, Family family, std::vector<SocketEntry>& sockets);

// "tcp", "tcp6", "udp", "udp6".
[[nodiscard]] const char* proc_net_file(Protocol protocol, Family family);

// Appends the sockets of the file `path`. The kernel hands it out a page at a time and finds its place again by
// counting, so a socket that closes meanwhile can hide another: a file of several pages is read until two readings
// agree, at most four times, and then the union is taken.
[[nodiscard]] base::Result<void> read_proc_net(const std::string& path, Protocol protocol, Family family,
                                               std::vector<SocketEntry>& sockets);

} // namespace portside::platform
