// SPDX-License-Identifier: MIT
// core/snapshot/told_owners: the helper's numbers become owners of the sockets that are seen, and of no others.
#include "core/snapshot/told_owners.h"

#include "facts.h"

#include <chrono>
#include <doctest/doctest.h>

using namespace portside;
using namespace portside::snapshot;
using namespace portside::snapshot::test;

namespace {
const SocketSpec kOthersSocket{.local = "0.0.0.0", .port = 22, .inode = 77, .uid = 33};
} // namespace

TEST_CASE("told owners - numbers are bound to the socket as it is seen") {
    ScanFacts facts;
    facts.walk.denied = 5;
    add_process(facts, 600, 1, "sshd");
    add_process(facts, 601, 600, "sshd");
    add_socket(facts, kOthersSocket, {});
    add_socket(facts, {.local = "::", .port = 80, .inode = 78, .uid = 0}, {});
    const auto before = std::make_shared<const Snapshot>(assemble(facts));
    const std::vector<platform::SocketOwner> numbers{
        {77, id_of(facts, 600)}, {77, id_of(facts, 601)}, {99, id_of(facts, 600)}, {0, id_of(facts, 600)}};
    const auto told = told_owners(numbers, before, kNoon);
    REQUIRE(told.has_value());
    CHECK(*told == std::vector<PrivilegedOwner>{snapshot::test::told(kOthersSocket, id_of(facts, 600), kNoon),
                                                snapshot::test::told(kOthersSocket, id_of(facts, 601), kNoon)});
    facts.privileged = *told;
    const Snapshot after = assemble(facts);
    const Row& row = after.rows.at(0);
    REQUIRE(row.owners.size() == 2);
    CHECK(row.owners[0] == Owner{id_of(facts, 600), Knowledge::administrator, kNoon});
    CHECK(topmost_process(after, row)->name == "sshd"); // its name is read here, not told
    CHECK(after.rows.at(1).unknown == Unknown::not_permitted);
}

TEST_CASE("told owners - a socket without an inode belongs to nobody and without a snapshot there is an error") {
    ScanFacts facts;
    add_process(facts, 600, 1, "sshd");
    add_socket(facts, {.local = "0.0.0.0", .port = 22, .inode = 0}, {});
    const auto snapshot = std::make_shared<const Snapshot>(assemble(facts));
    CHECK(told_owners(std::vector<platform::SocketOwner>{{0, id_of(facts, 600)}}, snapshot, kNoon)->empty());
    CHECK(told_owners({}, snapshot, kNoon)->empty());
    CHECK_FALSE(told_owners({}, nullptr, kNoon).has_value());
}
