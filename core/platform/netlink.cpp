// SPDX-License-Identifier: MIT
#include "core/platform/netlink.h"

#include <cerrno>
#include <linux/netlink.h>
#include <sys/socket.h>
#include <sys/time.h>

namespace portside::platform {

NetlinkSocket open_sock_diag() {
    constexpr timeval kLongest{2, 0};
    NetlinkSocket socket(mnl_socket_open2(NETLINK_SOCK_DIAG, SOCK_CLOEXEC));
    if (!socket || mnl_socket_bind(socket.get(), 0, MNL_SOCKET_AUTOPID) != 0 ||
        ::setsockopt(mnl_socket_get_fd(socket.get()), SOL_SOCKET, SO_RCVTIMEO, &kLongest, sizeof kLongest) != 0) {
        const int number = errno;
        socket.reset();
        errno = number;
    }
    return socket;
}

} // namespace portside::platform
