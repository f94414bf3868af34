// SPDX-License-Identifier: MIT
// core/snapshot/assemble: owners that a privileged read told are taken over only where all still matches.
#include "core/snapshot/assemble.h"

#include "facts.h"

#include <chrono>
#include <doctest/doctest.h>

using namespace portside;
using namespace portside::snapshot;
using namespace portside::snapshot::test;

namespace {
const SocketSpec kRootsSocket{.local = "0.0.0.0", .port = 22, .inode = 77, .uid = 0};

ScanFacts someone_elses() {
    ScanFacts facts;
    facts.walk.denied = 5;
    add_process(facts, 1, 0, "init");
    auto& daemon = add_process(facts, 600, 1, "sshd");
    daemon.uid = 0;
    facts.users[0] = "root";
    add_socket(facts, kRootsSocket, {});
    return facts;
}
} // namespace

TEST_CASE("a told owner is taken over and marked") {
    ScanFacts facts = someone_elses();
    facts.privileged = {told(kRootsSocket, id_of(facts, 600), kNoon)};
    const Snapshot snapshot = assemble(facts);
    REQUIRE(snapshot.rows.size() == 1);
    const Row& row = snapshot.rows[0];
    REQUIRE(row.owners.size() == 1);
    CHECK(row.owners[0] == Owner{id_of(facts, 600), Knowledge::administrator, kNoon});
    CHECK_FALSE(row.unknown);
    CHECK(row.key.holder == std::variant<ProcessId, RowKey::Unowned>(id_of(facts, 600)));
    CHECK(topmost_process(snapshot, row)->name == "sshd");
    for (const auto& note : snapshot.notes) {
        CHECK(note.code != "owners_not_permitted");
    }
}

TEST_CASE("a told owner is not taken over where inode uid or address differ") {
    const auto other = [](auto change) {
        SocketSpec spec = kRootsSocket;
        change(spec);
        return spec;
    };
    for (const SocketSpec& spec :
         {other([](SocketSpec& s) { s.inode = 78; }), other([](SocketSpec& s) { s.uid = 1; }),
          other([](SocketSpec& s) { s.port = 23; }), other([](SocketSpec& s) { s.local = "127.0.0.1"; }),
          other([](SocketSpec& s) { s.local = "::"; })}) {
        ScanFacts facts = someone_elses();
        facts.privileged = {told(spec, id_of(facts, 600), kNoon)};
        CHECK(assemble(facts).rows.at(0).unknown == Unknown::not_permitted);
    }
}

TEST_CASE("a told owner whose process has ended is gone") {
    ScanFacts facts = someone_elses();
    const ProcessId daemon = id_of(facts, 600);
    facts.privileged = {told(kRootsSocket, daemon, kNoon)};
    facts.processes.at(600).stat.id.start_time += 1; // the number is used again
    CHECK(assemble(facts).rows.at(0).unknown == Unknown::gone);
    facts.processes.erase(600);
    CHECK(assemble(facts).rows.at(0).unknown == Unknown::gone);
    CHECK(assemble(facts).processes.empty());
}

TEST_CASE("what was read oneself goes before what was told") {
    ScanFacts facts = someone_elses();
    add_process(facts, 700, 1, "other");
    facts.walk.owners.add({kRootsSocket.inode, id_of(facts, 700)});
    facts.privileged = {told(kRootsSocket, id_of(facts, 600), kNoon)};
    const Snapshot snapshot = assemble(facts);
    REQUIRE(snapshot.rows[0].owners.size() == 1);
    CHECK(snapshot.rows[0].owners[0] == Owner{id_of(facts, 700), Knowledge::holds, std::nullopt});
}

TEST_CASE("several told owners of one socket are ordered like any others") {
    ScanFacts facts = someone_elses();
    add_process(facts, 500, 600, "worker");
    add_process(facts, 900, 600, "worker");
    facts.privileged = {told(kRootsSocket, id_of(facts, 500), kNoon), told(kRootsSocket, id_of(facts, 900), kNoon),
                        told(kRootsSocket, ProcessId{950, 1}, kNoon), told(kRootsSocket, id_of(facts, 600), kNoon),
                        told(kRootsSocket, id_of(facts, 600), kNoon + std::chrono::hours(1))};
    const Snapshot snapshot = assemble(facts);
    const auto& owners = snapshot.rows.at(0).owners;
    REQUIRE(owners.size() == 3);
    CHECK(owners[0].id.pid == 600);
    CHECK(owners[0].seen_at == kNoon + std::chrono::hours(1)); // the newest time
    CHECK(owners[1].id.pid == 500);
    CHECK(owners[2].id.pid == 900);
}

TEST_CASE("a row is gone only when that is true of all its sockets") {
    ScanFacts facts = someone_elses();
    SocketSpec second = kRootsSocket;
    second.local = "::";
    second.inode = 79;
    add_socket(facts, second, {});
    facts.privileged = {told(kRootsSocket, ProcessId{950, 1}, kNoon)};
    REQUIRE(assemble(facts).rows.size() == 1);
    CHECK(assemble(facts).rows[0].unknown == Unknown::not_permitted);
    facts.privileged.push_back(told(second, ProcessId{950, 1}, kNoon));
    CHECK(assemble(facts).rows[0].unknown == Unknown::gone);
}
