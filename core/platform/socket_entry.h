// SPDX-License-Identifier: MIT
// One socket as the kernel described it. Plain values; any thread.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <sys/types.h>

namespace portside::platform {

enum class Protocol : std::uint8_t { tcp, udp };
enum class Family : std::uint8_t { ipv4, ipv6 };

// listen: a listening TCP socket. unconn: a bound, unconnected UDP socket.
// bound: a TCP socket that is bound without listening (sock_diag state bit 13, TCP_BOUND_INACTIVE, Linux 6.8 and
// later).
enum class SocketState : std::uint8_t { listen, unconn, bound };

// Network byte order; IPv4 uses the first four bytes and leaves the rest zero.
struct Address {
    Family family = Family::ipv4;
    std::array<std::uint8_t, 16> bytes{};
    auto operator<=>(const Address&) const = default;
};

struct Endpoint {
    Address address;
    std::uint16_t port = 0; // host byte order
    auto operator<=>(const Endpoint&) const = default;
};

struct SocketEntry {
    Protocol protocol = Protocol::tcp;
    Family family = Family::ipv4;
    SocketState state = SocketState::listen;
    std::optional<bool> v6only; // of an IPv6 socket; nothing where the source does not say
    Endpoint local;
    Endpoint remote;
    std::string interface;                  // name of the bound device (SO_BINDTODEVICE or an address's zone), or empty
    std::uint64_t inode = 0;                // in sockfs; 0 where no descriptor ever referred to it
    std::uint64_t cookie = 0;               // never used twice while the machine runs; 0 where the source does not say
    uid_t uid = 0;                          // of the socket's creator (or fchown)
    std::uint32_t receive_queue = 0;        // listen: connections waiting for accept; else bytes
    std::uint32_t send_queue = 0;           // listen: the backlog's limit; else bytes
    std::optional<std::uint64_t> cgroup_id; // inode of the cgroup2 directory in which it was created
    bool operator==(const SocketEntry&) const = default;
};

// As inet_ntop(3) writes it: no brackets, no zone.
[[nodiscard]] std::string to_string(const Address& address);
// 127.0.0.0/8, ::1 and ::ffff:127.0.0.0/104.
[[nodiscard]] bool is_loopback(const Address& address);
// 0.0.0.0, :: and ::ffff:0.0.0.0.
[[nodiscard]] bool is_wildcard(const Address& address);

[[nodiscard]] const char* to_string(Protocol protocol); // "tcp", "udp"
[[nodiscard]] const char* to_string(Family family);     // "ipv4", "ipv6"

} // namespace portside::platform
