// SPDX-License-Identifier: MIT
// One datagram of a sock_diag dump as sockets. Pure; any thread. The bytes are checked as if an enemy had sent them.
#include "core/platform/sock_diag.h"

#include <algorithm>
#include <arpa/inet.h>
#include <cerrno>
#include <cstring>
#include <libmnl/libmnl.h>
#include <linux/inet_diag.h>
#include <linux/sock_diag.h>
#include <netinet/tcp.h>

namespace portside::platform {

namespace {

// A copy of T from the start of `bytes`, which may be unaligned; nothing when they are too few.
template <typename T>
std::optional<T> copy_of(std::span<const std::uint8_t> bytes) {
    if (bytes.size() < sizeof(T)) {
        return std::nullopt;
    }
    T value;
    std::memcpy(&value, bytes.data(), sizeof value);
    return value;
}

std::optional<SocketState> state_of(const DumpExpected& expected, std::uint8_t kernel_state) {
    if (expected.connected) {
        const bool listed = kernel_state != TCP_LISTEN && kernel_state != TCP_CLOSE && kernel_state != kBoundInactive;
        return listed ? std::optional(SocketState::unconn) : std::nullopt;
    }
    if (expected.established) {
        return kernel_state == TCP_ESTABLISHED ? std::optional(SocketState::unconn) : std::nullopt;
    }
    if (expected.protocol == Protocol::udp) {
        return kernel_state == TCP_CLOSE ? std::optional(SocketState::unconn) : std::nullopt;
    }
    if (kernel_state == TCP_LISTEN) {
        return SocketState::listen;
    }
    // A dump of bound sockets tells them as closed: they are in no connection.
    const bool bound = kernel_state == TCP_CLOSE || kernel_state == kBoundInactive;
    return bound ? std::optional(SocketState::bound) : std::nullopt;
}

Endpoint endpoint_of(Family family, const std::uint32_t (&address)[4], std::uint16_t port) {
    Endpoint endpoint;
    endpoint.address.family = family;
    std::memcpy(endpoint.address.bytes.data(), address, family == Family::ipv4 ? 4 : 16);
    endpoint.port = ntohs(port);
    return endpoint;
}

int read_attribute(const nlattr* attribute, void* data) {
    auto& entry = *static_cast<SocketEntry*>(data);
    const std::span payload(static_cast<const std::uint8_t*>(mnl_attr_get_payload(attribute)),
                            mnl_attr_get_payload_len(attribute));
    switch (mnl_attr_get_type(attribute)) {
    case INET_DIAG_SKV6ONLY:
        if (const auto value = copy_of<std::uint8_t>(payload); value && entry.family == Family::ipv6) {
            entry.v6only = *value != 0;
        }
        break;
    case INET_DIAG_CGROUP_ID:
        if (const auto value = copy_of<std::uint64_t>(payload)) {
            entry.cgroup_id = *value;
        }
        break;
    default:
        break;
    }
    return MNL_CB_OK;
}

// False where the payload is too short for its own kind.
bool parse_socket(std::span<const std::uint8_t> payload, const DumpExpected& expected,
                  std::vector<DiagSocket>& sockets) {
    const auto message = copy_of<inet_diag_msg>(payload);
    if (!message) {
        return false;
    }
    const auto state = state_of(expected, message->idiag_state);
    const int family = expected.family == Family::ipv4 ? AF_INET : AF_INET6;
    if (!state || message->idiag_family != family || message->id.idiag_sport == 0) {
        return true;
    }
    DiagSocket& socket = sockets.emplace_back();
    SocketEntry& entry = socket.entry;
    socket.tcp_state = message->idiag_state;
    entry.protocol = expected.protocol;
    entry.family = expected.family;
    entry.state = *state;
    entry.local = endpoint_of(expected.family, message->id.idiag_src, message->id.idiag_sport);
    entry.remote = endpoint_of(expected.family, message->id.idiag_dst, message->id.idiag_dport);
    entry.inode = message->idiag_inode;
    entry.cookie = (std::uint64_t{message->id.idiag_cookie[1]} << 32) | message->id.idiag_cookie[0];
    entry.uid = message->idiag_uid;
    entry.receive_queue = message->idiag_rqueue;
    entry.send_queue = message->idiag_wqueue;
    socket.interface_index = message->id.idiag_if;
    const auto attributes = payload.subspan(std::min<std::size_t>(MNL_ALIGN(sizeof(inet_diag_msg)), payload.size()));
    mnl_attr_parse_payload(attributes.data(), attributes.size(), read_attribute, &entry);
    return true;
}

void parse_message(const nlmsghdr& header, std::span<const std::uint8_t> payload, const DumpExpected& expected,
                   std::vector<DiagSocket>& sockets, DumpPart& part) {
    part.interrupted = part.interrupted || (header.nlmsg_flags & NLM_F_DUMP_INTR) != 0;
    switch (header.nlmsg_type) {
    case NLMSG_DONE:
    case NLMSG_ERROR: // both carry a negative errno, or 0; DONE may be without
        if (const auto number = copy_of<std::int32_t>(payload)) {
            part.error = *number < 0 && *number > -4096 ? -*number : (*number == 0 ? 0 : EPROTO);
            part.done = true;
        } else {
            part.done = header.nlmsg_type == NLMSG_DONE;
            part.truncated = !part.done;
        }
        break;
    case NLMSG_OVERRUN:
        part.interrupted = true;
        break;
    case SOCK_DIAG_BY_FAMILY:
        part.truncated = !parse_socket(payload, expected, sockets);
        break;
    default:
        break;
    }
}

} // namespace

DumpPart parse_dump(std::span<const std::uint8_t> bytes, const DumpExpected& expected,
                    std::vector<DiagSocket>& sockets) {
    DumpPart part;
    while (!bytes.empty() && !part.done && !part.truncated) {
        // Not mnl_nlmsg_ok: it takes lengths above INT_MAX for good ones.
        const auto header = copy_of<nlmsghdr>(bytes);
        if (!header || header->nlmsg_len < sizeof(nlmsghdr) || header->nlmsg_len > bytes.size()) {
            part.truncated = true;
            break;
        }
        const auto payload = bytes.subspan(sizeof(nlmsghdr), header->nlmsg_len - sizeof(nlmsghdr));
        if (header->nlmsg_seq == expected.sequence && header->nlmsg_pid == expected.port_id) {
            parse_message(*header, payload, expected, sockets, part);
        }
        bytes = bytes.subspan(std::min<std::size_t>(MNL_ALIGN(std::size_t{header->nlmsg_len}), bytes.size()));
    }
    return part;
}

} // namespace portside::platform
