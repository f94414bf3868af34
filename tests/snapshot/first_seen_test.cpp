// SPDX-License-Identifier: MIT
// core/snapshot/first_seen: since when a row is seen, whatever becomes of its owner.
#include "core/snapshot/first_seen.h"

#include "facts.h"

#include <chrono>
#include <doctest/doctest.h>

using namespace portside;
using namespace portside::snapshot;
using namespace portside::snapshot::test;
using namespace std::chrono_literals;

namespace {

Snapshot taken_at(WallTime time, const std::vector<Held>& sockets) {
    Snapshot made = assemble(facts_of(sockets));
    made.taken_at = time;
    return made;
}

constexpr WallTime kFirst(100h);
constexpr WallTime kLater(101h);

} // namespace

TEST_CASE("first seen - what the first scan found was there before and has not appeared") {
    auto first = taken_at(kFirst, {{{.port = 80, .inode = 1}, {10}}});
    note_first_seen(first, nullptr, false);
    CHECK(first.rows[0].seen_at == kFirst);
    CHECK_FALSE(first.rows[0].appeared);
    auto second = taken_at(kLater, {{{.port = 80, .inode = 1}, {10}}, {{.port = 90, .inode = 2}, {10}}});
    note_first_seen(second, &first, false);
    CHECK(second.rows[0].seen_at == kFirst);
    CHECK_FALSE(second.rows[0].appeared);
    CHECK(second.rows[1].seen_at == kLater);
    CHECK(second.rows[1].appeared);
}

TEST_CASE("first seen - a row whose owner became known is as old as it was") {
    auto first = taken_at(kFirst, {{{.port = 80, .inode = 1}, {}}});
    note_first_seen(first, nullptr, false);
    auto second = taken_at(kLater, {{{.port = 80, .inode = 1}, {10}}});
    note_first_seen(second, &first, false);
    CHECK(second.rows[0].seen_at == kFirst);
    CHECK_FALSE(second.rows[0].appeared);
}

TEST_CASE("first seen - the same holder with another socket listens anew") {
    auto first = taken_at(kFirst, {{{.port = 80, .inode = 1}, {10}}});
    note_first_seen(first, nullptr, false);
    auto second = taken_at(kLater, {{{.port = 80, .inode = 9}, {10}}});
    note_first_seen(second, &first, false);
    CHECK(second.rows[0].seen_at == kLater);
    CHECK(second.rows[0].appeared);
}

TEST_CASE("first seen - bound sockets that were not asked for before are no news") {
    auto first = taken_at(kFirst, {});
    note_first_seen(first, nullptr, false);
    auto second = taken_at(kLater, {{{.port = 80, .inode = 1, .bound = true}, {10}}, {{.port = 90, .inode = 2}, {10}}});
    note_first_seen(second, &first, true);
    CHECK_FALSE(second.rows[0].appeared);
    CHECK(second.rows[1].appeared);
}

TEST_CASE("since - when it appeared or else the start of its owner or nothing") {
    auto first = taken_at(kFirst, {{{.port = 80, .inode = 1}, {10}}, {{.port = 90, .inode = 2}, {}}});
    note_first_seen(first, nullptr, false);
    CHECK_FALSE(since_of(first, first.rows[0]));
    first.booted_at = WallTime(50h);
    const auto start = since_of(first, first.rows[0]);
    REQUIRE(start);
    CHECK(*start == *started_at(first, {10, first.rows[0].owners[0].id.start_time}));
    CHECK(*start > WallTime(50h));
    CHECK(*start < WallTime(50h + 10s)); // of tick 110
    CHECK_FALSE(since_of(first, first.rows[1]));
    first.rows[1].appeared = true;
    CHECK(since_of(first, first.rows[1]) == kFirst);
}
