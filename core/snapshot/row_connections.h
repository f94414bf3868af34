// SPDX-License-Identifier: MIT
// The connections of the one row whose connections are unfolded. Plain values; any thread.
#pragma once

#include "core/platform/port_connections.h"
#include "core/snapshot/snapshot.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace portside::snapshot {

inline constexpr std::size_t kMostRowConnections = 200; // that are told one by one

// Which row, with the sockets that it has now.
struct ConnectionsWish {
    RowKey row;
    std::vector<std::uint64_t> inodes;
    bool operator==(const ConnectionsWish&) const = default;
};

struct RowConnection {
    platform::Endpoint local;
    platform::Endpoint remote;
    platform::ConnectionState state = platform::ConnectionState::established;
    std::string remote_text; // "192.168.1.7:51022", "[::1]:443"
    bool is_local = false;   // the other end is a socket of this machine
    ProcessId peer;          // who holds it; {0, 0} where that is not known
    std::string peer_name;   // safe to draw
    bool operator==(const RowConnection&) const = default;
};

struct RowConnections {
    RowKey row;
    std::size_t count = 0;           // of all
    std::vector<RowConnection> some; // the first kMostRowConnections by remote address
    std::string problem;             // why nothing could be read, as a sentence
    bool operator==(const RowConnections&) const = default;
};
using RowConnectionsPtr = std::shared_ptr<const RowConnections>;

// "192.168.1.7:51022", "[::1]:443"
[[nodiscard]] std::string endpoint_text(const platform::Endpoint& endpoint);

// Whether a connection with this local address was accepted by (or belongs to) one of these sockets rather than by
// another of the sockets that listen on its port: the most exact address takes it. Pure.
[[nodiscard]] bool belongs_to(const platform::Address& local, const ConnectionsWish& wish,
                              const std::vector<const platform::SocketEntry*>& of_port);

} // namespace portside::snapshot
