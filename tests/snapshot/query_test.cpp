// SPDX-License-Identifier: MIT
// core/snapshot/query: the filter language, also half typed and hostile.
#include "core/snapshot/query.h"

#include "core/snapshot/arrangement.h"
#include "facts.h"

#include <algorithm>
#include <chrono>
#include <doctest/doctest.h>
#include <random>

using namespace portside;
using namespace portside::snapshot;
using namespace portside::snapshot::test;
using platform::Protocol;
using Ports = std::vector<int>;

namespace {

// 22 root sshd; 53/udp without owner (uid 101 "dns"); 300 and 3000 node with a python worker; 3001 java on both
// families; 8080 without owner.
Snapshot rows_to_ask() {
    ScanFacts facts;
    add_process(facts, 1, 0, "init").uid = 0;
    add_process(facts, 22, 1, "sshd").uid = 0;
    add_process(facts, 30, 1, "node").command_line =
        std::vector<std::string>{"/usr/bin/node", "Server.js", "--inspect"};
    add_process(facts, 31, 30, "worker").command_line = std::vector<std::string>{"/usr/bin/worker", "http://Example"};
    add_process(facts, 40, 1, "Java");
    facts.users[0] = "root";
    facts.users[101] = "dns-cache";
    add_socket(facts, {.local = "0.0.0.0", .port = 22, .inode = 1, .uid = 0}, {22});
    add_socket(facts, {.local = "127.0.0.53", .port = 53, .inode = 2, .uid = 101, .protocol = Protocol::udp}, {});
    add_socket(facts, {.port = 300, .inode = 3}, {30});
    add_socket(facts, {.port = 3000, .inode = 4}, {30, 31});
    add_socket(facts, {.local = "::", .port = 3001, .inode = 5, .v6only = false}, {40});
    add_socket(facts, {.local = "fe80::a", .port = 8080, .inode = 6, .uid = 4242, .interface = "eth0"}, {});
    return assemble(facts);
}

// The ports that are left, or the sentence of the error.
Ports ports(std::string_view text) {
    static const Snapshot snapshot = rows_to_ask();
    const auto query = Query::parse(text);
    REQUIRE_MESSAGE(query.has_value(), std::string(text));
    Ports left;
    for (const auto& row : snapshot.rows) {
        if (query->matches(snapshot, row)) {
            left.push_back(row.key.port);
        }
    }
    return left;
}
const Ports kAll{22, 53, 300, 3000, 3001, 8080};

std::string mistake(std::string_view text) {
    const auto query = Query::parse(text);
    REQUIRE_MESSAGE(!query.has_value(), std::string(text));
    CHECK(query.error().kind == base::ErrorKind::malformed);
    return query.error().what;
}

} // namespace

TEST_CASE("an empty query leaves everything") {
    for (const char* text : {"", " ", "\t \n"}) {
        CHECK(ports(text) == kAll);
        CHECK(Query::parse(text)->matches_everything());
    }
    CHECK_FALSE(Query::parse("x")->matches_everything());
}

TEST_CASE("a bare number narrows by the first digits") {
    CHECK(ports("3") == Ports{300, 3000, 3001});
    CHECK(ports("30") == Ports{300, 3000, 3001});
    CHECK(ports("3000") == Ports{3000});
    CHECK(ports("0") == Ports{});
    CHECK(ports("65535") == Ports{});
    CHECK(ports("03") == Ports{}); // no port is written so
    CHECK(ports("00") == Ports{});
}

TEST_CASE("an exact port") {
    CHECK(ports("port:300") == Ports{300});
    CHECK(ports(":300") == Ports{300});
    CHECK(ports("PORT:300") == Ports{300});
    CHECK(ports("port:30") == Ports{});
}

TEST_CASE("ranges include both ends") {
    CHECK(ports("300-3000") == Ports{300, 3000});
    CHECK(ports("port:300-3000") == Ports{300, 3000});
    CHECK(ports(":3000-3001") == Ports{3000, 3001});
    CHECK(ports("0-65535") == kAll);
    CHECK(ports("22-22") == Ports{22});
}

TEST_CASE("words are looked for in name and command line of every owner in any case") {
    CHECK(ports("node") == Ports{300, 3000});
    CHECK(ports("SERVER.JS") == Ports{300, 3000});
    CHECK(ports("worker") == Ports{3000});
    CHECK(ports("java") == Ports{3001});
    CHECK(ports("init") == Ports{});    // an ancestor is no owner
    CHECK(ports("127.0.0") == Ports{}); // no address
    CHECK(ports("nothing-like-it") == Ports{});
}

TEST_CASE("a word never reaches from one text into the next") {
    CHECK(ports("node/usr") == Ports{});
    const Snapshot snapshot = rows_to_ask();
    for (const auto& row : snapshot.rows) {
        CHECK(snapshot.texts.at(row.text).ends_with("\n"));
    }
}

TEST_CASE("words are found in rows whose texts were not prepared") {
    Snapshot snapshot = rows_to_ask();
    for (auto& row : snapshot.rows) {
        row.text = Row::kNoText;
    }
    CHECK(arrange(snapshot, Query::parse("inspect").value(), {}).rows.size() == 2);
    CHECK(arrange(snapshot, Query::parse("name:WORKER").value(), {}).rows.size() == 1);
    CHECK(arrange(snapshot, Query::parse("name:inspect").value(), {}).rows.empty());
}

TEST_CASE("a word with an unknown prefix is a word") {
    CHECK(ports("http://example") == Ports{3000});
    CHECK(ports("foo:bar") == Ports{});
    CHECK(ports(":abc") == Ports{});
    CHECK(ports("http:") == Ports{3000});
    CHECK(ports("3000-abc") == Ports{});
    CHECK(ports("300x") == Ports{});
}

TEST_CASE("all terms must match") {
    CHECK(ports("30 node") == Ports{300, 3000});
    CHECK(ports("  30   worker\tproto:tcp ") == Ports{3000});
    CHECK(ports("node java") == Ports{});
}

TEST_CASE("excluding") {
    CHECK(ports("-node") == Ports{22, 53, 3001, 8080});
    CHECK(ports("not:node") == Ports{22, 53, 3001, 8080});
    CHECK(ports("NOT:Node") == Ports{22, 53, 3001, 8080});
    CHECK(ports("-3000") == Ports{22, 53, 300, 3001, 8080});
    CHECK(ports("-30") == Ports{22, 53, 8080});
    CHECK(ports("-port:22") == Ports{53, 300, 3000, 3001, 8080});
    CHECK(ports("not:port:22") == Ports{53, 300, 3000, 3001, 8080});
    CHECK(ports("-300-3001") == Ports{22, 53, 8080});
    CHECK(ports("not:proto:udp") == Ports{22, 300, 3000, 3001, 8080});
    CHECK(ports("30 -worker") == Ports{300, 3001});
}

TEST_CASE("excluding twice excludes and a dash may belong to the word") {
    CHECK(ports("-not:node") == ports("-node"));
    CHECK(ports("not:not:node") == ports("-node"));
    CHECK(ports("--inspect") == Ports{22, 53, 3001, 8080}); // leaves out "-inspect"
    CHECK(ports("not:-inspect") == Ports{22, 53, 3001, 8080});
}

TEST_CASE("one field only") {
    CHECK(ports("pid:31") == Ports{3000}); // every owner counts
    CHECK(ports("pid:3") == Ports{});      // exactly
    CHECK(ports("name:work") == Ports{3000});
    CHECK(ports("name:inspect") == Ports{}); // a command line is no name
    CHECK(ports("user:ROOT") == Ports{22});
    CHECK(ports("user:dns") == Ports{53}); // the socket's user where there is no owner
    CHECK(ports("user:4242") == Ports{8080});
    CHECK(ports("user:0") == Ports{22}); // the uid, exactly
    CHECK(ports("user:100") == Ports{}); // no part of 1000
    CHECK(ports("user:1000") == Ports{300, 3000, 3001});
    CHECK(ports("addr:127.0.0.") == Ports{53, 300, 3000});
    CHECK(ports("addr:*") == Ports{3001});
    CHECK(ports("addr:FE80::A%ETH") == Ports{8080});
}

TEST_CASE("protocols narrow while they are typed") {
    CHECK(ports("proto:t") == Ports{22, 300, 3000, 3001, 8080});
    CHECK(ports("proto:TCP") == Ports{22, 300, 3000, 3001, 8080});
    CHECK(ports("proto:ud") == Ports{53});
    CHECK(ports("proto:udp4") == Ports{53});
    CHECK(ports("proto:tcp6") == Ports{3001, 8080});
}

TEST_CASE("a term that is still being typed counts as absent") {
    for (const char* term :
         {"port:", "pid:", "user:", "proto:", "addr:", "name:", "not:", "-", ":", "3000-", "port:3000-", ":3000-",
          "not:port:", "-port:", "-3000-", "not:-", "--", "not:not:", "Port:"}) {
        CAPTURE(std::string(term));
        CHECK(ports(term) == kAll);
        CHECK(Query::parse(term)->matches_everything());
        CHECK(ports(std::string(term) + " node") == Ports{300, 3000});
    }
}

TEST_CASE("mistakes are named with the term in one short sentence") {
    CHECK(mistake("99999") == "99999: ports go from 0 to 65535.");
    CHECK(mistake("node port:99999") == "port:99999: ports go from 0 to 65535.");
    CHECK(mistake(":65536") == ":65536: ports go from 0 to 65535.");
    CHECK(mistake("1-99999") == "1-99999: ports go from 0 to 65535.");
    CHECK(mistake("99999-") == "99999-: ports go from 0 to 65535.");
    CHECK(mistake("-99999") == "-99999: ports go from 0 to 65535.");
    CHECK(mistake("99999999999999999999999") == "99999999999999999999999: ports go from 0 to 65535.");
    CHECK(mistake("4000-3000") == "4000-3000: the range runs backwards; write 3000-4000.");
    CHECK(mistake("port:abc") == "port:abc: write a port or a range, as in port:3000 or port:3000-3999.");
    CHECK(mistake("not:port:-5").starts_with("not:port:-5: write a port"));
    CHECK(mistake("pid:abc") == "pid:abc: write the process's number, as in pid:1234.");
    CHECK(mistake("pid:-1").starts_with("pid:-1: "));
    CHECK(mistake("pid:99999999999").starts_with("pid:99999999999: "));
    CHECK(mistake("proto:x") == "proto:x: write tcp, udp, tcp4, tcp6, udp4 or udp6.");
    CHECK(mistake("proto:4").starts_with("proto:4: "));
    CHECK(mistake("proto:tcp5").starts_with("proto:tcp5: "));
    CHECK(mistake("proto:tcp46").starts_with("proto:tcp46: "));
}

TEST_CASE("a mistake repeats what was typed in safe text of a bounded length") {
    CHECK(mistake("pid:\x1b[2J").starts_with("pid:\uFFFD[2J: "));
    CHECK(mistake("port:" + std::string(500, 'x')).size() < 150);
}

TEST_CASE("a query has a longest length") {
    std::string terms;
    for (int i = 0; i < 64; ++i) {
        terms += "a ";
    }
    CHECK(Query::parse(terms).has_value());
    CHECK(mistake(terms + "a") == "The filter is too long: at most 64 terms and 1024 bytes.");
    CHECK(Query::parse(std::string(1024, 'a')).has_value());
    CHECK(mistake(std::string(1025, 'a')) == "The filter is too long: at most 64 terms and 1024 bytes.");
    CHECK(mistake(std::string(1U << 20, 'a')).starts_with("The filter is too long"));
}

TEST_CASE("any bytes give rows or a sentence") {
    const Snapshot snapshot = rows_to_ask();
    std::mt19937 random(1);
    static const std::vector<std::string> kPieces{
        "0",     "3",     "65535", "9",   "-", ":",     " ",    "port:", "pid:", "proto:", "not:",
        "user:", "addr:", "name:", "tcp", "*", "%n##s", "\xff", "\xc3",  "x",    "\x1b",   std::string(1, '\0')};
    std::size_t parsed = 0;
    std::size_t refused = 0;
    for (int round = 0; round < 20000; ++round) {
        std::string text;
        for (auto length = random() % 8; length > 0; --length) {
            text += kPieces[random() % kPieces.size()];
        }
        const auto query = Query::parse(text);
        if (query) {
            ++parsed;
            CHECK(arrange(snapshot, *query, {}).rows.size() <= snapshot.rows.size());
        } else {
            ++refused;
            CHECK(query.error().what.size() > 10);
        }
    }
    CHECK(parsed > 1000);
    CHECK(refused > 100);
}

TEST_CASE("bytes that are no text match nothing") {
    CHECK(ports(std::string_view("no\0de", 5)) == Ports{});
    CHECK(ports("\xff\xfe") == Ports{});
}

TEST_CASE("the one port that a query asks for") {
    const auto exact = [](std::string_view text) { return Query::parse(text)->exact_port(); };
    CHECK(exact("port:3000") == std::uint16_t{3000});
    CHECK(exact(":3000") == std::uint16_t{3000});
    CHECK(exact("3000") == std::uint16_t{3000});
    CHECK(exact("node 3000 proto:tcp") == std::uint16_t{3000});
    CHECK(exact("3000 :3000") == std::uint16_t{3000});
    for (const char* none : {"", "node", "3000-3001", "3000-3000", "3000-", "-3000", "not:port:3000", "pid:3000",
                             "user:3000", "3000 3001"}) {
        CAPTURE(std::string(none));
        CHECK_FALSE(exact(none));
    }
}

TEST_CASE("a hundred thousand rows are filtered at once") {
    ScanFacts facts;
    facts.listing.sockets.reserve(100'000);
    for (std::uint64_t i = 0; i < 100'000; ++i) {
        const auto pid = static_cast<pid_t>(1000 + (i + i / 60'000) % 5000);
        if (i < 5000) {
            add_process(facts, pid, 1, "worker").command_line =
                std::vector<std::string>{"/usr/bin/worker", "--configuration=/etc/worker/some/longer/path.conf", "--x"};
        }
        add_socket(facts, {.port = static_cast<std::uint16_t>(i % 60'000), .inode = i + 1, .uid = 1000}, {pid});
    }
    const Snapshot snapshot = assemble(facts);
    REQUIRE(snapshot.rows.size() == 100'000);
    for (const char* text : {"3000", "longer", "-zebra", "user:me addr:127 proto:tcp", "name:work pid:1001"}) {
        const Query query = Query::parse(text).value();
        auto fastest = std::chrono::steady_clock::duration::max(); // the others were held up by other programs
        Arrangement arrangement;
        for (int i = 0; i < 10; ++i) {
            const auto begun = std::chrono::steady_clock::now();
            arrangement = arrange(snapshot, query, {});
            fastest = std::min(fastest, std::chrono::steady_clock::now() - begun);
        }
        CHECK(arrangement.rows.size() + arrangement.hidden == snapshot.rows.size());
        CHECK_FALSE(arrangement.rows.empty());
        // A few milliseconds where nothing slows the program down (sanitizers, other programs).
        CHECK(std::chrono::duration_cast<std::chrono::milliseconds>(fastest).count() < 1000);
        MESSAGE(std::string(text), ": ", std::chrono::duration_cast<std::chrono::microseconds>(fastest).count(),
                " us of ", snapshot.rows.size(), " rows");
    }
}
