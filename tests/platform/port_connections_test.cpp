// SPDX-License-Identifier: MIT
// The connections of one port as the kernel tells them, with what is at their other end.
#include "core/base/unique_fd.h"
#include "core/platform/port_connections.h"

#include <algorithm>
#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>

using namespace portside;
using namespace portside::platform;

namespace {

std::uint64_t inode_of(const base::UniqueFd& socket) {
    struct stat status {};
    REQUIRE(::fstat(socket.get(), &status) == 0);
    return status.st_ino;
}

std::uint16_t port_of(const base::UniqueFd& socket) {
    sockaddr_storage address{};
    socklen_t length = sizeof address;
    REQUIRE(::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&address), &length) == 0);
    return ntohs(address.ss_family == AF_INET ? reinterpret_cast<const sockaddr_in*>(&address)->sin_port
                                              : reinterpret_cast<const sockaddr_in6*>(&address)->sin6_port);
}

sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    return address;
}

base::UniqueFd bound(int family, int type) {
    base::UniqueFd socket(::socket(family, type | SOCK_CLOEXEC, 0));
    if (family == AF_INET) {
        const auto address = loopback(0);
        REQUIRE(::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    } else {
        const int off = 0;
        REQUIRE(::setsockopt(socket.get(), IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off) == 0);
        sockaddr_in6 address{};
        address.sin6_family = AF_INET6;
        REQUIRE(::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    }
    REQUIRE((type != SOCK_STREAM || ::listen(socket.get(), 8) == 0));
    return socket;
}

base::UniqueFd connected_to(std::uint16_t port, int type = SOCK_STREAM) {
    base::UniqueFd socket(::socket(AF_INET, type | SOCK_CLOEXEC, 0));
    const auto address = loopback(port);
    REQUIRE(::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    return socket;
}

std::vector<PortConnection> read(std::uint16_t port, Protocol protocol = Protocol::tcp) {
    std::vector<PortConnection> found;
    PortConnections connections;
    REQUIRE(connections.read(protocol, port, found));
    return found;
}

} // namespace

TEST_CASE("a port without connections has none and those of other ports do not count") {
    const auto listener = bound(AF_INET, SOCK_STREAM);
    const auto other = bound(AF_INET, SOCK_STREAM);
    const auto client = connected_to(port_of(other));
    CHECK(read(port_of(listener)).empty());
    CHECK(read(port_of(other)).size() == 1);
}

TEST_CASE("a connection is told with both ends and the socket at the other one") {
    const auto listener = bound(AF_INET, SOCK_STREAM);
    const auto first = connected_to(port_of(listener));
    const auto second = connected_to(port_of(listener));
    const base::UniqueFd accepted(::accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC));
    const auto found = read(port_of(listener));
    REQUIRE(found.size() == 2);
    CHECK(std::ranges::is_sorted(found, {}, &PortConnection::remote));
    for (const auto* const client : {&first, &second}) {
        const auto one = std::ranges::find(found, port_of(*client), [](const auto& c) { return c.remote.port; });
        REQUIRE(one != found.end());
        CHECK(one->state == ConnectionState::established);
        CHECK(one->local.port == port_of(listener));
        CHECK(to_string(one->remote.address) == "127.0.0.1");
        CHECK(one->peer_inode == inode_of(*client));
    }
    CHECK(std::ranges::count(found, inode_of(accepted), &PortConnection::inode) == 1);
}

TEST_CASE("an IPv4 connection of an IPv6 socket is told as one with its other end") {
    const auto listener = bound(AF_INET6, SOCK_STREAM);
    const auto client = connected_to(port_of(listener));
    const auto found = read(port_of(listener));
    REQUIRE(found.size() == 1);
    CHECK(to_string(found[0].local.address) == "127.0.0.1");
    CHECK(found[0].peer_inode == inode_of(client));
}

TEST_CASE("a connection whose other end is closed waits to be closed and goes then") {
    const auto listener = bound(AF_INET, SOCK_STREAM);
    auto client = connected_to(port_of(listener));
    base::UniqueFd accepted(::accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC));
    client.reset();
    auto found = read(port_of(listener));
    REQUIRE(found.size() == 1);
    CHECK(found[0].state == ConnectionState::close_wait);
    accepted.reset();
    CHECK(read(port_of(listener)).empty()); // the client's TIME_WAIT is none of this port's
}

TEST_CASE("a connected UDP socket is told under its own port") {
    const auto server = bound(AF_INET, SOCK_DGRAM);
    const auto client = connected_to(port_of(server), SOCK_DGRAM);
    CHECK(read(port_of(server), Protocol::udp).empty()); // it takes from anybody
    const auto found = read(port_of(client), Protocol::udp);
    REQUIRE(found.size() == 1);
    CHECK(found[0].remote.port == port_of(server));
    CHECK(found[0].state == ConnectionState::established);
}
