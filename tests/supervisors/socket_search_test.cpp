// SPDX-License-Identifier: MIT
// core/supervisors/socket_search: where a .socket unit listens, as systemd writes it.
#include "core/supervisors/socket_search.h"

#include <arpa/inet.h>
#include <doctest/doctest.h>

using namespace portside;
using platform::Family;
using platform::Protocol;
using supervisors::listens_on;

namespace {

platform::ManagerSockets sockets(Protocol protocol, std::vector<std::string> addresses, std::uint16_t port) {
    platform::ManagerSockets made;
    made.protocol = protocol;
    for (const auto& text : addresses) {
        const bool v6 = text.find(':') != std::string::npos;
        platform::Endpoint endpoint{{v6 ? Family::ipv6 : Family::ipv4, {}}, port};
        REQUIRE(::inet_pton(v6 ? AF_INET6 : AF_INET, text.c_str(), endpoint.address.bytes.data()) == 1);
        made.endpoints.push_back(endpoint);
    }
    return made;
}

} // namespace

TEST_CASE("socket_search - an address is the same one whatever its form") {
    const auto local = sockets(Protocol::tcp, {"127.0.0.1", "::1"}, 3000);
    CHECK(listens_on("Stream", "127.0.0.1:3000", local));
    CHECK(listens_on("Stream", "[::1]:3000", local));
    CHECK(listens_on("Stream", "[0:0:0:0:0:0:0:1]:3000", local));
    CHECK_FALSE(listens_on("Stream", "127.0.0.1:3001", local));
    CHECK_FALSE(listens_on("Stream", "127.0.0.2:3000", local));
    CHECK_FALSE(listens_on("Stream", "0.0.0.0:3000", local));
    CHECK_FALSE(listens_on("Stream", "[::]:3000", local));
    CHECK_FALSE(listens_on("Stream", "3000", local)); // that is all addresses
    const auto scoped = sockets(Protocol::tcp, {"fe80::1"}, 22);
    CHECK(listens_on("Stream", "[fe80::1]:22%2", scoped));
    CHECK(listens_on("Stream", "[fe80::1]:22%eth0", scoped));
    const auto mapped = sockets(Protocol::tcp, {"::ffff:127.0.0.1"}, 22);
    CHECK(listens_on("Stream", "[::ffff:127.0.0.1]:22", mapped));
    CHECK_FALSE(listens_on("Stream", "127.0.0.1:22", mapped));
}

TEST_CASE("socket_search - a number alone is all addresses of either family") {
    CHECK(listens_on("Stream", "22", sockets(Protocol::tcp, {"::"}, 22)));
    CHECK(listens_on("Stream", "22", sockets(Protocol::tcp, {"0.0.0.0"}, 22)));
    CHECK(listens_on("Stream", "[::]:22", sockets(Protocol::tcp, {"::"}, 22)));
    CHECK_FALSE(listens_on("Stream", "22", sockets(Protocol::tcp, {"::"}, 23)));
}

TEST_CASE("socket_search - the protocol counts") {
    const auto udp = sockets(Protocol::udp, {"0.0.0.0"}, 53);
    CHECK(listens_on("Datagram", "0.0.0.0:53", udp));
    CHECK_FALSE(listens_on("Stream", "0.0.0.0:53", udp));
    CHECK_FALSE(listens_on("Datagram", "0.0.0.0:53", sockets(Protocol::tcp, {"0.0.0.0"}, 53)));
    CHECK_FALSE(listens_on("SequentialPacket", "0.0.0.0:53", sockets(Protocol::tcp, {"0.0.0.0"}, 53)));
}

TEST_CASE("socket_search - what is no address of the network is none") {
    const auto any = sockets(Protocol::tcp, {"::", "0.0.0.0"}, 80);
    for (const char* const text : {"",
                                   ":",
                                   "[",
                                   "[]",
                                   "[]:",
                                   "[]:80",
                                   "]:80",
                                   ":80",
                                   "[::]",
                                   "[::]80",
                                   "[::]:",
                                   "[::]:80 ",
                                   "[::]:x",
                                   "[::]:65616",
                                   "0.0.0.0",
                                   "0.0.0.0:",
                                   "0.0.0.0:80%2",
                                   "0.0.0.0:-80",
                                   "0.0.0.0:080x",
                                   "[0.0.0.0]:80",
                                   "::80",
                                   ":::80",
                                   "/run/x:80",
                                   "@x:80",
                                   "vsock:2:80",
                                   "vsock::80",
                                   "kobject-uevent 80",
                                   "*:80"}) {
        INFO(text);
        CHECK_FALSE(listens_on("Stream", text, any));
    }
}
