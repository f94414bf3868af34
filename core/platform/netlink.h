// SPDX-License-Identifier: MIT
// Owned netlink sockets of libmnl's, and what every dump by sock_diag(7) has in common. Any thread; a socket is not
// shared between threads.
#pragma once

#include <cstdint>
#include <libmnl/libmnl.h>
#include <memory>

namespace portside::platform {

struct CloseNetlink {
    void operator()(mnl_socket* socket) const { mnl_socket_close(socket); }
};
using NetlinkSocket = std::unique_ptr<mnl_socket, CloseNetlink>;

// TCP_BOUND_INACTIVE, Linux 6.8, newer than the headers that we build with: a kernel that knows none lists none.
inline constexpr std::uint8_t kBoundInactive = 13;
// How often a dump that was interrupted is asked for.
inline constexpr int kDumpAttempts = 4;

// For sock_diag, bound, and a receive waits at most 2 s. Null with errno set.
[[nodiscard]] NetlinkSocket open_sock_diag();

} // namespace portside::platform
