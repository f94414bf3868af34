// SPDX-License-Identifier: MIT
// core/snapshot/activation: which rows are ports that a manager holds for somebody else.
#include "core/snapshot/activation.h"

#include <doctest/doctest.h>

using namespace portside;
using namespace portside::snapshot;

namespace {

Process process(pid_t pid, const char* name, std::vector<std::string> command_line) {
    Process made;
    made.id = {pid, 5};
    made.parent = pid == 1 ? 0 : 1;
    made.uid = pid == 1 ? 0 : 1000;
    made.name = name;
    made.executable = command_line.front();
    made.command_line = std::move(command_line);
    return made;
}

// Process 1, 800 (the manager of user 1000) and 900 (a server).
Snapshot with_managers() {
    Snapshot made;
    made.processes = {process(1, "systemd", {"/sbin/init"}),
                      process(800, "systemd", {"/usr/lib/systemd/systemd", "--user"}),
                      process(900, "node", {"/usr/bin/node"})};
    return made;
}

Row held_by(const std::vector<pid_t>& owners) {
    Row row;
    row.key.port = 3000;
    row.sockets.resize(2);
    row.sockets[0].local.port = row.sockets[1].local.port = 3000;
    row.sockets[1].local.address.family = platform::Family::ipv6;
    for (const pid_t pid : owners) {
        row.owners.push_back({{pid, 5}, Knowledge::holds, {}});
    }
    return row;
}

} // namespace

TEST_CASE("activation - the manager its protocol and all its addresses are told") {
    const auto system = manager_sockets_of(with_managers(), held_by({1}));
    REQUIRE(system.has_value());
    CHECK_FALSE(system->manager.has_value());
    CHECK(system->protocol == platform::Protocol::tcp);
    REQUIRE(system->endpoints.size() == 2);
    CHECK(system->endpoints[1].address.family == platform::Family::ipv6);
    CHECK(system->endpoints[1].port == 3000);
    const auto user = manager_sockets_of(with_managers(), held_by({800}));
    REQUIRE(user.has_value());
    CHECK(user->manager == uid_t{1000});
}

TEST_CASE("activation - a row with another owner or without any is none") {
    CHECK_FALSE(manager_sockets_of(with_managers(), held_by({900})).has_value());
    CHECK_FALSE(manager_sockets_of(with_managers(), held_by({900, 1})).has_value());
    CHECK_FALSE(manager_sockets_of(with_managers(), held_by({})).has_value());
    CHECK_FALSE(manager_sockets_of(with_managers(), held_by({77})).has_value()); // of whom nothing is known
}

TEST_CASE("activation - candidates count where the owners may not be seen") {
    auto row = held_by({});
    row.candidates.push_back({{1, 5}, Knowledge::candidate, {}});
    CHECK(manager_sockets_of(with_managers(), row).has_value());
    row.candidates.push_back({{900, 5}, Knowledge::candidate, {}});
    CHECK_FALSE(manager_sockets_of(with_managers(), row).has_value());
}

TEST_CASE("activation - the unit that a manager itself runs in is not the one to stop") {
    auto row = held_by({1});
    row.unit = platform::Unit{"machine.service", std::nullopt};
    CHECK_FALSE(unit_to_stop(with_managers(), row).has_value());
    row.unit->name = "web.socket";
    CHECK(unit_to_stop(with_managers(), row) == row.unit);
    auto server = held_by({900});
    server.unit = platform::Unit{"web.service", std::nullopt};
    CHECK(unit_to_stop(with_managers(), server) == server.unit);
}
