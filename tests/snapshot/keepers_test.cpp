// SPDX-License-Identifier: MIT
// core/snapshot/keepers, in what assemble() makes: units, containers, and candidates where no owner may be seen.
#include "core/snapshot/keepers.h"

#include "core/snapshot/arranger.h"
#include "core/snapshot/json.h"
#include "facts.h"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

using namespace portside;
using namespace portside::snapshot;
using namespace portside::snapshot::test;
using nlohmann::json;
using Pids = std::vector<pid_t>;
using Ports = std::vector<int>;

namespace {

constexpr const char* kNginx = "/system.slice/nginx.service";

// nginx (80, with a worker), of another user: its owners may not be seen.
ScanFacts hidden_nginx() {
    ScanFacts facts;
    facts.walk.denied = 1;
    add_process(facts, 1, 0, "init");
    add_process(facts, 20, 1, "nginx").cgroup = kNginx;
    add_process(facts, 21, 20, "worker").cgroup = kNginx;
    facts.users[0] = "root";
    facts.groups = {{7, kNginx, {id_of(facts, 20), id_of(facts, 21)}}};
    add_socket(facts, {.port = 80, .inode = 1, .uid = 0, .cgroup_id = 7}, {});
    return facts;
}

Pids pids(const std::vector<Owner>& owners) {
    Pids found;
    for (const auto& owner : owners) {
        found.push_back(owner.id.pid);
    }
    return found;
}

// The ports of the rows that the filter leaves, by both ways to ask.
Ports ports(const Snapshot& snapshot, const char* filter) {
    const Query query = Query::parse(filter).value();
    const auto plain = arrange(snapshot, query, {});
    Arrangement quick;
    Arranger().arrange(std::make_shared<Snapshot>(snapshot), query, {}, quick);
    CHECK(quick.rows == plain.rows);
    Ports found;
    for (const auto index : plain.rows) {
        found.push_back(snapshot.rows[index].key.port);
    }
    return found;
}

} // namespace

TEST_CASE("keepers - a row without owner has the unit and the processes of its cgroup") {
    const Snapshot snapshot = assemble(hidden_nginx());
    REQUIRE(snapshot.rows.size() == 1);
    const Row& row = snapshot.rows[0];
    CHECK(row.owners.empty());
    CHECK(row.unknown == Unknown::not_permitted);
    CHECK(row.key.holder == std::variant<ProcessId, RowKey::Unowned>(RowKey::Unowned{0, 7}));
    CHECK(row.unit == platform::Unit{"nginx.service", {}});
    CHECK_FALSE(row.container);
    CHECK(pids(row.candidates) == Pids{20, 21});
    for (const auto& candidate : row.candidates) {
        CHECK(candidate.knowledge == Knowledge::candidate);
        REQUIRE(snapshot.find_process(candidate.id) != nullptr);
    }
    CHECK(snapshot.find_process(row.candidates[0].id)->name == "nginx");
    CHECK(snapshot.find_process(row.candidates[0].id)->unit == platform::Unit{"nginx.service", {}});
    CHECK(topmost_process(snapshot, row) == nullptr);
    CHECK(row.user == "root"); // of the socket, not of a candidate
}

TEST_CASE("keepers - an owned row has the unit of its topmost owner and no candidates") {
    ScanFacts facts = hidden_nginx();
    add_process(facts, 30, 1, "master").cgroup = "/user.slice/user-7.slice/user@7.service/app.slice/a.service";
    add_process(facts, 31, 30, "worker").cgroup = "/system.slice/other.service";
    add_socket(facts, {.port = 90, .inode = 2, .cgroup_id = 7}, {30, 31});
    add_process(facts, 40, 1, "web").cgroup = "/docker/0123456789ab";
    add_socket(facts, {.port = 91, .inode = 3, .cgroup_id = 7}, {40});
    add_process(facts, 50, 1, "shell").cgroup = "/user.slice/user-7.slice/session-1.scope";
    add_socket(facts, {.port = 92, .inode = 4, .cgroup_id = 7}, {50});
    add_process(facts, 60, 1, "unread");
    add_socket(facts, {.port = 93, .inode = 5, .cgroup_id = 7}, {60});
    const Snapshot snapshot = assemble(facts);
    REQUIRE(snapshot.rows.size() == 5);
    CHECK(snapshot.rows[1].unit == platform::Unit{"a.service", 7});
    CHECK_FALSE(snapshot.rows[2].unit);
    CHECK(snapshot.rows[2].container == platform::Container{platform::Engine::docker, "0123456789ab", ""});
    for (std::size_t i = 1; i < 5; ++i) {
        CHECK(snapshot.rows[i].candidates.empty());
        if (i > 2) {
            CHECK_FALSE(snapshot.rows[i].unit);
            CHECK_FALSE(snapshot.rows[i].container);
        }
    }
}

TEST_CASE("keepers - who is elsewhere or another process by now is no candidate") {
    ScanFacts facts = hidden_nginx();
    facts.processes[20].cgroup = "/system.slice/nginx.service/below";
    CHECK(pids(assemble(facts).rows[0].candidates) == Pids{21});
    facts.processes[21].stat.id.start_time += 1;
    CHECK(assemble(facts).rows[0].candidates.empty());
    facts = hidden_nginx();
    facts.processes.erase(20);
    facts.processes[21].cgroup.reset();
    const Snapshot snapshot = assemble(facts);
    CHECK(snapshot.rows[0].candidates.empty());
    CHECK(snapshot.rows[0].unit == platform::Unit{"nginx.service", {}}); // the socket's cgroup still says so
}

TEST_CASE("keepers - where all processes could be looked into none is a candidate") {
    ScanFacts facts = hidden_nginx();
    facts.walk.denied = 0;
    const Snapshot snapshot = assemble(facts);
    CHECK(snapshot.rows[0].unknown == Unknown::not_found);
    CHECK(snapshot.rows[0].candidates.empty());
    CHECK(snapshot.rows[0].unit == platform::Unit{"nginx.service", {}});
}

TEST_CASE("keepers - cgroups that say nothing or are not there") {
    ScanFacts facts = hidden_nginx();
    facts.groups[0].path = "/";
    facts.groups[0].members.clear();
    add_socket(facts, {.port = 81, .inode = 2, .cgroup_id = 6}, {});
    add_socket(facts, {.port = 82, .inode = 3, .cgroup_id = 8}, {});
    add_socket(facts, {.port = 83, .inode = 4}, {});
    const Snapshot snapshot = assemble(facts);
    REQUIRE(snapshot.rows.size() == 4);
    for (const Row& row : snapshot.rows) {
        CHECK_FALSE(row.unit);
        CHECK_FALSE(row.container);
        CHECK(row.candidates.empty());
        CHECK(row.unknown == Unknown::not_permitted);
    }
}

TEST_CASE("keepers - a missing hierarchy is said where it would have told something") {
    ScanFacts facts = hidden_nginx();
    facts.groups.clear();
    const auto has_note = [](const Snapshot& snapshot) {
        return std::any_of(snapshot.notes.begin(), snapshot.notes.end(),
                           [](const Note& note) { return note.code == "cgroups_unknown"; });
    };
    CHECK_FALSE(has_note(assemble(facts)));
    facts.hierarchy_is_missing = true;
    CHECK(has_note(assemble(facts)));
    facts.listing.sockets[0].cgroup_id.reset();
    CHECK_FALSE(has_note(assemble(facts)));
}

TEST_CASE("keepers - the filter finds units and containers and candidates") {
    ScanFacts facts = hidden_nginx();
    add_process(facts, 40, 1, "web").cgroup = "/docker/0123456789ab";
    add_socket(facts, {.port = 91, .inode = 3}, {40});
    add_process(facts, 50, 1, "php").cgroup = "/system.slice/FPM.service";
    add_socket(facts, {.port = 92, .inode = 4}, {50});
    facts.groups.push_back({8, "/system.slice/empty.service", {}});
    add_socket(facts, {.port = 93, .inode = 5, .cgroup_id = 8}, {});
    add_socket(facts, {.port = 94, .inode = 6, .cgroup_id = 9}, {});
    const Snapshot snapshot = assemble(facts);
    CHECK(ports(snapshot, "nginx") == Ports{80});
    CHECK(ports(snapshot, "name:worker") == Ports{80});
    CHECK(ports(snapshot, "name:nginx.serv") == Ports{80});
    CHECK(ports(snapshot, "/usr/bin/worker") == Ports{80});
    CHECK(ports(snapshot, "name:/usr/bin/worker").empty());
    CHECK(ports(snapshot, "pid:21") == Ports{80});
    CHECK(ports(snapshot, "unit:nginx") == Ports{80});
    CHECK(ports(snapshot, "unit:Fpm") == Ports{92});
    CHECK(ports(snapshot, "fpm") == Ports{92});
    CHECK(ports(snapshot, "unit:0123456") == Ports{91});
    CHECK(ports(snapshot, "unit:.service") == Ports{80, 92, 93});
    CHECK(ports(snapshot, "-unit:.service") == Ports{91, 94});
    CHECK(ports(snapshot, "unit:worker").empty());
    CHECK(ports(snapshot, "unit:") == Ports{80, 91, 92, 93, 94}); // still being typed
    CHECK(ports(snapshot, "empty") == Ports{93});
}

TEST_CASE("keepers - in JSON") {
    ScanFacts facts = hidden_nginx();
    add_process(facts, 40, 1, "web").cgroup = "/docker/0123456789ab";
    add_socket(facts, {.port = 91, .inode = 3}, {40});
    add_process(facts, 50, 1, "vite").cgroup = "/user.slice/user-7.slice/user@7.service/app.slice/vite.service";
    add_socket(facts, {.port = 92, .inode = 4}, {50});
    const Snapshot snapshot = assemble(facts);
    const json rows = json::parse(to_json(snapshot, arrange(snapshot, Query{}, {})))["rows"];
    CHECK(rows[0]["unit"] == json::parse(R"({"name":"nginx.service","manager_uid":null})"));
    CHECK(rows[0]["container"].is_null());
    CHECK(rows[0]["owners"] == json::array());
    REQUIRE(rows[0]["candidates"].size() == 2);
    CHECK(rows[0]["candidates"][0]["pid"] == 20);
    CHECK(rows[0]["candidates"][0]["start_time"] == 120);
    CHECK(rows[0]["candidates"][0]["name"] == "nginx");
    CHECK(rows[0]["candidates"][0]["knowledge"] == "candidate");
    CHECK(rows[0]["sockets"][0]["user"] == "root");
    CHECK(rows[1]["unit"].is_null());
    CHECK(rows[1]["container"] == json::parse(R"({"engine":"docker","id":"0123456789ab","name":null})"));
    CHECK(rows[1]["candidates"] == json::array());
    CHECK(rows[2]["unit"] == json::parse(R"({"name":"vite.service","manager_uid":7})"));
    CHECK(rows[2]["owners"][0]["unit"] == rows[2]["unit"]);
}

TEST_CASE("keepers - a candidate in what an administrator is told is no owner") {
    Snapshot snapshot = assemble(hidden_nginx());
    const auto told = privileged_owners_from_json(to_json(snapshot, arrange(snapshot, Query{}, {})), {});
    REQUIRE(told.has_value());
    CHECK(told->empty());
}

TEST_CASE("a row that a port forwarder holds is a containers") {
    ScanFacts facts;
    add_process(facts, 1, 0, "init");
    auto& proxy = add_process(facts, 20, 1, "docker-proxy");
    proxy.cgroup = "/system.slice/docker.service";
    proxy.executable = "/usr/bin/docker-proxy";
    proxy.command_line = {"/usr/bin/docker-proxy",
                          "-proto",
                          "tcp",
                          "-host-ip",
                          "0.0.0.0",
                          "-host-port",
                          "8080",
                          "-container-ip",
                          "172.17.0.2",
                          "-container-port",
                          "80"};
    add_socket(facts, {.port = 8080, .inode = 1}, {20});
    const auto held = assemble(facts);
    REQUIRE(held.rows.at(0).container.has_value());
    CHECK(held.rows[0].container->engine == platform::Engine::docker);
    CHECK(held.rows[0].container->id.empty());

    // Of another user: only the arguments of a candidate tell, and only of the port that they name.
    ScanFacts hidden = facts;
    hidden.listing.sockets.clear();
    hidden.walk = {};
    hidden.walk.denied = 1;
    hidden.groups = {{7, "/system.slice/docker.service", {id_of(hidden, 20)}}};
    add_socket(hidden, {.port = 8080, .inode = 2, .uid = 0, .cgroup_id = 7}, {});
    add_socket(hidden, {.port = 8081, .inode = 3, .uid = 0, .cgroup_id = 7}, {});
    const auto seen = assemble(hidden);
    REQUIRE(seen.rows.size() == 2);
    CHECK(seen.rows[0].owners.empty());
    CHECK(seen.rows[0].container.has_value());
    CHECK_FALSE(seen.rows[1].container.has_value());
}
