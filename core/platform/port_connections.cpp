// SPDX-License-Identifier: MIT
// The connections of one local port. One object belongs to one thread.
#include "core/platform/port_connections.h"

#include <algorithm>
#include <netinet/tcp.h>
#include <tuple>

namespace portside::platform {

namespace {

constexpr std::size_t kBytesBefore = 12; // bytes of an IPv6 address before the IPv4 address in it

std::optional<ConnectionState> connection_state_of(std::uint8_t kernel_state) {
    switch (kernel_state) {
    case TCP_ESTABLISHED:
        return ConnectionState::established;
    case TCP_FIN_WAIT1:
        return ConnectionState::fin_wait_1;
    case TCP_FIN_WAIT2:
        return ConnectionState::fin_wait_2;
    case TCP_CLOSE_WAIT:
        return ConnectionState::close_wait;
    case TCP_LAST_ACK:
        return ConnectionState::last_ack;
    case TCP_CLOSING:
        return ConnectionState::closing;
    default:
        return std::nullopt;
    }
}

auto ends_of(const PortConnection& one) {
    return std::tie(one.remote, one.local);
}

} // namespace

const char* to_string(ConnectionState state) {
    switch (state) {
    case ConnectionState::established:
        return "ESTABLISHED";
    case ConnectionState::fin_wait_1:
        return "FIN_WAIT1";
    case ConnectionState::fin_wait_2:
        return "FIN_WAIT2";
    case ConnectionState::close_wait:
        return "CLOSE_WAIT";
    case ConnectionState::last_ack:
        return "LAST_ACK";
    case ConnectionState::closing:
        break;
    }
    return "CLOSING";
}

Address without_mapping(const Address& address) {
    static constexpr std::array<std::uint8_t, kBytesBefore> kPrefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
    if (address.family != Family::ipv6 || !std::equal(kPrefix.begin(), kPrefix.end(), address.bytes.begin())) {
        return address;
    }
    Address plain;
    plain.family = Family::ipv4;
    std::copy_n(address.bytes.begin() + kBytesBefore, 4, plain.bytes.begin());
    return plain;
}

base::Result<void> PortConnections::read(Protocol protocol, std::uint16_t port, std::vector<PortConnection>& into) {
    into.clear();
    others_.clear();
    base::Result<void> told;
    bool any = false;
    for (const Family family : {Family::ipv4, Family::ipv6}) {
        for (const bool own : {true, false}) {
            SockDiag::Request request{.protocol = protocol, .family = family, .listening = false, .connected = true};
            (own ? request.local_port : request.remote_port) = port;
            if (auto dumped = diag_.dump(request, sockets_); !dumped) {
                told = own ? std::move(dumped) : std::move(told);
                continue;
            }
            any = any || own;
            for (const DiagSocket& socket : sockets_) {
                const auto state = connection_state_of(socket.tcp_state);
                const SocketEntry& entry = socket.entry;
                if (!state || (own ? entry.local.port : entry.remote.port) != port) {
                    continue; // an older kernel
                }
                (own ? into : others_)
                    .push_back({.local = {without_mapping(entry.local.address), entry.local.port},
                                .remote = {without_mapping(entry.remote.address), entry.remote.port},
                                .state = *state,
                                .inode = entry.inode,
                                .peer_uid = entry.uid});
            }
        }
    }
    if (!any) {
        return told;
    }
    for (auto* const list : {&into, &others_}) { // an interrupted dump tells a socket twice
        std::ranges::sort(*list, {}, ends_of);
        list->erase(std::ranges::unique(*list, {}, ends_of).begin(), list->end());
    }
    for (PortConnection& one : into) {
        const auto ends = std::tie(one.local, one.remote); // seen from there
        const auto other = std::ranges::lower_bound(others_, ends, {}, ends_of);
        const bool found = other != others_.end() && ends_of(*other) == ends;
        one.peer_inode = found ? other->inode : 0;
        one.peer_uid = found ? other->peer_uid : 0;
    }
    return {};
}

} // namespace portside::platform
