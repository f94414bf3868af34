// SPDX-License-Identifier: MIT
// core/snapshot/container_names: what an engine told is written over the rows that it was told of, and over no others.
#include "core/snapshot/container_names.h"

#include "core/snapshot/query.h"
#include "facts.h"

#include <doctest/doctest.h>

using namespace portside;
using namespace portside::snapshot;
using namespace portside::snapshot::test;

namespace {

const std::string kId = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

// A proxy that tells no id (port 8080, inodes 1 and 2) and a process in a container (port 9000, inode 3).
ScanFacts two_containers() {
    ScanFacts facts;
    add_process(facts, 1, 0, "init");
    auto& proxy = add_process(facts, 20, 1, "docker-proxy");
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
    add_process(facts, 30, 1).cgroup = "/system.slice/docker-" + kId + ".scope";
    add_process(facts, 40, 1);
    add_socket(facts, {.local = "0.0.0.0", .port = 8080, .inode = 1}, {20});
    add_socket(facts, {.local = "::", .port = 8080, .inode = 2, .v6only = true}, {20});
    add_socket(facts, {.port = 9000, .inode = 3}, {30});
    add_socket(facts, {.port = 9001, .inode = 4}, {40});
    return facts;
}

platform::Container docker(const std::string& id, const std::string& name) {
    return {platform::Engine::docker, id, name};
}

} // namespace

TEST_CASE("container names - rows without one are told with what their engine can be asked by") {
    const auto facts = two_containers();
    const auto nameless = nameless_containers(assemble(facts));
    REQUIRE(nameless.size() == 2);
    CHECK(nameless[0].inode == 1);
    CHECK(nameless[0].container == docker("", ""));
    CHECK(nameless[0].holder == id_of(facts, 20));
    CHECK(nameless[0].port == 8080);
    CHECK(nameless[1].inode == 3);
    CHECK(nameless[1].container == docker(kId, ""));
    CHECK(nameless[1].holder == id_of(facts, 30));
}

TEST_CASE("container names - what was told of a socket names its row") {
    auto facts = two_containers();
    facts.containers = {{1, docker("fedcba987654", "web")}, {3, docker(kId, "db")}, {4, docker(kId, "db")}};
    const auto snapshot = assemble(facts);
    REQUIRE(snapshot.rows.size() == 3);
    CHECK(snapshot.rows[0].container == docker("fedcba987654", "web"));
    CHECK(snapshot.rows[1].container == docker(kId, "db"));
    CHECK_FALSE(snapshot.rows[2].container.has_value()); // no container's, whatever was told
    CHECK(nameless_containers(snapshot).empty());
    CHECK(Query::parse("unit:web")->matches(snapshot, snapshot.rows[0])); // it is found by its name
    CHECK_FALSE(Query::parse("unit:web")->matches(snapshot, snapshot.rows[1]));
}

TEST_CASE("container names - another container or another engine is not the one that was told of") {
    auto facts = two_containers();
    facts.containers = {{3, docker("fedcba987654", "other")}, {1, {platform::Engine::podman, "fedcba987654", "web"}}};
    const auto snapshot = assemble(facts);
    CHECK(snapshot.rows[0].container == docker("", ""));
    CHECK(snapshot.rows[1].container == docker(kId, ""));
}

TEST_CASE("container names - a name goes with its socket") {
    const auto facts = two_containers();
    std::vector<ToldContainer> told{{1, docker("fedcba987654", "web")}, {77, docker(kId, "db")}};
    drop_gone(told, facts.listing.sockets);
    CHECK(told == std::vector<ToldContainer>{{1, docker("fedcba987654", "web")}});
}
