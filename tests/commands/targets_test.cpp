// SPDX-License-Identifier: MIT
#include "core/commands/targets.h"

#include <doctest/doctest.h>

using namespace portside;
using commands::parse_target;
using commands::plan_kills;

namespace {

snapshot::Process process(pid_t pid, const char* name, uid_t uid) {
    snapshot::Process made;
    made.id = {pid, 100};
    made.name = name;
    made.uid = uid;
    return made;
}

snapshot::Row row(platform::Protocol protocol, std::uint16_t port, std::vector<pid_t> owners, std::uint64_t inode) {
    snapshot::Row made;
    made.key.protocol = protocol;
    made.key.port = port;
    made.port_text = std::to_string(port);
    made.user = "somebody";
    made.sockets.resize(1);
    made.sockets.front().inode = inode;
    for (const auto pid : owners) {
        made.owners.push_back({{pid, 100}, snapshot::Knowledge::holds, {}});
    }
    if (owners.empty()) {
        made.unknown = snapshot::Unknown::not_permitted;
    } else {
        made.key.holder = snapshot::ProcessId{owners.front(), 100};
    }
    return made;
}

snapshot::Snapshot two_servers() {
    snapshot::Snapshot made;
    made.processes = {process(10, "master", 1000), process(11, "worker", 1000), process(20, "other", 33)};
    made.rows = {row(platform::Protocol::tcp, 53, {20}, 1), row(platform::Protocol::udp, 53, {20}, 2),
                 row(platform::Protocol::tcp, 3000, {10, 11}, 3), row(platform::Protocol::tcp, 4000, {}, 4)};
    return made;
}

commands::KillPlan plan(const snapshot::Snapshot& snapshot, std::vector<const char*> texts, uid_t uid = 1000) {
    std::vector<commands::Target> targets;
    for (const char* text : texts) {
        targets.push_back(parse_target(text).value());
    }
    return plan_kills(snapshot, targets, uid);
}

} // namespace

TEST_CASE("targets are ports ports of a protocol and pids") {
    CHECK(parse_target("3000")->port == 3000);
    CHECK_FALSE(parse_target("3000")->protocol.has_value());
    CHECK(parse_target(":3000")->port == 3000);
    CHECK(parse_target("tcp:3000")->protocol == platform::Protocol::tcp);
    CHECK(parse_target("udp:53")->protocol == platform::Protocol::udp);
    CHECK(parse_target("pid:1234")->pid == 1234);
    CHECK_FALSE(parse_target("pid:1234")->port.has_value());
}

TEST_CASE("what is no target is an error with the text in it") {
    for (const char* text : {"", ":", "0", "65536", "-1", "+3000", "3000x", " 3000", "tcp:", "tcp:0", "sctp:1",
                             "pid:", "pid:0", "pid:-5", "pid:99999999999999", "tcp:3000:1", "node"}) {
        CAPTURE(text);
        const auto target = parse_target(text);
        REQUIRE_FALSE(target.has_value());
        CHECK(target.error().kind == base::ErrorKind::malformed);
        CHECK(target.error().what.find(text) != std::string::npos);
    }
}

TEST_CASE("a port means both protocols and a process is planned once with all its sockets") {
    const auto found = plan(two_servers(), {"53", "udp:53"}, 0);
    REQUIRE(found.kills.size() == 1);
    CHECK(found.kills[0].process == snapshot::ProcessId{20, 100});
    CHECK(found.kills[0].label == "other (20)");
    CHECK(found.kills[0].own);
    CHECK(std::vector<std::uint64_t>(found.kills[0].inodes.begin(), found.kills[0].inodes.begin() + 2) ==
          std::vector<std::uint64_t>{1, 2});
    CHECK(plan(two_servers(), {"tcp:53"}).kills[0].inodes == std::vector<std::uint64_t>{1});
    CHECK_FALSE(plan(two_servers(), {"tcp:53"}).kills[0].own);
}

TEST_CASE("of several owners the topmost is taken and a named pid is taken as named") {
    CHECK(plan(two_servers(), {"3000"}).kills.at(0).process.pid == 10);
    const auto worker = plan(two_servers(), {"pid:11"});
    REQUIRE(worker.kills.size() == 1);
    CHECK(worker.kills[0].process.pid == 11);
    CHECK(worker.kills[0].inodes == std::vector<std::uint64_t>{3});
}

TEST_CASE("a candidate is never taken for an owner") {
    auto snapshot = two_servers();
    snapshot.rows[3].candidates = {{{10, 100}, snapshot::Knowledge::candidate, {}}};
    for (const uid_t uid : {1000U, 0U}) {
        const auto found = plan(snapshot, {"4000"}, uid);
        CHECK(found.kills.empty());
        REQUIRE(found.ownerless.size() == 1);
    }
    snapshot.rows[2].owners.clear(); // what 10 held
    snapshot.rows[2].unknown = snapshot::Unknown::not_permitted;
    const auto by_pid = plan(snapshot, {"pid:10"});
    CHECK(by_pid.kills.empty());
    CHECK(by_pid.unmatched.size() == 1);
}

TEST_CASE("rows without an owner and targets without a row are told apart") {
    const auto found = plan(two_servers(), {"4000", "5000", "pid:99"});
    CHECK(found.kills.empty());
    REQUIRE(found.ownerless.size() == 1);
    CHECK(found.ownerless[0].port == "port 4000");
    CHECK(found.ownerless[0].unknown == snapshot::Unknown::not_permitted);
    REQUIRE(found.unmatched.size() == 2);
    CHECK(found.unmatched[0].text == "5000");
    CHECK(found.unmatched[1].pid == 99);
}
