// SPDX-License-Identifier: MIT
// An owned netlink socket of libmnl's. Any thread; not shared between threads.
#pragma once

#include <libmnl/libmnl.h>
#include <memory>

namespace portside::platform {

struct CloseNetlink {
    void operator()(mnl_socket* socket) const { mnl_socket_close(socket); }
};
using NetlinkSocket = std::unique_ptr<mnl_socket, CloseNetlink>;

} // namespace portside::platform
