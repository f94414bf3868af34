// SPDX-License-Identifier: MIT
// The connections of one local port, and which socket of this machine is at the other end of each. The kernel leaves
// out all others, so that they cost next to nothing. One object belongs to one thread, and reads that thread's network
// namespace.
#pragma once

#include "core/base/result.h"
#include "core/platform/sock_diag.h"
#include "core/platform/socket_entry.h"

#include <cstdint>
#include <vector>

namespace portside::platform {

// As tcp(7) names them, but for those in which there is no connection yet or any more. Of UDP: ESTABLISHED.
enum class ConnectionState : std::uint8_t { established, fin_wait_1, fin_wait_2, close_wait, last_ack, closing };
[[nodiscard]] const char* to_string(ConnectionState state); // "ESTABLISHED", "FIN_WAIT1" ...

struct PortConnection {
    Endpoint local; // an IPv4 address is written as one, also where an IPv6 socket has it (::ffff:127.0.0.1)
    Endpoint remote;
    ConnectionState state = ConnectionState::established;
    std::uint64_t inode = 0;
    std::uint64_t peer_inode = 0; // of the socket at the other end; 0: it is not of this machine's, or not to be seen
    uid_t peer_uid = 0;
    bool operator==(const PortConnection&) const = default;
};

// 127.0.0.1 for ::ffff:127.0.0.1; any other address as it is.
[[nodiscard]] Address without_mapping(const Address& address);

class PortConnections {
  public:
    // Replaces `into` by the connections whose local port this is, by remote and local endpoint. `port` is not 0.
    // Errors: the kernel's, where no family could be listed.
    [[nodiscard]] base::Result<void> read(Protocol protocol, std::uint16_t port, std::vector<PortConnection>& into);

  private:
    SockDiag diag_;
    std::vector<DiagSocket> sockets_;
    std::vector<PortConnection> others_; // as their own ends see them
};

} // namespace portside::platform
