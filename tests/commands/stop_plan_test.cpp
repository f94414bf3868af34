// SPDX-License-Identifier: MIT
// core/commands/stop_plan: which units and containers are behind the targets.
#include "core/commands/stop_plan.h"

#include <doctest/doctest.h>

using namespace portside;
using commands::parse_target;
using commands::plan_stops;
using commands::Way;

namespace {

snapshot::Row row(std::uint16_t port, std::optional<platform::ProcessId> owner) {
    snapshot::Row made;
    made.key.port = port;
    made.key.holder = snapshot::RowKey::Unowned{};
    made.port_text = std::to_string(port);
    made.user = "root";
    made.sockets.emplace_back().inode = port;
    if (owner) {
        made.key.holder = *owner;
        made.owners.emplace_back().id = *owner;
    }
    return made;
}

snapshot::Snapshot canned() {
    snapshot::Snapshot made;
    auto web = row(80, platform::ProcessId{10, 1});
    web.unit = platform::Unit{"web.service", std::nullopt};
    auto secure = row(443, std::nullopt); // of another user: its cgroup tells the unit
    secure.unit = web.unit;
    auto proxy = row(8080, platform::ProcessId{20, 1});
    proxy.container = platform::Container{};
    made.rows = {web, secure, row(3000, platform::ProcessId{30, 1}), proxy};
    return made;
}

std::vector<commands::Target> targets(const std::vector<std::string>& words) {
    std::vector<commands::Target> made;
    for (const auto& word : words) {
        made.push_back(parse_target(word).value());
    }
    return made;
}

} // namespace

TEST_CASE("stop_plan - a port that a manager holds leads to its socket unit once that has a name") {
    auto snapshot = canned();
    snapshot::Process manager;
    manager.id = {1, 1};
    manager.name = "systemd";
    snapshot.processes.push_back(manager);
    snapshot.rows = {row(22, platform::ProcessId{1, 1}), row(23, platform::ProcessId{1, 1})};
    snapshot.rows[1].unit = platform::Unit{"container.service", std::nullopt}; // in which that manager itself runs
    auto plan = plan_stops(snapshot, targets({"22", "23"}), Way::stop_unit);
    REQUIRE(plan.orders.size() == 2);
    for (auto& order : plan.orders) {
        CHECK(order.kill.label == "systemd (1)");
        CHECK_FALSE(order.kill.unit.has_value());
        REQUIRE(order.kill.activated.has_value());
        CHECK_FALSE(order.kill.activated->manager.has_value());
        CHECK(order.kill.activated->endpoints.size() == 1);
    }
    commands::join_same_units(plan.orders); // nothing is known to be the same
    CHECK(plan.orders.size() == 2);
    for (auto& order : plan.orders) {
        order.kill.unit = platform::Unit{"ssh.socket", std::nullopt};
    }
    commands::join_same_units(plan.orders);
    REQUIRE(plan.orders.size() == 1);
    CHECK(plan.orders[0].kill.other_rows.size() == 1);
    CHECK(plan_stops(snapshot, targets({"22"}), Way::stop_container).without.size() == 1);
}

TEST_CASE("stop_plan - a unit behind two ports is stopped once") {
    const auto plan = plan_stops(canned(), targets({"80", "443"}), Way::stop_unit);
    REQUIRE(plan.orders.size() == 1);
    const auto& order = plan.orders.front();
    CHECK(order.way == Way::stop_unit);
    CHECK(order.kill.unit->name == "web.service");
    CHECK(order.kill.process == platform::ProcessId{10, 1});
    CHECK(order.kill.inodes == std::vector<std::uint64_t>{80});
    CHECK(order.kill.other_rows.size() == 1);
    CHECK(plan.without.empty());
}

TEST_CASE("stop_plan - a row whose owner is not known is stopped by its unit alone") {
    const auto plan = plan_stops(canned(), targets({"443"}), Way::stop_unit);
    REQUIRE(plan.orders.size() == 1);
    CHECK(plan.orders.front().kill.process.pid == 0);
    CHECK(plan.orders.front().kill.inodes.empty());
}

TEST_CASE("stop_plan - a row without unit or container says so and is left alone") {
    const auto units = plan_stops(canned(), targets({"3000", "9"}), Way::stop_unit);
    CHECK(units.orders.empty());
    REQUIRE(units.without.size() == 1);
    CHECK(units.without.front().find("belongs to no systemd unit") != std::string::npos);
    REQUIRE(units.unmatched.size() == 1);
    CHECK(units.unmatched.front().text == "9");
    CHECK(plan_stops(canned(), targets({"80"}), Way::stop_container).without.size() == 1);
    CHECK(plan_stops(canned(), targets({"8080", "pid:20"}), Way::stop_container).orders.size() == 1);
}
