// SPDX-License-Identifier: MIT
// Established TCP connections as the kernel told them. Plain values; any thread.
#pragma once

#include "core/platform/socket_entry.h"

#include <cstddef>
#include <vector>

namespace portside::platform {

struct Connection {
    Endpoint local;
    Endpoint remote;
    bool operator==(const Connection&) const = default;
};

struct ConnectionList {
    std::size_t count = 0;
    std::vector<Connection> some; // the first `most` by address
    bool operator==(const ConnectionList&) const = default;
};

} // namespace portside::platform
