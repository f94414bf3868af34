// SPDX-License-Identifier: MIT
// What is read and asked for the row whose details are open; and a list that waits for the pointer.
#include "core/jobs/supervisor_requests.h"
#include "recorded_work.h"

#include <doctest/doctest.h>

using namespace portside;
using namespace portside::session_test;
using namespace std::chrono_literals;
using session::Session;

namespace {

snapshot::Row in_unit(std::uint16_t port, pid_t owner) {
    auto made = row(port, owner);
    made.unit = platform::Unit{"web.service", std::nullopt};
    return made;
}

ui::ShowDetails details_of(const snapshot::Row& row) {
    return {row.key};
}

// What the manager told, for the last look-up.
void tell(Fixture& f, const supervisors::UnitFacts& unit, jobs::JobId job) {
    auto told = std::make_shared<jobs::LookedUp>();
    told->unit = unit;
    commands::Update update;
    update.event.job = job;
    update.event.stage = jobs::Stage::looked_up;
    update.event.facts = told;
    f.work.updates.push_back(update);
    f.session.refresh(f.now);
}

} // namespace

TEST_CASE("details are wished for once and anew when the owners are others") {
    Fixture f;
    f.session.handle({details_of(f.model().snapshot->rows[1])});
    REQUIRE(f.work.wishes.size() == 1);
    REQUIRE(f.work.wishes[0]);
    CHECK(f.work.wishes[0]->owners.size() == 1);
    CHECK(f.work.wishes[0]->owners[0].pid == 10);
    f.show({row(70, 20), row(80, 20), row(3000, 10)});
    CHECK(f.work.wishes.size() == 1);
    auto with_worker = row(3000, 10);
    with_worker.owners.push_back({{40, 5}, snapshot::Knowledge::holds, {}});
    f.show({row(80, 20), with_worker});
    REQUIRE(f.work.wishes.size() == 2);
    CHECK(f.work.wishes[1]->owners.size() == 2);
    f.session.handle({ui::ShowDetails{}});
    REQUIRE(f.work.wishes.size() == 3);
    CHECK_FALSE(f.work.wishes[2]);
}

TEST_CASE("details that were read are shown while they are open") {
    Fixture f;
    auto read = std::make_shared<snapshot::ProcessDetails>();
    f.work.next_details = read;
    f.session.refresh(f.now);
    CHECK_FALSE(f.model().details);
    f.session.handle({details_of(f.model().snapshot->rows[1])});
    f.session.refresh(f.now);
    CHECK(f.model().details == read);
    f.session.handle({ui::ShowDetails{}});
    f.session.refresh(f.now);
    CHECK_FALSE(f.model().details);
}

TEST_CASE("details ask the manager of the unit once and say what it told") {
    Fixture f;
    f.show({in_unit(80, 20), row(3000, 10)});
    f.session.handle({details_of(f.model().snapshot->rows[1])});
    CHECK(f.work.looked_up.empty()); // nothing keeps it
    f.session.handle({details_of(f.model().snapshot->rows[0])});
    REQUIRE(f.work.looked_up == std::vector<std::string>{"web.service"});
    f.session.refresh(f.now + 1s);
    CHECK(f.work.looked_up.size() == 1);
    supervisors::UnitFacts unit;
    unit.description = "The web";
    unit.active_state = "active";
    unit.restart = "always";
    unit.sockets = {"web.socket"};
    unit.other_starters = {"web.timer"};
    tell(f, unit, 5001);
    REQUIRE(f.model().keeper);
    CHECK(f.model().keeper->row == f.model().snapshot->rows[0].key);
    CHECK(f.model().keeper->description == "The web");
    CHECK(f.model().keeper->restart == "always");
    CHECK(f.model().keeper->starters == "web.socket, web.timer");
    CHECK(f.work.kills.empty());
    f.session.handle({ui::ShowDetails{}});
    CHECK_FALSE(f.model().keeper);
}

TEST_CASE("an answer that comes after the details were closed says nothing") {
    Fixture f;
    f.show({in_unit(80, 20)});
    f.session.handle({details_of(f.model().snapshot->rows[0])});
    f.session.handle({ui::ShowDetails{}});
    tell(f, {}, 5001);
    CHECK_FALSE(f.model().keeper);
    CHECK(f.model().notices.empty());
}

TEST_CASE("a list does not change under a pointer on a button but soon after") {
    Fixture f;
    f.session.hold_still(true);
    const auto before = f.model().snapshot;
    f.show({row(70, 20), row(80, 20), row(3000, 10)});
    CHECK(f.model().snapshot == before);
    const auto due = f.session.next_refresh();
    REQUIRE(due);
    CHECK(*due > f.now);
    CHECK(*due <= f.now + 2s);
    f.session.refresh(*due - 1ms);
    CHECK(f.model().snapshot == before);
    f.session.refresh(*due);
    CHECK(f.model().snapshot == f.work.next_report.snapshot); // however long it stays there
    CHECK_FALSE(f.session.next_refresh());
}

TEST_CASE("a list that waited is shown as soon as the pointer leaves the button") {
    Fixture f;
    f.session.hold_still(true);
    f.show({row(70, 20), row(80, 20), row(3000, 10)});
    CHECK(f.model().snapshot != f.work.next_report.snapshot);
    f.session.hold_still(false);
    REQUIRE(f.session.next_refresh());
    CHECK(*f.session.next_refresh() <= f.now);
    f.session.refresh(f.now);
    CHECK(f.model().snapshot == f.work.next_report.snapshot);
    CHECK_FALSE(f.session.next_refresh());
}
