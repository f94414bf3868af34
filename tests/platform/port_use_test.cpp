// SPDX-License-Identifier: MIT
// What uses a port: real sockets of this process in each state, by sock_diag and by /proc/net. One thread.
#include "core/platform/port_use.h"

#include "core/base/unique_fd.h"
#include "core/platform/sock_diag.h"
#include "tests/support/wait.h"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <sys/socket.h>
#include <sys/stat.h>

using namespace portside::platform;
using portside::base::UniqueFd;
using portside::support::wait_until;

namespace {

struct Bound {
    UniqueFd fd;
    sockaddr_in address{};
    [[nodiscard]] std::uint16_t port() const { return ntohs(address.sin_port); }
    [[nodiscard]] std::uint64_t inode() const {
        struct stat status {};
        REQUIRE(::fstat(fd.get(), &status) == 0);
        return status.st_ino;
    }
};

Bound bound(int type) {
    Bound made{UniqueFd(::socket(AF_INET, type | SOCK_CLOEXEC, 0))};
    made.address.sin_family = AF_INET;
    made.address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof made.address;
    auto* const generic = reinterpret_cast<sockaddr*>(&made.address);
    REQUIRE(::bind(made.fd.get(), generic, length) == 0);
    REQUIRE(::getsockname(made.fd.get(), generic, &length) == 0);
    return made;
}

UniqueFd connected_to(const Bound& server, int type) {
    UniqueFd client(::socket(AF_INET, type | SOCK_CLOEXEC, 0));
    REQUIRE(::connect(client.get(), reinterpret_cast<const sockaddr*>(&server.address), sizeof server.address) == 0);
    return client;
}

bool becomes(Protocol protocol, std::uint16_t port, SourceChoice source, const PortUse& wanted) {
    return wait_until([&] {
        const auto use = port_use(protocol, port, source);
        return use && *use == wanted;
    });
}

constexpr SourceChoice kSources[] = {SourceChoice::netlink, SourceChoice::proc, SourceChoice::automatic};

} // namespace

TEST_CASE("port_use - a TCP port from its listener to the last closing connection") {
    auto server = bound(SOCK_STREAM);
    REQUIRE(::listen(server.fd.get(), 4) == 0);
    const auto inode = server.inode();
    const auto port = server.port();
    for (const auto source : kSources) {
        CHECK(becomes(Protocol::tcp, port, source, {{inode}, 0, 0}));
        CHECK(becomes(Protocol::udp, port, source, {}));
    }
    auto client = connected_to(server, SOCK_STREAM);
    UniqueFd accepted(::accept4(server.fd.get(), nullptr, nullptr, SOCK_CLOEXEC));
    REQUIRE(accepted);
    for (const auto source : kSources) {
        CHECK(becomes(Protocol::tcp, port, source, {{inode}, 1, 0}));
    }
    accepted.reset(); // FIN_WAIT2: the client has not closed yet
    server.fd.reset();
    for (const auto source : kSources) {
        CHECK(becomes(Protocol::tcp, port, source, {{}, 0, 1}));
    }
    client.reset(); // TIME_WAIT
    for (const auto source : kSources) {
        CHECK(becomes(Protocol::tcp, port, source, {{}, 0, 1}));
    }
}

TEST_CASE("port_use - a connection that the client closed first waits for the server") {
    auto server = bound(SOCK_STREAM);
    REQUIRE(::listen(server.fd.get(), 4) == 0);
    const auto port = server.port();
    auto client = connected_to(server, SOCK_STREAM);
    const UniqueFd accepted(::accept4(server.fd.get(), nullptr, nullptr, SOCK_CLOEXEC));
    server.fd.reset();
    client.reset();
    for (const auto source : kSources) {
        CHECK(becomes(Protocol::tcp, port, source, {{}, 0, 1})); // CLOSE_WAIT
    }
}

TEST_CASE("port_use - UDP sockets unconnected and connected") {
    const auto server = bound(SOCK_DGRAM);
    const auto port = server.port();
    for (const auto source : kSources) {
        CHECK(becomes(Protocol::udp, port, source, {{server.inode()}, 0, 0}));
        CHECK(becomes(Protocol::tcp, port, source, {}));
    }
    const auto peer = bound(SOCK_DGRAM);
    REQUIRE(::connect(server.fd.get(), reinterpret_cast<const sockaddr*>(&peer.address), sizeof peer.address) == 0);
    for (const auto source : kSources) {
        CHECK(becomes(Protocol::udp, port, source, {{}, 1, 0}));
    }
}

TEST_CASE("port_use - a socket that is bound without listening holds its port where the kernel tells it") {
    const auto held = bound(SOCK_STREAM);
    const auto use = port_use(Protocol::tcp, held.port());
    REQUIRE(use.has_value());
    CHECK(use->holders == (kernel_tells_bound() ? std::vector{held.inode()} : std::vector<std::uint64_t>{}));
}

TEST_CASE("port_use - lines of proc net that are cut or of another form count for nothing") {
    PortUse use;
    add_proc_net_use(
        "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
        "   0: 0100007F:0BB8 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 71 1\n"
        "   1: 0100007F:0BB9 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 72 1\n"
        "   2: 0100007F:0BB8 0100007F:9999 06 00000000:00000000 03:00000000 00000000     0        0 0 3\n"
        "   3: :0BB8 x 0A\n   4: 0BB8 0 0A 0 0 0 0 0 0 9\nnothing at all\n"
        "   5: 0100007F:0BB8 00000000:0000 FFFF 00000000:00000000 00:00000000 00000000 1000 0 73 1\n"
        "   6: 0100007F:0BB8 0000",
        3000, use);
    CHECK(use == PortUse{{71}, 0, 1});
}

TEST_CASE("port_use - without any table it is an error that names the port") {
    const auto use = port_use(Protocol::tcp, 3000, SourceChoice::proc, "/nonexistent");
    REQUIRE_FALSE(use.has_value());
    CHECK(use.error().what.find("tcp port 3000") != std::string::npos);
}
