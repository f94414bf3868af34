// SPDX-License-Identifier: MIT
// A port that systemd holds for a service: the person is asked about the socket unit by its name.
#include "core/jobs/supervisor_requests.h"
#include "tests/session/recorded_work.h"

#include <doctest/doctest.h>

using namespace portside;
using namespace session_test;
using commands::Way;
using jobs::Stage;
using ui::KillPhase;
using ui::RowAction;
using namespace std::chrono_literals;

namespace {

// Row 0: process 1 holds port 8080, for whom only systemd knows.
struct Activated : Fixture {
    Activated() {
        auto made = std::make_shared<snapshot::Snapshot>(*snapshot_of({row(8080, 1)}));
        snapshot::Process first;
        first.id = {1, 5};
        first.uid = 0;
        first.user = "root";
        first.name = "systemd";
        std::vector<snapshot::Process> processes(made->processes.begin(), made->processes.end());
        processes.insert(processes.begin(), first);
        made->processes = snapshot::ProcessList(processes);
        work.next_report.snapshot = made;
        now += 1s;
        session.refresh(now);
        act(0, RowAction::stop_unit);
    }
    void tell(const jobs::LookedUp& facts) {
        auto told = update(Stage::looked_up, 5000 + work.looked_up.size());
        told.event.facts = std::make_shared<jobs::LookedUp>(facts);
        work.updates.push_back(told);
        session.refresh(now);
    }
};

} // namespace

TEST_CASE("socket_unit - the socket unit of a port that systemd holds is asked for and named before it is stopped") {
    Activated f;
    CHECK(f.work.looked_up == std::vector<std::string>{""}); // no unit is known yet
    CHECK(f.work.kills.empty());
    CHECK_FALSE(f.model().question.has_value());
    CHECK(f.view(0).status.phase == KillPhase::checking);
    jobs::LookedUp told;
    SUBCASE("it is named") {
        told.unit.emplace().unit = {"web.socket", std::nullopt};
        told.unit->starts = {"web.service"};
        f.tell(told);
        REQUIRE(f.model().question.has_value());
        CHECK(f.model().question->text == "web.socket is a socket unit: systemd holds the port for it, and starts "
                                          "web.service when somebody connects. Stopping it frees the port.");
        f.answer(RowAction::stop_unit);
        REQUIRE(f.work.kills.size() == 1);
        CHECK(f.work.kills[0].way == Way::stop_unit);
        CHECK(f.work.kills[0].kill.unit->name == "web.socket");
        REQUIRE(f.work.kills[0].kill.activated.has_value());
        CHECK_FALSE(f.work.kills[0].kill.activated->manager.has_value());
    }
    SUBCASE("there is none") {
        told.unit_problem = "None of the socket units listens there.";
        f.tell(told);
        CHECK(f.view(0).status.phase == KillPhase::refused);
        REQUIRE(f.model().notices.size() == 1);
        CHECK(f.model().notices[0].text == told.unit_problem);
        CHECK(f.work.kills.empty());
    }
    SUBCASE("nobody answers") {
        const auto due = f.session.next_refresh();
        REQUIRE(due.has_value());
        f.session.refresh(*due);
        CHECK_FALSE(f.model().question.has_value());
        CHECK(f.model().notices.size() == 1);
        CHECK(f.work.kills.empty());
    }
}
