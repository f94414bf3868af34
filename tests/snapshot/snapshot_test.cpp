// SPDX-License-Identifier: MIT
// core/snapshot/snapshot: finding processes and rows, and the stable words.
#include "core/snapshot/snapshot.h"

#include "facts.h"

#include <doctest/doctest.h>

using namespace portside;
using namespace portside::snapshot;
using namespace portside::snapshot::test;

TEST_CASE("processes and rows are found by identity") {
    ScanFacts facts;
    for (const pid_t pid : {30, 10, 20}) {
        add_process(facts, pid, 1);
        const auto number = static_cast<std::uint16_t>(pid);
        add_socket(facts, {.port = number, .inode = number}, {pid});
        add_socket(facts, {.port = number, .inode = 100U + number, .protocol = platform::Protocol::udp}, {pid});
    }
    add_socket(facts, {.port = 20, .inode = 999, .uid = 5}, {});
    const Snapshot snapshot = assemble(facts);
    REQUIRE(snapshot.rows.size() == 7);
    for (const auto& row : snapshot.rows) {
        CHECK(snapshot.find_row(row.key) == &row);
    }
    for (const auto& process : snapshot.processes) {
        CHECK(snapshot.find_process(process.id) == &process);
    }
    CHECK(snapshot.find_process(ProcessId{10, 1}) == nullptr); // the number alone is no identity
    CHECK(snapshot.find_process(ProcessId{11, 111}) == nullptr);
    CHECK(snapshot.find_process(ProcessId{99, 199}) == nullptr);
    RowKey other = snapshot.rows.front().key;
    other.port = 11;
    CHECK(snapshot.find_row(other) == nullptr);
    other = snapshot.rows.front().key;
    other.holder = ProcessId{10, 1};
    CHECK(snapshot.find_row(other) == nullptr);
    CHECK(Snapshot{}.find_row(other) == nullptr);
}

TEST_CASE("the topmost process of a row") {
    ScanFacts facts;
    add_process(facts, 10, 1, "server");
    add_socket(facts, {.port = 1, .inode = 1}, {10});
    add_socket(facts, {.port = 2, .inode = 2}, {});
    Snapshot snapshot = assemble(facts);
    REQUIRE(topmost_process(snapshot, snapshot.rows[0]) != nullptr);
    CHECK(topmost_process(snapshot, snapshot.rows[0])->name == "server");
    CHECK(topmost_process(snapshot, snapshot.rows[1]) == nullptr);
    // Where it should be is no identity.
    Process before;
    before.id = {5, 1};
    snapshot.processes = {before, snapshot.processes[0]};
    REQUIRE(topmost_process(snapshot, snapshot.rows[0]) != nullptr);
    CHECK(topmost_process(snapshot, snapshot.rows[0])->name == "server");
    snapshot.processes.clear();
    CHECK(topmost_process(snapshot, snapshot.rows[0]) == nullptr);
}

TEST_CASE("words for programs are stable") {
    const auto is = [](const char* word, const char* expected) { return std::string(word) == expected; };
    CHECK(is(to_string(platform::SocketState::listen), "LISTEN"));
    CHECK(is(to_string(platform::SocketState::unconn), "UNCONN"));
    CHECK(is(to_string(platform::SocketState::bound), "BOUND"));
    CHECK(is(to_string(Exposure::loopback), "loopback"));
    CHECK(is(to_string(Exposure::interface), "interface"));
    CHECK(is(to_string(Exposure::all), "all"));
    CHECK(is(to_string(Unknown::not_permitted), "not_permitted"));
    CHECK(is(to_string(Unknown::not_found), "not_found"));
    CHECK(is(to_string(Unknown::searching), "searching"));
    CHECK(is(to_string(Unknown::gone), "gone"));
    CHECK(is(to_string(Knowledge::holds), "holds"));
    CHECK(is(to_string(Knowledge::administrator), "administrator"));
    CHECK(is(to_string(Knowledge::candidate), "candidate"));
}
