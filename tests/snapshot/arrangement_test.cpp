// SPDX-License-Identifier: MIT
// core/snapshot/arrangement: every order is total, and equals never jump.
#include "core/snapshot/arrangement.h"

#include "facts.h"

#include <algorithm>
#include <doctest/doctest.h>

using namespace portside;
using namespace portside::snapshot;
using namespace portside::snapshot::test;
using platform::Protocol;
using Ports = std::vector<int>;

namespace {

Snapshot rows_to_sort() {
    ScanFacts facts;
    add_process(facts, 40, 1, "beta");
    add_process(facts, 30, 1, "Alpha");
    add_process(facts, 20, 1, "gamma").uid = 0;
    facts.users = {{0, "root"}, {1000, "Me"}, {5, "games"}};
    add_socket(facts, {.local = "10.0.0.1", .port = 80, .inode = 1}, {40});
    add_socket(facts, {.local = "9.0.0.1", .port = 81, .inode = 2}, {30});
    add_socket(facts, {.local = "::", .port = 82, .inode = 3, .v6only = false}, {20});
    add_socket(facts, {.local = "::1", .port = 83, .inode = 4, .uid = 5}, {});
    add_socket(facts, {.local = "10.0.0.1", .port = 80, .inode = 5, .protocol = Protocol::udp}, {40});
    return assemble(facts);
}

Ports sorted(SortColumn column, bool descending = false) {
    const Snapshot snapshot = rows_to_sort();
    Ports ports;
    for (const auto index : arrange(snapshot, Query{}, {column, descending}).rows) {
        const auto& key = snapshot.rows[index].key;
        ports.push_back(key.protocol == Protocol::udp ? -key.port : key.port); // udp is negative here
    }
    return ports;
}

} // namespace

TEST_CASE("sorting by each column in both directions") {
    CHECK(sorted(SortColumn::port) == Ports{80, -80, 81, 82, 83});
    CHECK(sorted(SortColumn::port, true) == Ports{83, 82, 81, 80, -80});
    CHECK(sorted(SortColumn::protocol) == Ports{80, 81, 82, 83, -80});
    CHECK(sorted(SortColumn::protocol, true) == Ports{-80, 80, 81, 82, 83});
    CHECK(sorted(SortColumn::process) == Ports{81, 80, -80, 82, 83});
    CHECK(sorted(SortColumn::address) == Ports{82, 81, 80, -80, 83});
    CHECK(sorted(SortColumn::address, true) == Ports{83, 80, -80, 81, 82});
    CHECK(sorted(SortColumn::pid) == Ports{82, 81, 80, -80, 83});
    CHECK(sorted(SortColumn::user) == Ports{83, 80, -80, 81, 82});
    CHECK(sorted(SortColumn::user, true) == Ports{82, 80, -80, 81, 83});
}

TEST_CASE("rows without an owner stay last in either direction") {
    CHECK(sorted(SortColumn::process, true) == Ports{82, 80, -80, 81, 83});
    CHECK(sorted(SortColumn::pid, true) == Ports{80, -80, 81, 82, 83});
}

TEST_CASE("equal rows keep port protocol and key") {
    ScanFacts facts;
    for (const pid_t pid : {50, 40, 30}) {
        add_process(facts, pid, 1, "same");
        for (const std::uint16_t port : {9, 7, 8}) {
            add_socket(facts, {.port = port, .inode = static_cast<std::uint64_t>(pid) * 100 + port}, {pid});
        }
    }
    const Snapshot snapshot = assemble(facts);
    for (const auto column : {SortColumn::protocol, SortColumn::process, SortColumn::address, SortColumn::user}) {
        for (const bool descending : {false, true}) {
            const auto rows = arrange(snapshot, Query{}, {column, descending}).rows;
            CHECK(rows.size() == 9);
            CHECK(std::is_sorted(rows.begin(), rows.end()));
        }
    }
}

TEST_CASE("what the query leaves out is counted") {
    const Snapshot snapshot = rows_to_sort();
    const auto some = arrange(snapshot, Query::parse("80").value(), {SortColumn::pid, true});
    CHECK(some.rows == std::vector<std::uint32_t>{0, 1});
    CHECK(some.hidden == 3);
    const auto none = arrange(snapshot, Query::parse("nothing").value(), {});
    CHECK(none.rows.empty());
    CHECK(none.hidden == 5);
    CHECK(arrange(Snapshot{}, Query{}, {SortColumn::user, false}).rows.empty());
}
