// SPDX-License-Identifier: MIT
// Which source serves which table, on made-up trees. tests/live has the real kernel. One thread.
#include "core/platform/socket_source.h"

#include "core/base/unique_fd.h"
#include "tests/owners/elsewhere.h"
#include "tests/platform/fake_proc.h"
#include "tests/platform/puppet.h"

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <doctest/doctest.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <netinet/in.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace portside::platform;

namespace {

void add_tables(const test::TemporaryFolder& proc, const std::vector<std::string>& names) {
    for (const auto& name : names) {
        proc.write("net/" + name, test::fixture("proc_net_" + name + ".txt"));
    }
}

} // namespace

TEST_CASE("all four tables from proc in one order") {
    const test::TemporaryFolder proc;
    add_tables(proc, {"tcp", "tcp6", "udp", "udp6"});
    SocketSource source(SourceChoice::proc, proc.path());
    SocketListing listing;
    REQUIRE(source.list({}, listing));
    CHECK(listing.sockets.size() == 10);
    CHECK_FALSE(listing.bound_known);
    for (const TableStatus& table : listing.tables) {
        CHECK(table.source == Source::proc);
        CHECK(table.why.empty());
    }
    const auto by_port = [](const SocketEntry& a, const SocketEntry& b) {
        return std::pair(a.protocol, a.local.port) < std::pair(b.protocol, b.local.port);
    };
    CHECK(std::is_sorted(listing.sockets.begin(), listing.sockets.end(), by_port));

    const auto first = listing.sockets;
    REQUIRE(source.list({.include_bound = true}, listing));
    CHECK(listing.sockets == first); // a listing is replaced, not added to
    CHECK_FALSE(listing.bound_known);
}

TEST_CASE("without IPv6 its tables are missing and nothing is said about it") {
    const test::TemporaryFolder proc;
    add_tables(proc, {"tcp", "udp"});
    SocketSource source(SourceChoice::proc, proc.path());
    SocketListing listing;
    REQUIRE(source.list({}, listing));
    CHECK(listing.sockets.size() == 5);
    CHECK(listing.tables[1] == TableStatus{Source::none, ""});
    CHECK(listing.tables[3] == TableStatus{Source::none, ""});
}

TEST_CASE("one unreadable table does not take the others with it") {
    const test::TemporaryFolder proc;
    add_tables(proc, {"tcp", "tcp6", "udp6"});
    SocketSource source(SourceChoice::proc, proc.path());
    SocketListing listing;
    REQUIRE(source.list({}, listing));
    CHECK(listing.tables[2].source == Source::none);
    CHECK(listing.tables[2].why.find("net/udp: ") != std::string::npos);
    CHECK(listing.tables[2].why.ends_with('.'));
    CHECK(listing.sockets.size() == 8);
}

TEST_CASE("no table at all is an error") {
    const test::TemporaryFolder proc;
    SocketSource source(SourceChoice::proc, proc.path());
    SocketListing listing;
    const auto listed = source.list({}, listing);
    REQUIRE_FALSE(listed);
    CHECK(listed.error().what.find("net/tcp") != std::string::npos);
}

TEST_CASE("netlink never looks into proc") {
    const test::TemporaryFolder proc; // empty: whatever is listed came by netlink
    SocketSource source(SourceChoice::netlink, proc.path());
    SocketListing listing;
    REQUIRE(source.list({}, listing));
    for (const TableStatus& table : listing.tables) {
        CHECK(table.source == Source::sock_diag);
        CHECK(table.why.empty());
    }
}

namespace {

// In a child of its own: socket(AF_NETLINK, ...) fails with `error` for good (seccomp(2)).
bool refuse_netlink(std::uint32_t error) {
    std::array<sock_filter, 6> filter{{
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_socket, 0, 3),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, args)), // the low half, little endian
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AF_NETLINK, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | error),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    }};
    const sock_fprog program{filter.size(), filter.data()};
    return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

enum Outcome : int { all_from_proc = 10, refused = 11, something_else = 12 };

Outcome outcome_without_netlink(SourceChoice choice, std::uint32_t error) {
    if (!refuse_netlink(error)) {
        return something_else;
    }
    SocketSource source(choice);
    SocketListing listing;
    if (!source.list({}, listing)) {
        const bool said = std::all_of(listing.tables.begin(), listing.tables.end(),
                                      [](const TableStatus& t) { return t.source == Source::none && !t.why.empty(); });
        return said ? refused : something_else;
    }
    const bool proc = std::all_of(listing.tables.begin(), listing.tables.end(), [](const TableStatus& t) {
        return t.source == Source::proc && t.why.find("sock_diag") != std::string::npos && t.why.ends_with('.');
    });
    return proc && !listing.bound_known ? all_from_proc : something_else;
}

int in_a_child(SourceChoice choice, int error) {
    const pid_t child = ::fork();
    if (child == 0) {
        ::_exit(outcome_without_netlink(choice, static_cast<std::uint32_t>(error)));
    }
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

} // namespace

TEST_CASE("where netlink is refused every table comes from proc and says why") {
    for (const int error : {EPERM, EACCES, EAFNOSUPPORT, EPROTONOSUPPORT, ENOSYS}) {
        CAPTURE(error);
        CHECK(in_a_child(SourceChoice::automatic, error) == all_from_proc);
    }
}

TEST_CASE("an error that is not listed is shown and not covered up by proc") {
    CHECK(in_a_child(SourceChoice::automatic, EMFILE) == refused);
}

TEST_CASE("netlink alone has nothing to fall back to") {
    CHECK(in_a_child(SourceChoice::netlink, EPERM) == refused);
}

TEST_CASE("a refresh in which only queue lengths differ is none and fill has the new ones") {
    const test::TemporaryFolder proc;
    add_tables(proc, {"tcp6", "udp", "udp6"});
    const std::string header =
        test::fixture("proc_net_tcp.txt").substr(0, test::fixture("proc_net_tcp.txt").find('\n') + 1);
    const auto line = [](int number, const char* port, const char* queues, const char* inode) {
        return "   " + std::to_string(number) + ": 0100007F:" + port + " 00000000:0000 0A " + queues +
               " 00:00000000 00000000     0        0 " + inode + " 1 0000000000000000 100 0 0 10 0\n";
    };
    SocketSource source(SourceChoice::proc, proc.path());
    SocketListing listing;
    const auto refreshed = [&](const std::string& lines) {
        proc.write("net/tcp", header + lines);
        const auto changed = source.refresh({});
        REQUIRE(changed);
        source.fill(listing);
        return *changed;
    };
    const auto first = line(0, "0BB8", "00000000:00000000", "501");
    CHECK(refreshed(first));
    REQUIRE(listing.sockets.size() > 1);
    CHECK(listing.sockets[0].receive_queue == 0);
    CHECK_FALSE(refreshed(first));
    CHECK_FALSE(refreshed(line(0, "0BB8", "00000000:00000007", "501")));
    CHECK(listing.sockets[0].receive_queue == 7);
    const auto second = line(1, "0BB9", "00000000:00000000", "502");
    CHECK(refreshed(first + second));
    CHECK_FALSE(refreshed(first + second));
    CHECK(refreshed(first + line(1, "0BB9", "00000000:00000000", "503"))); // another socket on the port
    CHECK(refreshed(first));
    CHECK_FALSE(refreshed(first));
}

TEST_SUITE("root") {
    TEST_CASE("a refresh over netlink is true when a socket comes or goes and false when it is connected to") {
        const std::string wrong = portside::owners::in_own_processes([] {
            using portside::base::UniqueFd;
            SocketSource source(SourceChoice::netlink);
            const auto refreshed = [&] {
                const auto changed = source.refresh({});
                test::must(changed.has_value(), "a refresh");
                return *changed;
            };
            SocketListing listing;
            static_cast<void>(refreshed());
            test::must(!refreshed(), "an empty machine stays as it is");
            for (const int family : {AF_INET, AF_INET6}) {
                UniqueFd listener(::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0));
                test::must(::listen(listener.get(), 8) == 0 && refreshed(), "a listener comes");
                test::must(!refreshed(), "and stays");
                sockaddr_storage address{};
                socklen_t length = sizeof address;
                auto* const any = reinterpret_cast<sockaddr*>(&address);
                test::must(::getsockname(listener.get(), any, &length) == 0, "its address"); // the wildcard
                const UniqueFd client(::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0));
                test::must(::connect(client.get(), any, length) == 0, "a connection");
                test::must(!refreshed(), "which waits");
                source.fill(listing);
                test::must(listing.sockets.size() == 1 && listing.sockets[0].receive_queue == 1, "and is counted");
                const UniqueFd datagrams(::socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0));
                reinterpret_cast<sockaddr_in*>(any)->sin_port = 0; // at the same place in both families
                test::must(::bind(datagrams.get(), any, length) == 0 && refreshed(), "a UDP socket comes");
                listener.reset();
                test::must(refreshed(), "the listener goes");
                source.fill(listing);
                test::must(listing.sockets.size() == 1, "and is listed no more");
            }
            test::must(refreshed() && !refreshed(), "the last one goes");
        });
        CHECK(wrong == "");
    }
}
