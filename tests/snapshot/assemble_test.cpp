// SPDX-License-Identifier: MIT
// core/snapshot/assemble: which sockets are one row, and who holds it.
#include "core/snapshot/assemble.h"

#include "facts.h"

#include <algorithm>
#include <doctest/doctest.h>

using namespace portside;
using namespace portside::snapshot;
using namespace portside::snapshot::test;
using platform::Protocol;

namespace {
std::vector<pid_t> pids_of(const Row& row) {
    std::vector<pid_t> pids;
    for (const auto& owner : row.owners) {
        pids.push_back(owner.id.pid);
    }
    return pids;
}
using Pids = std::vector<pid_t>;
} // namespace

TEST_CASE("no sockets give no rows") {
    const Snapshot snapshot = assemble(ScanFacts{});
    CHECK(snapshot.rows.empty());
    CHECK(snapshot.processes.empty());
    CHECK(snapshot.generation == 0);
}

TEST_CASE("both families of one process are one row") {
    ScanFacts facts;
    add_process(facts, 10, 1);
    add_socket(facts, {.local = "::1", .inode = 2, .v6only = true}, {10});
    add_socket(facts, {.local = "127.0.0.1", .inode = 1}, {10});
    const Snapshot snapshot = assemble(facts);
    REQUIRE(snapshot.rows.size() == 1);
    const Row& row = snapshot.rows[0];
    CHECK(row.key == RowKey{Protocol::tcp, 3000, id_of(facts, 10)});
    CHECK(row.sockets.size() == 2);
    CHECK(row.sockets[0].inode == 1); // IPv4 first
    CHECK(pids_of(row) == Pids{10});
    CHECK_FALSE(row.unknown);
    CHECK(row.port_text == "3000");
    CHECK(row.address_text == "127.0.0.1  ::1");
    CHECK(row.user == "me");
    CHECK(row.exposure == Exposure::loopback);
    CHECK(row.state == platform::SocketState::listen);
}

TEST_CASE("another port protocol or owner is another row in order of port and protocol") {
    ScanFacts facts;
    add_process(facts, 20, 1);
    add_process(facts, 10, 1);
    add_socket(facts, {.port = 80, .inode = 4, .protocol = Protocol::udp}, {10});
    add_socket(facts, {.port = 443, .inode = 5}, {10});
    add_socket(facts, {.port = 80, .inode = 2}, {20});
    add_socket(facts, {.port = 80, .inode = 3}, {10});
    const Snapshot snapshot = assemble(facts);
    REQUIRE(snapshot.rows.size() == 4);
    CHECK(snapshot.rows[0].key == RowKey{Protocol::tcp, 80, id_of(facts, 10)});
    CHECK(snapshot.rows[1].key == RowKey{Protocol::tcp, 80, id_of(facts, 20)});
    CHECK(snapshot.rows[2].key == RowKey{Protocol::udp, 80, id_of(facts, 10)});
    CHECK(snapshot.rows[2].state == platform::SocketState::unconn);
    CHECK(snapshot.rows[3].key == RowKey{Protocol::tcp, 443, id_of(facts, 10)});
}

TEST_CASE("a prefork server is one row under its master whatever its workers do") {
    ScanFacts facts;
    add_process(facts, 1, 0, "init");
    add_process(facts, 50, 1, "master");
    add_process(facts, 30, 50, "worker"); // a lower pid than its parent's
    add_process(facts, 60, 50, "worker");
    add_socket(facts, {}, {30, 50, 60});
    const Snapshot before = assemble(facts);
    REQUIRE(before.rows.size() == 1);
    CHECK(pids_of(before.rows[0]) == Pids{50, 30, 60});

    ScanFacts later;
    add_process(later, 1, 0, "init");
    add_process(later, 50, 1, "master");
    add_process(later, 70, 50, "worker");
    add_socket(later, {}, {50, 70});
    const Snapshot after = assemble(later);
    REQUIRE(after.rows.size() == 1);
    CHECK(after.rows[0].key == before.rows[0].key);
    CHECK(pids_of(after.rows[0]) == Pids{50, 70});
}

TEST_CASE("an ancestor counts through processes that do not hold the socket") {
    ScanFacts facts;
    add_process(facts, 10, 1, "server");
    add_process(facts, 20, 10, "shell");
    add_process(facts, 5, 20, "worker");
    facts.processes[5].stat.id.start_time = 1; // older by its number, yet below
    add_socket(facts, {}, {5, 10});
    CHECK(assemble(facts).rows[0].owners.front().id.pid == 10);
}

TEST_CASE("of several topmost owners the oldest names the row") {
    ScanFacts facts;
    add_process(facts, 10, 1).stat.id.start_time = 900;
    add_process(facts, 20, 1).stat.id.start_time = 500;
    add_process(facts, 30, 1).stat.id.start_time = 500;
    add_socket(facts, {}, {10, 20, 30});
    const Snapshot snapshot = assemble(facts);
    REQUIRE(snapshot.rows.size() == 1);
    CHECK(pids_of(snapshot.rows[0]) == Pids{20, 10, 30});
}

TEST_CASE("SO_REUSEPORT in two processes is two rows and in one process is one") {
    ScanFacts facts;
    add_process(facts, 10, 1);
    add_process(facts, 20, 1);
    add_socket(facts, {.inode = 1}, {10});
    add_socket(facts, {.inode = 2}, {20});
    add_socket(facts, {.inode = 3}, {10});
    const Snapshot snapshot = assemble(facts);
    REQUIRE(snapshot.rows.size() == 2);
    CHECK(snapshot.rows[0].sockets.size() == 2);
    CHECK(snapshot.rows[0].addresses.size() == 1);
    CHECK(snapshot.rows[1].sockets.size() == 1);
}

TEST_CASE("a socket that systemd and the service both hold is the services row with both owners") {
    ScanFacts facts;
    add_process(facts, 1, 0, "systemd").uid = 0;
    facts.users[0] = "root";
    add_process(facts, 700, 1, "sshd");
    add_process(facts, 710, 700, "worker");
    add_socket(facts, {.port = 22}, {1, 700, 710});
    add_socket(facts, {.port = 23, .inode = 7}, {1});
    // A user's manager, known by its executable, or by its command line where that may not be read.
    add_process(facts, 800, 1, "systemd").command_line = {"/lib/systemd/systemd", "--user"};
    add_process(facts, 801, 800, "server");
    add_socket(facts, {.port = 8080, .inode = 8}, {800, 801});
    // Whoever calls itself so without being it is an owner like any other.
    auto& liar = add_process(facts, 900, 1, "liar");
    liar.command_line = {"systemd", "--user"};
    add_process(facts, 901, 900, "server");
    add_socket(facts, {.port = 9090, .inode = 9}, {900, 901});
    const Snapshot snapshot = assemble(facts);
    REQUIRE(snapshot.rows.size() == 4);
    CHECK(pids_of(snapshot.rows[0]) == Pids{700, 1, 710});
    CHECK(snapshot.rows[0].user == "me");
    CHECK(pids_of(snapshot.rows[1]) == Pids{1});
    CHECK(pids_of(snapshot.rows[2]) == Pids{801, 800});
    CHECK(pids_of(snapshot.rows[3]) == Pids{900, 901});
}

TEST_CASE("a socket without an owner is still a row") {
    ScanFacts facts;
    facts.walk.denied = 1;
    facts.users[105] = "postgres";
    add_socket(facts, {.port = 5432, .uid = 105}, {});
    const Snapshot snapshot = assemble(facts);
    REQUIRE(snapshot.rows.size() == 1);
    CHECK(snapshot.rows[0].key == RowKey{Protocol::tcp, 5432, RowKey::Unowned{105, 0}});
    CHECK(snapshot.rows[0].owners.empty());
    CHECK(snapshot.rows[0].unknown == Unknown::not_permitted);
    CHECK(snapshot.rows[0].user == "postgres");
}

TEST_CASE("sockets without an owner share a row only where uid and cgroup are equal") {
    ScanFacts facts;
    add_socket(facts, {.local = "127.0.0.1", .inode = 1, .cgroup_id = 7}, {});
    add_socket(facts, {.local = "::1", .inode = 2, .cgroup_id = 7}, {});
    add_socket(facts, {.inode = 3, .cgroup_id = 8}, {});
    add_socket(facts, {.inode = 4, .uid = 0, .cgroup_id = 7}, {});
    add_socket(facts, {.inode = 5}, {});
    const Snapshot snapshot = assemble(facts);
    REQUIRE(snapshot.rows.size() == 4);
    CHECK(std::get<RowKey::Unowned>(snapshot.rows[0].key.holder) == RowKey::Unowned{0, 7});
    CHECK(std::get<RowKey::Unowned>(snapshot.rows[1].key.holder) == RowKey::Unowned{1000, 0});
    CHECK(std::get<RowKey::Unowned>(snapshot.rows[2].key.holder) == RowKey::Unowned{1000, 7});
    CHECK(snapshot.rows[2].sockets.size() == 2);
}

TEST_CASE("what is unknown is said as exactly as it is known") {
    ScanFacts facts;
    add_socket(facts, {}, {});
    const auto unknown = [&] { return assemble(facts).rows.at(0).unknown; };
    CHECK(unknown() == Unknown::not_found);
    facts.walk.denied = 2;
    CHECK(unknown() == Unknown::not_permitted);
    facts.walk.complete = false;
    CHECK(unknown() == Unknown::searching);
    facts.walk.complete = true;
    facts.owners_wanted = false;
    CHECK(unknown() == Unknown::searching);
}

TEST_CASE("a socket without an inode has no owner to be permitted to see") {
    ScanFacts facts;
    facts.walk.denied = 2;
    add_process(facts, 10, 1);
    add_socket(facts, {.inode = 0}, {});
    facts.privileged = {told({.inode = 0}, id_of(facts, 10))};
    const Snapshot snapshot = assemble(facts);
    CHECK(snapshot.rows[0].unknown == Unknown::not_found);
    CHECK(snapshot.notes.empty()); // looking as administrator would not help
}

TEST_CASE("a holder that has ended since is no owner") {
    ScanFacts facts;
    add_process(facts, 10, 1);
    add_process(facts, 20, 1);
    add_socket(facts, {}, {10, 20});
    facts.processes[10].stat.id.start_time += 5; // the number means another process now
    CHECK(pids_of(assemble(facts).rows[0]) == Pids{20});
    facts.processes.erase(20);
    const Snapshot snapshot = assemble(facts);
    CHECK(snapshot.rows[0].owners.empty());
    CHECK(snapshot.rows[0].unknown == Unknown::gone);
}

TEST_CASE("a row of listening and bound sockets listens") {
    ScanFacts facts;
    add_process(facts, 10, 1);
    add_socket(facts, {.local = "127.0.0.1", .inode = 1, .bound = true}, {10});
    CHECK(assemble(facts).rows.at(0).state == platform::SocketState::bound);
    add_socket(facts, {.local = "127.0.0.2", .inode = 2}, {10});
    add_socket(facts, {.local = "127.0.0.3", .inode = 3, .bound = true}, {10});
    REQUIRE(assemble(facts).rows.size() == 1);
    CHECK(assemble(facts).rows[0].state == platform::SocketState::listen);
}

TEST_CASE("owners and their ancestors are in the snapshot and nobody else") {
    ScanFacts facts;
    add_process(facts, 1, 0, "init");
    add_process(facts, 5, 1, "shell");
    add_process(facts, 10, 5, "server");
    add_process(facts, 99, 1, "bystander");
    add_socket(facts, {}, {10});
    const Snapshot snapshot = assemble(facts);
    REQUIRE(snapshot.processes.size() == 3);
    CHECK(snapshot.processes[0].name == "init");
    CHECK(snapshot.processes[1].name == "shell");
    CHECK(snapshot.processes[2].name == "server");
}

TEST_CASE("a ring of parents ends") {
    ScanFacts facts;
    add_process(facts, 10, 20);
    add_process(facts, 20, 30);
    add_process(facts, 30, 10);
    add_socket(facts, {}, {10, 20});
    const Snapshot snapshot = assemble(facts);
    REQUIRE(snapshot.rows.size() == 1);
    CHECK(snapshot.rows[0].owners.size() == 2);
    CHECK(snapshot.processes.size() == 3);
    CHECK(snapshot.find_row(snapshot.rows[0].key) == &snapshot.rows[0]);
}

TEST_CASE("a process that is its own parent ends") {
    ScanFacts facts;
    add_process(facts, 10, 10);
    add_socket(facts, {}, {10});
    CHECK(pids_of(assemble(facts).rows[0]) == Pids{10});
}

TEST_CASE("a devices name is made safe") {
    ScanFacts facts;
    add_socket(facts, {.interface = "et\x1bh"}, {});
    const Snapshot snapshot = assemble(facts);
    CHECK(snapshot.rows[0].sockets[0].interface == "et\uFFFDh");
    CHECK(snapshot.rows[0].addresses[0] == "127.0.0.1%et\uFFFDh");
}

TEST_CASE("every uid of a socket has a name") {
    ScanFacts facts;
    facts.users[7] = "lp";
    add_socket(facts, {.inode = 1, .uid = 7}, {});
    add_socket(facts, {.inode = 2, .uid = 4242}, {});
    const Snapshot snapshot = assemble(facts);
    CHECK(snapshot.users.at(7) == "lp");
    CHECK(snapshot.users.at(4242) == "4242");
}

TEST_CASE("the order in which sockets were read does not matter") {
    ScanFacts facts;
    add_process(facts, 10, 1);
    for (const std::uint64_t inode : {5U, 3U, 4U, 1U, 2U}) {
        add_socket(facts, {.local = inode % 2 == 0 ? "::1" : "127.0.0.1", .inode = inode}, {10});
    }
    ScanFacts reversed = facts;
    std::reverse(reversed.listing.sockets.begin(), reversed.listing.sockets.end());
    CHECK(assemble(facts).rows == assemble(reversed).rows);
}
