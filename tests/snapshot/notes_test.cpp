// SPDX-License-Identifier: MIT
// core/snapshot/notes: what could not be seen is said, once, in a fixed order.
#include "core/snapshot/notes.h"

#include "facts.h"

#include <doctest/doctest.h>

using namespace portside;
using namespace portside::snapshot;
using namespace portside::snapshot::test;
using platform::Source;

namespace {
ScanFacts all_served() {
    ScanFacts facts;
    facts.listing.tables.fill(platform::TableStatus{Source::sock_diag, ""});
    facts.listing.bound_known = true;
    return facts;
}
bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}
} // namespace

TEST_CASE("nothing is said when all was seen") {
    ScanFacts facts = all_served();
    add_process(facts, 10, 1);
    add_socket(facts, {.inode = 1}, {10});
    add_socket(facts, {.port = 5353, .inode = 2}, {}); // a kernel socket: looked for and not found
    CHECK(assemble(facts).notes.empty());
}

TEST_CASE("owners that may not be seen are counted by socket") {
    ScanFacts facts = all_served();
    facts.walk.denied = 3;
    add_socket(facts, {.local = "127.0.0.1", .inode = 1, .uid = 0}, {});
    auto notes = assemble(facts).notes;
    REQUIRE(notes.size() == 1);
    CHECK(notes[0].code == "owners_not_permitted");
    CHECK(contains(notes[0].text, "The owner of 1 socket is not visible to you"));
    add_socket(facts, {.local = "::1", .inode = 2, .uid = 0}, {}); // the same row
    notes = assemble(facts).notes;
    REQUIRE(notes.size() == 1);
    CHECK(contains(notes[0].text, "The owners of 2 sockets are not visible to you"));
    CHECK(contains(notes[0].text, "Who holds it?"));
    CHECK(contains(notes[0].text, "sudo portside list"));
}

TEST_CASE("a table that sock_diag did not serve says why") {
    ScanFacts facts = all_served();
    facts.listing.tables[1] = {Source::proc, "TCP sockets come from /proc/net"};
    facts.listing.tables[2] = {Source::none, "Nothing worked."};
    const auto notes = assemble(facts).notes;
    REQUIRE(notes.size() == 2);
    CHECK(notes[0].code == "source_fallback");
    CHECK(notes[0].text == "TCP sockets come from /proc/net. It does not say which device a socket is bound to, "
                           "nor whether [::] also takes IPv4.");
    CHECK(notes[1].code == "source_fallback");
    CHECK(notes[1].text == "Nothing worked. No IPv4 UDP sockets are listed.");
}

TEST_CASE("a table that was asked of proc or that is not there needs no note") {
    ScanFacts facts = all_served();
    facts.listing.tables.fill(platform::TableStatus{Source::proc, ""});
    facts.listing.tables[3] = {Source::none, ""}; // no IPv6 on this machine
    CHECK(assemble(facts).notes.empty());
}

TEST_CASE("sockets that are bound without listening are missed only when asked for") {
    ScanFacts facts = all_served();
    facts.listing.bound_known = false;
    CHECK(assemble(facts).notes.empty());
    facts.bound_wanted = true;
    const auto notes = assemble(facts).notes;
    REQUIRE(notes.size() == 1);
    CHECK(notes[0].code == "bound_unknown");
    facts.listing.bound_known = true;
    CHECK(assemble(facts).notes.empty());
}

TEST_CASE("notes keep their order") {
    ScanFacts facts = all_served();
    facts.walk.denied = 1;
    facts.bound_wanted = true;
    facts.listing.bound_known = false;
    facts.listing.tables[0] = {Source::proc, "refused\x1b"};
    add_socket(facts, {}, {});
    const auto notes = assemble(facts).notes;
    REQUIRE(notes.size() == 3);
    CHECK(notes[0].code == "owners_not_permitted");
    CHECK(notes[1].code == "source_fallback");
    CHECK(contains(notes[1].text, "refused\uFFFD."));
    CHECK(notes[2].code == "bound_unknown");
}
