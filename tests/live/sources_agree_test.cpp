// SPDX-License-Identifier: MIT
// Own sockets are found by both sources, and told alike but for what /proc cannot say. One thread.
#include "tests/live/live_sockets.h"

#include <algorithm>
#include <cstring>
#include <doctest/doctest.h>
#include <unistd.h>

using namespace portside::live;
using namespace portside::platform;

namespace {

SocketEntry the_one(const SocketListing& listing, const LiveSocket& socket) {
    const auto found = with_inode(listing, socket.inode);
    REQUIRE(found.size() == 1);
    return found.front();
}

} // namespace

TEST_CASE("both sources find every kind of socket and tell the same of it") {
    std::vector<LiveSocket> sockets;
    for (const Protocol protocol : {Protocol::tcp, Protocol::udp}) {
        sockets.push_back(make_socket({.protocol = protocol, .address = "127.0.0.1"}));
        sockets.push_back(make_socket({.protocol = protocol, .address = "::1", .v6only = true}));
        sockets.push_back(make_socket({.protocol = protocol, .address = "::1", .v6only = false}));
        sockets.push_back(make_socket({.protocol = protocol, .address = "::ffff:127.0.0.1", .v6only = false}));
    }
    const SocketListing diag = list(SourceChoice::netlink);
    const SocketListing proc = list(SourceChoice::proc);
    for (const LiveSocket& socket : sockets) {
        CAPTURE(socket.wanted.address);
        const SocketEntry by_diag = the_one(diag, socket);
        const SocketEntry by_proc = the_one(proc, socket);
        CHECK(without_unknowns(by_diag) == by_proc);
        const bool six = by_diag.family == Family::ipv6;
        CHECK(six == (socket.wanted.address != "127.0.0.1"));
        CHECK(by_diag.protocol == socket.wanted.protocol);
        CHECK(by_diag.state == (by_diag.protocol == Protocol::tcp ? SocketState::listen : SocketState::unconn));
        CHECK(to_string(by_diag.local.address) == socket.wanted.address);
        CHECK(by_diag.local.port == socket.port);
        CHECK(by_diag.uid == ::geteuid());
        // Bound to an IPv6 address of its own, a socket takes no IPv4 whatever it asked for.
        const bool only = socket.wanted.v6only || socket.wanted.address == "::1";
        CHECK(by_diag.v6only == (six ? std::optional(only) : std::nullopt));
        CHECK(by_diag.cookie != 0);
        CHECK(by_diag.send_queue == (by_diag.protocol == Protocol::tcp ? 16 : 0));
        CHECK_FALSE(by_proc.v6only.has_value());
        CHECK_FALSE(by_proc.cgroup_id.has_value());
    }
}

TEST_CASE("several sockets on one port are several entries") {
    const LiveSocket first = make_socket({.reuse_port = true});
    const LiveSocket second = make_socket({.reuse_port = true, .port = first.port});
    const LiveSocket third = make_socket({.reuse_port = true, .port = first.port});
    for (const SourceChoice choice : {SourceChoice::netlink, SourceChoice::proc}) {
        const SocketListing listing = list(choice);
        for (const LiveSocket* socket : {&first, &second, &third}) {
            CHECK(the_one(listing, *socket).local.port == first.port);
        }
    }
}

TEST_CASE("connected UDP and plainly bound TCP sockets are not listed") {
    const LiveSocket connected = make_socket({.protocol = Protocol::udp, .kind = Kind::connected});
    const LiveSocket bound = make_socket({.kind = Kind::bound});
    for (const SourceChoice choice : {SourceChoice::netlink, SourceChoice::proc}) {
        const SocketListing listing = list(choice);
        CHECK(with_inode(listing, connected.inode).empty());
        CHECK(with_inode(listing, bound.inode).empty());
        CHECK_FALSE(listing.bound_known);
    }
}

// Not skipped on older kernels: there the answer must be that it is not known.
TEST_CASE("a TCP socket that is bound without listening is listed where the kernel can tell") {
    const LiveSocket four = make_socket({.kind = Kind::bound});
    const LiveSocket six = make_socket({.address = "::1", .kind = Kind::bound});
    const LiveSocket listening = make_socket({});
    const SocketListing listing = list(SourceChoice::automatic, true);
    CHECK(the_one(listing, listening).state == SocketState::listen);
    for (const LiveSocket* socket : {&four, &six}) {
        const auto found = with_inode(listing, socket->inode);
        REQUIRE(found.size() == (listing.bound_known ? 1 : 0));
        if (listing.bound_known) {
            CHECK(found.front().state == SocketState::bound);
            CHECK(found.front().local.port == socket->port);
            CHECK(found.front().v6only == (socket == &six ? std::optional(true) : std::nullopt));
        }
    }
    const SocketListing proc = list(SourceChoice::proc, true);
    CHECK_FALSE(proc.bound_known);
    CHECK(with_inode(proc, four.inode).empty());
}

TEST_CASE("a socket bound to a device names it where the source says so") {
    const LiveSocket socket = make_socket({.protocol = Protocol::udp, .address = "0.0.0.0", .device = "lo"});
    CHECK(the_one(list(SourceChoice::netlink), socket).interface == "lo");
    CHECK(the_one(list(SourceChoice::proc), socket).interface.empty());
}
