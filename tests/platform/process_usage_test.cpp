// SPDX-License-Identifier: MIT
// core/platform/process_usage and connections: what one process uses, and whom it is connected to.
#include "core/platform/connections.h"
#include "core/platform/process_usage.h"

#include "core/platform/process.h"
#include "fake_proc.h"

#include <algorithm>
#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <string>
#include <sys/socket.h>
#include <unistd.h>

using namespace portside;
using namespace portside::platform;
using namespace std::chrono_literals;
using portside::platform::test::TemporaryFolder;

namespace {

// Fields 14, 15 (ticks), 20 (threads), 22 (start), 24 (pages); terminal pts/3 is 34819.
const std::string kStat =
    "42 (a) b) S 7 42 40 34819 42 4194304 1 0 0 0 250 50 0 0 20 0 6 0 9000 1000 512 18446744073\n";

ProcessId self() {
    const auto stat = read_stat(::getpid());
    REQUIRE(stat);
    return stat->id;
}

// Two ends of a connection over loopback, both ours.
struct Pair {
    base::UniqueFd listener{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    base::UniqueFd client{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    base::UniqueFd accepted;
    std::uint16_t port = 0;

    Pair() {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        REQUIRE(::bind(listener.get(), reinterpret_cast<sockaddr*>(&address), size) == 0);
        REQUIRE(::listen(listener.get(), 5) == 0);
        REQUIRE(::getsockname(listener.get(), reinterpret_cast<sockaddr*>(&address), &size) == 0);
        port = ntohs(address.sin_port);
        REQUIRE(::connect(client.get(), reinterpret_cast<sockaddr*>(&address), size) == 0);
        accepted = base::UniqueFd(::accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC));
        REQUIRE(accepted);
    }
};

} // namespace

TEST_CASE("usage - from the fields behind the last parenthesis") {
    const auto usage = parse_usage(kStat, 100, 4096);
    REQUIRE(usage);
    CHECK(usage->cpu == 3000ms);
    CHECK(usage->threads == 6);
    CHECK(usage->start_time == 9000);
    CHECK(usage->resident_bytes == 512 * 4096);
    CHECK(usage->session == 40);
    CHECK(usage->terminal == "pts/3");
    CHECK_FALSE(usage->proportional_bytes);
}

TEST_CASE("usage - what is cut or no stat at all is nothing") {
    for (std::size_t length = 0; length + 18 < kStat.size(); ++length) {
        CHECK_FALSE(parse_usage(kStat.substr(0, std::min(length, kStat.find(" 512"))), 100, 4096));
    }
    CHECK_FALSE(parse_usage("", 100, 4096));
    CHECK_FALSE(parse_usage(kStat, 0, 4096));
    CHECK_FALSE(parse_usage("42 (x) S -1 x x x x x x x x x x x x x x x x x x x x x\n", 100, 4096));
}

TEST_CASE("usage - the share in common memory") {
    CHECK(parse_proportional("55-7f ---p 00 00:00 0 [rollup]\nRss: 900 kB\nPss:     512 kB\nPss_Anon: 3 kB\n") ==
          512 * 1024);
    CHECK_FALSE(parse_proportional("Rss: 900 kB\n"));
    CHECK_FALSE(parse_proportional("Pss: many kB\n"));
    CHECK_FALSE(parse_proportional(""));
}

TEST_CASE("usage - of ourselves and of nobody else with our number") {
    const ProcRoot root("/proc");
    const auto usage = read_usage(root, self());
    REQUIRE(usage);
    CHECK(usage->resident_bytes > 100'000);
    CHECK(usage->threads >= 1);
    CHECK(usage->session == ::getsid(0));
    auto other = self();
    ++other.start_time;
    const auto none = read_usage(root, other);
    REQUIRE_FALSE(none);
    CHECK(none.error().kind == base::ErrorKind::not_found);
}

TEST_CASE("connections - both ends of our own and none of another process") {
    const ProcRoot root("/proc");
    const Pair pair;
    Connections connections(root);
    const ProcessId us = self();
    const auto found = connections.of({&us, 1}, 100);
    REQUIRE(found);
    const auto incoming = std::ranges::count(found->some, pair.port, [](const auto& one) { return one.local.port; });
    const auto outgoing = std::ranges::count(found->some, pair.port, [](const auto& one) { return one.remote.port; });
    CHECK(incoming == 1);
    CHECK(outgoing == 1);
    const test::Fork idle([&] {
        ::close(pair.listener.get());
        ::close(pair.client.get());
        ::close(pair.accepted.get());
    });
    const ProcessId child{idle.pid(), 0};
    const auto of_child = connections.of({&child, 1}, 100);
    REQUIRE(of_child);
    CHECK(of_child->count == 0);
}

TEST_CASE("connections - as many as may be are told and all are counted") {
    const ProcRoot root("/proc");
    const Pair one;
    const Pair two;
    Connections connections(root);
    const ProcessId us = self();
    const auto found = connections.of({&us, 1}, 2);
    REQUIRE(found);
    CHECK(found->some.size() == 2);
    CHECK(found->count >= 4);
}

TEST_CASE("connections - of a process that is gone nothing can be told") {
    const TemporaryFolder empty;
    const ProcRoot root(empty.path());
    Connections connections(root);
    const ProcessId nobody{12345, 1};
    CHECK_FALSE(connections.of({&nobody, 1}, 10));
}
