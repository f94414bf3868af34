// SPDX-License-Identifier: MIT
// The connections of a row: only its own, with the process at the other end, read only while they are wished for.
#include "core/snapshot/connections_reader.h"
#include "core/snapshot/scanner_thread.h"
#include "own_listener.h"
#include "owned_row.h"
#include "tests/support/wait.h"

#include <atomic>
#include <chrono>
#include <doctest/doctest.h>
#include <unistd.h>

using namespace portside;
using namespace portside::snapshot;
using namespace std::chrono_literals;

namespace {

platform::SocketEntry listening(const char* address, std::uint64_t inode, std::optional<bool> v6only = {}) {
    platform::SocketEntry entry;
    entry.inode = inode;
    entry.v6only = v6only;
    entry.local.port = 80;
    entry.family =
        std::string_view(address).find(':') == std::string_view::npos ? platform::Family::ipv4 : platform::Family::ipv6;
    entry.local.address.family = entry.family;
    const int family = entry.family == platform::Family::ipv4 ? AF_INET : AF_INET6;
    REQUIRE(::inet_pton(family, address, entry.local.address.bytes.data()) == 1);
    return entry;
}

bool belongs(const char* local, std::uint64_t inode, const std::vector<platform::SocketEntry>& sockets) {
    std::vector<const platform::SocketEntry*> of_port;
    for (const auto& socket : sockets) {
        of_port.push_back(&socket);
    }
    return belongs_to(listening(local, 0).local.address, {.row = {}, .inodes = {inode}}, of_port);
}

} // namespace

TEST_CASE("connections - the most exact address of a port takes a connection") {
    const std::vector<platform::SocketEntry> sockets{listening("0.0.0.0", 1), listening("127.0.0.1", 2)};
    CHECK(belongs("127.0.0.1", 2, sockets));
    CHECK_FALSE(belongs("127.0.0.1", 1, sockets));
    CHECK(belongs("10.0.0.1", 1, sockets));
    CHECK_FALSE(belongs("10.0.0.1", 2, sockets));
    CHECK_FALSE(belongs("::1", 1, sockets));
    CHECK_FALSE(belongs("10.0.0.1", 9, sockets)); // a row that is none of them
}

TEST_CASE("connections - an IPv6 wildcard takes IPv4 only where it is for both") {
    CHECK(belongs("10.0.0.1", 1, {listening("::", 1, false)}));
    CHECK_FALSE(belongs("10.0.0.1", 1, {listening("::", 1, true)}));
    CHECK(belongs("fe80::1", 1, {listening("::", 1, true)}));
    CHECK(belongs("127.0.0.1", 1, {listening("::ffff:127.0.0.1", 1, false)}));
    const std::vector<platform::SocketEntry> shared{listening("0.0.0.0", 1), listening("0.0.0.0", 2)};
    CHECK(belongs("10.0.0.1", 1, shared)); // SO_REUSEPORT: it may be either's
    CHECK(belongs("10.0.0.1", 2, shared));
}

TEST_CASE("connections - endpoints are written as they are typed") {
    CHECK(endpoint_text({listening("127.0.0.1", 0).local.address, 80}) == "127.0.0.1:80");
    CHECK(endpoint_text({listening("::1", 0).local.address, 443}) == "[::1]:443");
}

TEST_CASE("connections - are read while they are wished for with the process at the other end") {
    const snapshot::test::OwnListener listener;
    std::atomic<int> wakes{0};
    ScannerThread thread(ScannerOptions{}, 50ms, [&] { ++wakes; });
    SnapshotPtr snapshot;
    REQUIRE(support::wait_until([&] {
        snapshot = thread.report().snapshot;
        return test::owned_row(snapshot, listener.port()) != nullptr;
    }));
    CHECK_FALSE(thread.connections());
    const Row& row = *test::owned_row(snapshot, listener.port());
    thread.set_connections_of(ConnectionsWish{row.key, {row.sockets.front().inode}});
    REQUIRE(support::wait_until([&] { return thread.connections() != nullptr; }));
    CHECK(thread.connections()->row == row.key);
    CHECK(thread.connections()->count == 0);
    CHECK(thread.connections()->problem.empty());
    auto client = listener.connect();
    REQUIRE(support::wait_until(
        [&] { return thread.connections()->count == 1 && thread.connections()->some[0].peer.pid != 0; }));
    const auto one = thread.connections()->some[0];
    CHECK(one.is_local);
    CHECK(one.peer.pid == ::getpid());
    CHECK_FALSE(one.peer_name.empty());
    CHECK(one.remote_text.starts_with("127.0.0.1:"));
    const int before = wakes;
    client.reset();
    REQUIRE(support::wait_until([&] {
        const auto now = thread.connections();
        return now->count == 1 && now->some[0].state == platform::ConnectionState::close_wait;
    }));
    CHECK(wakes > before); // it is shown at once
    thread.set_connections_of(std::nullopt);
    CHECK(support::wait_until([&] { return !thread.connections(); }));
}

TEST_CASE("connections - of very many the first are told and the rest is counted") {
    const snapshot::test::OwnListener listener;
    std::vector<base::UniqueFd> clients;
    std::vector<base::UniqueFd> accepted;
    for (std::size_t i = 0; i < kMostRowConnections + 5; ++i) {
        clients.push_back(listener.connect());
        accepted.push_back(listener.accept());
    }
    Scanner scanner({});
    const auto snapshot = scanner.scan();
    REQUIRE(snapshot);
    const Row* const row = test::owned_row(*snapshot, listener.port());
    REQUIRE(row != nullptr);
    const auto read = scanner.read_connections({row->key, {row->sockets.front().inode}});
    CHECK(read.count == kMostRowConnections + 5);
    CHECK(read.some.size() == kMostRowConnections);
    CHECK(read == scanner.read_connections({row->key, {row->sockets.front().inode}})); // and in the same order
}
