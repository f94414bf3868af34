// SPDX-License-Identifier: MIT
// A sock_diag dump that is only received (sock_diag(7), netlink(7)). One thread.
#include "tests/bench/raw_dump.h"

#include <cstring>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <utility>

namespace portside::bench {
namespace {

constexpr std::size_t kBuffer = 64U * 1024; // as SockDiag's
constexpr timeval kPatience{2, 0};

struct Question {
    nlmsghdr header{};
    inet_diag_req_v2 body{};
};

bool send(int socket, std::uint32_t sequence, platform::Protocol protocol, platform::Family family) {
    Question question;
    question.header.nlmsg_len = sizeof question;
    question.header.nlmsg_type = SOCK_DIAG_BY_FAMILY;
    question.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
    question.header.nlmsg_seq = sequence;
    const bool tcp = protocol == platform::Protocol::tcp;
    question.body.sdiag_family = family == platform::Family::ipv4 ? AF_INET : AF_INET6;
    question.body.sdiag_protocol = tcp ? IPPROTO_TCP : IPPROTO_UDP;
    question.body.idiag_states = 1U << (tcp ? TCP_LISTEN : TCP_CLOSE);
    return ::send(socket, &question, sizeof question, 0) == static_cast<ssize_t>(sizeof question);
}

// The last message of a dump comes alone or at the end of a datagram; its length is this, whatever the rest is.
bool ends_dump(const std::uint8_t* bytes, std::size_t length, std::uint32_t sequence) {
    constexpr std::size_t kLast = NLMSG_LENGTH(sizeof(int));
    nlmsghdr header{};
    if (length < kLast) {
        return false;
    }
    std::memcpy(&header, bytes + length - kLast, sizeof header);
    return header.nlmsg_type == NLMSG_DONE && header.nlmsg_len == kLast && header.nlmsg_seq == sequence;
}

} // namespace

RawReceiver::RawReceiver() : buffer_(kBuffer) {
    base::UniqueFd socket(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG));
    sockaddr_nl address{};
    address.nl_family = AF_NETLINK;
    socklen_t size = sizeof address;
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    if (socket && ::bind(socket.get(), generic, size) == 0 && ::getsockname(socket.get(), generic, &size) == 0 &&
        ::setsockopt(socket.get(), SOL_SOCKET, SO_RCVTIMEO, &kPatience, sizeof kPatience) == 0) {
        socket_ = std::move(socket);
        port_id_ = address.nl_pid;
    }
}

RawDump RawReceiver::receive(platform::Protocol protocol, platform::Family family, bool keep) {
    RawDump dump;
    dump.expected = {protocol, family, ++sequence_, port_id_};
    if (!socket_ || !send(socket_.get(), sequence_, protocol, family)) {
        return dump;
    }
    while (!dump.whole) {
        const ssize_t length = ::recv(socket_.get(), buffer_.data(), buffer_.size(), 0);
        if (length <= 0) {
            return dump;
        }
        if (keep) {
            dump.datagrams.emplace_back(buffer_.begin(), buffer_.begin() + length);
        }
        dump.whole = ends_dump(buffer_.data(), static_cast<std::size_t>(length), sequence_);
    }
    return dump;
}

} // namespace portside::bench
