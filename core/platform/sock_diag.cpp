// SPDX-License-Identifier: MIT
// Asking the kernel for its sockets. A SockDiag belongs to one thread.
#include "core/platform/sock_diag.h"

#include "core/base/unique_fd.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <fmt/format.h>
#include <libmnl/libmnl.h>
#include <linux/inet_diag.h>
#include <linux/sock_diag.h>
#include <memory>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <tuple>

namespace portside::platform {

namespace {

constexpr std::size_t kFirstBuffer = 32U * 1024; // the kernel sends no larger parts
constexpr std::uint32_t kConnected = (1U << TCP_ESTABLISHED) | (1U << TCP_FIN_WAIT1) | (1U << TCP_FIN_WAIT2) |
                                     (1U << TCP_CLOSE_WAIT) | (1U << TCP_LAST_ACK) | (1U << TCP_CLOSING);
constexpr std::size_t kLargestBuffer = 4U * 1024 * 1024;

int kernel_family(Family family) {
    return family == Family::ipv4 ? AF_INET : AF_INET6;
}

std::uint32_t states_of(const SockDiag::Request& request) {
    if (request.connected) {
        return request.protocol == Protocol::udp ? 1U << TCP_ESTABLISHED : kConnected;
    }
    if (request.protocol == Protocol::udp) {
        return 1U << TCP_CLOSE; // unconnected, in UDP's use of the names
    }
    if (request.established) {
        return 1U << TCP_ESTABLISHED;
    }
    return (request.listening ? 1U << TCP_LISTEN : 0U) | (request.bound ? 1U << kBoundInactive : 0U);
}

bool send_request(mnl_socket* socket, const SockDiag::Request& request, std::uint32_t sequence) {
    alignas(nlmsghdr) std::array<char, 256> buffer{};
    nlmsghdr* const header = mnl_nlmsg_put_header(buffer.data());
    header->nlmsg_type = SOCK_DIAG_BY_FAMILY;
    header->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
    header->nlmsg_seq = sequence;
    auto* const body = static_cast<inet_diag_req_v2*>(mnl_nlmsg_put_extra_header(header, sizeof(inet_diag_req_v2)));
    body->sdiag_family = static_cast<std::uint8_t>(kernel_family(request.family));
    body->sdiag_protocol = request.protocol == Protocol::tcp ? IPPROTO_TCP : IPPROTO_UDP;
    body->idiag_states = states_of(request);
    body->id.idiag_sport = htons(request.local_port);
    body->id.idiag_dport = htons(request.remote_port);
    return mnl_socket_sendto(socket, header, header->nlmsg_len) >= 0;
}

struct Datagram {
    ssize_t length = -1; // -1: errno says why
    bool cut = false;    // longer than the buffer
    bool from_kernel = false;
};

Datagram receive(mnl_socket* socket, std::vector<std::uint8_t>& buffer) {
    sockaddr_nl sender{};
    iovec part{buffer.data(), buffer.size()};
    msghdr message{};
    message.msg_name = &sender;
    message.msg_namelen = sizeof sender;
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    Datagram datagram;
    do {
        datagram.length = ::recvmsg(mnl_socket_get_fd(socket), &message, 0);
    } while (datagram.length < 0 && errno == EINTR);
    datagram.cut = (message.msg_flags & MSG_TRUNC) != 0;
    datagram.from_kernel = message.msg_namelen == sizeof sender && sender.nl_pid == 0;
    return datagram;
}

auto identity(const DiagSocket& socket) {
    return std::tuple(socket.entry.inode, socket.entry.cookie);
}

} // namespace

void merge_duplicates(std::vector<DiagSocket>& sockets) {
    std::vector<std::uint64_t> inodes; // nearly always all differ, and sorting numbers is cheap
    inodes.reserve(sockets.size());
    for (const DiagSocket& socket : sockets) {
        inodes.push_back(socket.entry.inode);
    }
    std::sort(inodes.begin(), inodes.end());
    if (std::adjacent_find(inodes.begin(), inodes.end()) == inodes.end()) {
        return;
    }
    std::stable_sort(sockets.begin(), sockets.end(),
                     [](const DiagSocket& a, const DiagSocket& b) { return identity(a) < identity(b); });
    std::size_t kept = 0;
    for (std::size_t i = 0; i < sockets.size(); ++i) {
        const bool same =
            kept > 0 && sockets[i].entry.cookie != 0 && identity(sockets[kept - 1]) == identity(sockets[i]);
        kept -= same ? 1 : 0;
        if (kept != i) {
            sockets[kept] = std::move(sockets[i]);
        }
        ++kept;
    }
    sockets.resize(kept);
}

struct SockDiag::Attempt {
    enum class End : std::uint8_t { whole, interrupted, buffer_too_small, error };
    End end = End::error;
    int error = 0;
};

// The connection is kept only by a dump that came to its end: one that stopped half-way still has parts in its queue.
SockDiag::Attempt SockDiag::attempt(const Request& request, std::vector<DiagSocket>& sockets) {
    using End = Attempt::End;
    NetlinkSocket connection = std::move(connection_);
    if (!connection) {
        connection = open_sock_diag();
    }
    mnl_socket* const socket = connection.get();
    if (socket == nullptr || !send_request(socket, request, ++sequence_)) {
        return {End::error, errno};
    }
    const DumpExpected expected{request.protocol,    request.family,   sequence_, mnl_socket_get_portid(socket),
                                request.established, request.connected};
    bool interrupted = false;
    for (;;) {
        const Datagram datagram = receive(socket, buffer_);
        if (datagram.length < 0) {
            if (errno == ENOBUFS) { // the queue overran: parts are lost
                return {End::interrupted, 0};
            }
            return {End::error, errno == EAGAIN ? ETIMEDOUT : errno};
        }
        if (!datagram.from_kernel) {
            continue;
        }
        if (datagram.cut) {
            return {End::buffer_too_small, 0};
        }
        const DumpPart part =
            parse_dump({buffer_.data(), static_cast<std::size_t>(datagram.length)}, expected, sockets);
        if (part.error != 0 || part.truncated) {
            return {End::error, part.error != 0 ? part.error : EBADMSG};
        }
        interrupted = interrupted || part.interrupted;
        if (part.done) {
            connection_ = std::move(connection);
            return {interrupted ? End::interrupted : End::whole, 0};
        }
    }
}

base::Result<void> SockDiag::dump(const Request& request, std::vector<DiagSocket>& sockets) {
    using End = Attempt::End;
    sockets.clear();
    buffer_.resize(std::max(buffer_.size(), kFirstBuffer));
    for (int tries = 0; tries < kDumpAttempts;) {
        const Attempt result = attempt(request, sockets);
        if (result.end == End::buffer_too_small && buffer_.size() < kLargestBuffer) {
            buffer_.resize(buffer_.size() * 2);
            continue;
        }
        if (result.end == End::buffer_too_small || result.end == End::error) {
            return base::failed(base::error_from_errno(result.error != 0 ? result.error : EMSGSIZE,
                                                       fmt::format("Could not list {} sockets over {} by sock_diag",
                                                                   to_string(request.protocol),
                                                                   request.family == Family::ipv4 ? "IPv4" : "IPv6")));
        }
        if (result.end == End::whole) {
            break;
        }
        ++tries; // interrupted: what was seen stays, the next attempt adds what it missed
    }
    return {};
}

namespace {

enum class Told : std::uint8_t { untried, no, yes };
std::atomic<Told> bound_told{Told::untried};

// Nothing where the trial itself failed: the next call tries again.
std::optional<bool> try_bound() {
    const base::UniqueFd own(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    struct stat status {};
    if (!own || ::fstat(own.get(), &status) != 0) {
        return std::nullopt;
    }
    if (::bind(own.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        address.sin_addr.s_addr = htonl(INADDR_ANY); // loopback is down in a new network namespace
        if (::bind(own.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
            return std::nullopt;
        }
    }
    std::vector<DiagSocket> sockets;
    if (!SockDiag().dump({Protocol::tcp, Family::ipv4, false, true}, sockets)) {
        return std::nullopt;
    }
    return std::any_of(sockets.begin(), sockets.end(),
                       [&](const DiagSocket& socket) { return socket.entry.inode == status.st_ino; });
}

} // namespace

bool kernel_tells_bound() {
    if (bound_told == Told::untried) {
        if (const auto told = try_bound()) {
            bound_told = *told ? Told::yes : Told::no;
        }
    }
    return bound_told == Told::yes;
}

} // namespace portside::platform
