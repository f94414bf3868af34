// SPDX-License-Identifier: MIT
// Real sockets for the live tests. One thread.
#include "tests/live/live_sockets.h"

#include <algorithm>
#include <arpa/inet.h>
#include <cerrno>
#include <fmt/format.h>
#include <netinet/in.h>
#include <stdexcept>
#include <sys/socket.h>
#include <sys/stat.h>
#include <system_error>

namespace portside::live {

namespace {

void must(bool worked, const Wanted& wanted) {
    if (!worked) {
        throw std::runtime_error(fmt::format("{} {}: {}", to_string(wanted.protocol), wanted.address,
                                             std::generic_category().message(errno)));
    }
}

struct SocketAddress {
    sockaddr_storage storage{};
    socklen_t length = 0;
    sockaddr* generic() { return reinterpret_cast<sockaddr*>(&storage); }
};

SocketAddress address_of(const Wanted& wanted, bool six) {
    SocketAddress address;
    if (six) {
        auto* const in6 = reinterpret_cast<sockaddr_in6*>(&address.storage);
        in6->sin6_family = AF_INET6;
        in6->sin6_port = htons(wanted.port);
        must(inet_pton(AF_INET6, wanted.address.c_str(), &in6->sin6_addr) == 1, wanted);
        address.length = sizeof(sockaddr_in6);
    } else {
        auto* const in = reinterpret_cast<sockaddr_in*>(&address.storage);
        in->sin_family = AF_INET;
        in->sin_port = htons(wanted.port);
        must(inet_pton(AF_INET, wanted.address.c_str(), &in->sin_addr) == 1, wanted);
        address.length = sizeof(sockaddr_in);
    }
    return address;
}

} // namespace

LiveSocket make_socket(const Wanted& wanted) {
    const bool six = wanted.address.find(':') != std::string::npos;
    const int type = wanted.protocol == platform::Protocol::tcp ? SOCK_STREAM : SOCK_DGRAM;
    LiveSocket socket{base::UniqueFd(::socket(six ? AF_INET6 : AF_INET, type | SOCK_CLOEXEC, 0)), wanted, 0, 0};
    must(static_cast<bool>(socket.fd), wanted);
    const int fd = socket.fd.get();
    const int v6only = wanted.v6only ? 1 : 0;
    const int on = 1;
    must(!six || ::setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &v6only, sizeof v6only) == 0, wanted);
    must(!wanted.reuse_port || ::setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on) == 0, wanted);
    must(wanted.device.empty() || ::setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, wanted.device.data(),
                                               static_cast<socklen_t>(wanted.device.size())) == 0,
         wanted);
    SocketAddress address = address_of(wanted, six);
    must(::bind(fd, address.generic(), address.length) == 0, wanted);
    must(type == SOCK_DGRAM || wanted.kind != Kind::listening || ::listen(fd, 16) == 0, wanted);
    must(::getsockname(fd, address.generic(), &address.length) == 0, wanted);
    // sin_port and sin6_port lie at the same place.
    socket.port = ntohs(reinterpret_cast<sockaddr_in*>(&address.storage)->sin_port);
    must(wanted.kind != Kind::connected || ::connect(fd, address.generic(), address.length) == 0, wanted);
    struct stat status {};
    must(::fstat(fd, &status) == 0, wanted);
    socket.inode = status.st_ino;
    return socket;
}

platform::SocketListing list(platform::SourceChoice choice, bool include_bound) {
    platform::SocketListing listing;
    const auto listed = platform::SocketSource(choice).list({include_bound}, listing);
    if (!listed) {
        throw std::runtime_error(listed.error().what);
    }
    return listing;
}

std::vector<platform::SocketEntry> with_inode(const platform::SocketListing& listing, std::uint64_t inode) {
    std::vector<platform::SocketEntry> found;
    std::copy_if(listing.sockets.begin(), listing.sockets.end(), std::back_inserter(found),
                 [&](const platform::SocketEntry& entry) { return entry.inode == inode; });
    return found;
}

platform::SocketEntry without_unknowns(platform::SocketEntry entry) {
    entry.v6only.reset();
    entry.cgroup_id.reset();
    entry.cookie = 0;
    entry.interface.clear();
    if (entry.state == platform::SocketState::listen) {
        entry.send_queue = 0; // the backlog's limit
    }
    return entry;
}

} // namespace portside::live
