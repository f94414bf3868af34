// SPDX-License-Identifier: MIT
// The ways to free a port, from the person's choice to the order: what is said before, what is asked, what is told.
#include "core/jobs/supervisor_requests.h"
#include "tests/session/recorded_work.h"

#include <doctest/doctest.h>

using namespace portside;
using namespace session_test;
using commands::Way;
using jobs::Problem;
using jobs::Stage;
using ui::KillPhase;
using ui::RowAction;
using PortAfter = commands::Update::PortAfter;
using Tone = ui::Notice::Tone;
using namespace std::chrono_literals;

namespace {

const std::string kComesBack = "shop.service has Restart=always: systemd will start it again.";

snapshot::Row in_unit(snapshot::Row row, std::optional<uid_t> manager = kMe) {
    row.unit = platform::Unit{"shop.service", manager};
    return row;
}

// Row 0: node of me in a unit of its own. Row 1: nginx of root in one of the system.
struct Supervised : Fixture {
    Supervised() { show({in_unit(row(3000, 10)), in_unit(row(4000, 20), std::nullopt)}); }
    // The unit's Restart=; empty: nothing could be learnt.
    void tell(const char* restart, std::size_t which = 0) {
        auto told = update(Stage::looked_up, 5000 + (which == 0 ? work.looked_up.size() : which));
        auto facts = std::make_shared<jobs::LookedUp>();
        if (*restart != '\0') {
            facts->unit = supervisors::UnitFacts{.unit = {"shop.service", kMe},
                                                 .description = {},
                                                 .active_state = "active",
                                                 .restart = restart,
                                                 .main_pid = 0,
                                                 .sockets = {},
                                                 .services = {},
                                                 .other_starters = {}};
        }
        told.event.facts = facts;
        work.updates.push_back(told);
        session.refresh(now);
    }
};

} // namespace

TEST_CASE("ways - what systemd would start again is said before and nothing is killed until it is answered") {
    Supervised f;
    f.act(0, RowAction::kill);
    CHECK(f.work.looked_up == std::vector<std::string>{"shop.service"});
    CHECK(f.work.kills.empty());
    CHECK(f.view(0).status.phase == KillPhase::checking);
    CHECK(f.view(0).action == RowAction::none);
    f.tell("always");
    REQUIRE(f.model().question.has_value());
    CHECK(f.model().question->text == kComesBack);
    CHECK(f.work.kills.empty());
    SUBCASE("stop the unit") {
        f.answer(RowAction::stop_unit);
        REQUIRE(f.work.kills.size() == 1);
        CHECK(f.work.kills[0].way == Way::stop_unit);
        CHECK(f.work.kills[0].kill.unit->name == "shop.service");
        f.report(Stage::asked);
        CHECK(f.view(0).status.text == "unit is being stopped");
        f.report(Stage::still_running);
        CHECK(f.view(0).action == RowAction::none); // systemd uses force by itself
        f.report(Stage::ended);
        CHECK(f.view(0).status.text == "stopped after 0.2 s");
    }
    SUBCASE("kill anyway") {
        f.answer(RowAction::kill);
        REQUIRE(f.work.kills.size() == 1);
        CHECK(f.work.kills[0].way == Way::kill);
        CHECK(f.work.kills[0].kill.process == snapshot::ProcessId{10, 5});
        CHECK(f.work.kills[0].kill.inodes == std::vector<std::uint64_t>{30000});
        CHECK(f.work.kills[0].kill.pidfd_id == 910);
    }
    SUBCASE("cancel") {
        f.answer(std::nullopt);
        CHECK(f.work.kills.empty());
        CHECK(f.view(0).action == RowAction::kill);
    }
    CHECK_FALSE(f.model().question.has_value());
}

TEST_CASE("ways - a unit that does not come back holds nothing up") {
    Supervised f;
    f.act(0, RowAction::kill);
    f.tell("no");
    CHECK_FALSE(f.model().question.has_value());
    CHECK(f.work.kills.size() == 1);
}

TEST_CASE("ways - a look-up without an answer is given up after a second and nothing is invented") {
    Supervised f;
    f.act(0, RowAction::kill);
    const auto due = f.session.next_refresh();
    REQUIRE(due.has_value());
    CHECK(*due - f.now <= 1s);
    f.session.refresh(*due - 1ms);
    CHECK(f.work.kills.empty());
    f.session.refresh(*due);
    CHECK(f.work.kills.size() == 1);
    CHECK_FALSE(f.model().question.has_value());
    f.now = *due;
    f.tell("always"); // too late: it is under way
    CHECK_FALSE(f.model().question.has_value());
    CHECK(f.work.kills.size() == 1);
}

TEST_CASE("ways - where nobody can be asked about the unit the kill goes on at once") {
    Supervised f;
    f.work.answers_look_ups = false;
    f.act(0, RowAction::kill);
    CHECK(f.work.kills.size() == 1);
}

TEST_CASE("ways - another users process is named in the question that says that it comes back") {
    Supervised f;
    f.act(1, RowAction::kill_as_administrator);
    f.tell("always");
    REQUIRE(f.model().question.has_value());
    CHECK(f.model().question->text == "End nginx (20) of root? " + kComesBack);
    f.answer(RowAction::kill_as_administrator);
    REQUIRE(f.work.kills.size() == 1);
    CHECK(f.work.kills[0].elevate);
}

TEST_CASE("ways - a question that comes by itself waits for the one that is open") {
    Supervised f;
    f.act(0, RowAction::kill);
    f.act(1, RowAction::stop_unit); // of the system: asks at once
    REQUIRE(f.model().question.has_value());
    CHECK(f.model().question->row.port == 4000);
    f.tell("always", 1);
    CHECK(f.model().question->row.port == 4000);
    CHECK(f.view(0).action == RowAction::none);
    f.answer(RowAction::stop_unit);
    REQUIRE(f.model().question.has_value());
    CHECK(f.model().question->row.port == 3000);
    f.answer(RowAction::kill);
    REQUIRE(f.work.kills.size() == 2);
    CHECK(f.work.kills[0].way == Way::stop_unit);
    CHECK(f.work.kills[1].kill.process.pid == 10);
}

TEST_CASE("ways - a respawner is named before and its tree is the target that is offered") {
    Fixture f;
    f.show({row(80, 20), row(3000, 40)});
    f.act(1, RowAction::kill);
    CHECK(f.work.kills.empty());
    REQUIRE(f.model().question.has_value());
    CHECK(f.model().question->text.starts_with("nodemon (30) starts it again"));
    f.answer(RowAction::kill_respawner_tree);
    REQUIRE(f.work.kills.size() == 1);
    const auto& order = f.work.kills[0];
    CHECK(order.way == Way::kill_tree);
    CHECK(order.kill.process == snapshot::ProcessId{30, 5});
    CHECK(order.kill.pidfd_id == 930);
    CHECK(order.kill.inodes.empty()); // it holds none itself
    CHECK(order.kill.label == "nodemon (30)");
    CHECK(order.kill.row.port == 3000);
    // What is forced afterwards is the tree that was meant, not that of the row's owner.
    f.report(Stage::still_running);
    CHECK(f.view(1).action == RowAction::force_kill_tree);
    f.act(1, RowAction::force_kill_tree);
    REQUIRE(f.model().question.has_value());
    CHECK(f.model().question->text.find("nodemon (30)") != std::string::npos);
    f.answer(RowAction::force_kill_tree);
    REQUIRE(f.work.kills.size() == 2);
    CHECK(f.work.kills[1].kill.process.pid == 30);
    CHECK(f.work.kills[1].signal == platform::Signal::kill);
    CHECK(f.work.kills[1].way == Way::kill_tree);
}

TEST_CASE("ways - a tree that is asked about first is killed as a tree with consent") {
    Fixture f;
    f.act(1, RowAction::kill_tree);
    REQUIRE(f.work.kills.size() == 1);
    f.report(Stage::asked);
    CHECK(f.view(1).status.text == "tree asked to stop");
    f.report(Stage::refused, Problem::needs_consent, "It holds your terminal.");
    REQUIRE(f.model().question.has_value());
    CHECK(f.model().question->text == "It holds your terminal.");
    f.answer(RowAction::kill_tree);
    REQUIRE(f.work.kills.size() == 2);
    CHECK(f.work.kills[1].consented);
    CHECK(f.work.kills[1].way == Way::kill_tree);
}

TEST_CASE("ways - a container is stopped after a question that names it") {
    Fixture f;
    auto proxied = row(8080, 20);
    proxied.container = platform::Container{platform::Engine::docker, "4c01db0b339c", "web"};
    f.show({proxied});
    f.act(0, RowAction::stop_container);
    REQUIRE(f.model().question.has_value());
    CHECK(f.model().question->text == "Stop container web and everything in it?");
    f.answer(RowAction::stop_container);
    REQUIRE(f.work.kills.size() == 1);
    CHECK(f.work.kills[0].way == Way::stop_container);
    CHECK(f.work.kills[0].kill.container->name == "web");
    CHECK_FALSE(f.work.kills[0].elevate);
}

TEST_CASE("ways - outcomes have a tone and a port that is taken again takes back the good news") {
    Fixture f;
    f.act(1, RowAction::kill);
    f.report(Stage::ended);
    f.report(Stage::ended, Problem::none, "Port 3000 is free.", PortAfter::free);
    REQUIRE(f.model().notices.size() == 1);
    CHECK(f.model().notices[0].tone == Tone::good);
    f.report(Stage::ended, Problem::none, "node (44) took port 3000 again.", PortAfter::retaken, 1);
    REQUIRE(f.model().notices.size() == 1);
    CHECK(f.model().notices[0].tone == Tone::mixed);
    CHECK(f.model().notices[0].text == "node (44) took port 3000 again.");
    f.act(1, RowAction::kill);
    f.report(Stage::refused, Problem::failed, "It was not sent.");
    CHECK(f.model().notices.back().tone == Tone::bad);
}

TEST_CASE("ways - who goes on and why is told beside the row") {
    Fixture f;
    f.act(1, RowAction::kill_tree);
    f.report(Stage::still_running, Problem::none, "node (10) is still running after 5 s: it is stopped.");
    CHECK(f.view(1).status.text == "still running after 5 s");
    CHECK(f.view(1).action == RowAction::force_kill_tree);
    REQUIRE(f.model().notices.size() == 1);
    CHECK(f.model().notices[0].tone == Tone::mixed);
}

TEST_CASE("ways - good news give way to trouble and many at once are one notice") {
    Fixture f;
    f.session.add_notice(Tone::bad, "bad");
    f.session.add_notice(Tone::good, "good");
    f.session.add_notice(Tone::mixed, "mixed");
    f.session.add_notice(Tone::good, "newest");
    REQUIRE(f.model().notices.size() == 3);
    CHECK(f.model().notices[0].text == "bad");
    CHECK(f.model().notices[1].text == "mixed");
    CHECK(f.model().notices[2].text == "newest");
}

TEST_CASE("ways - quitting names a kill that is still waiting and no more than fit") {
    Supervised f;
    f.act(0, RowAction::kill);
    f.session.handle({ui::Quit{}});
    CHECK(f.model().quit_question == "Still pending: node (10) on port 3000. Quit all the same?");
    f.session.handle({ui::AnswerQuit{false}});
    f.tell("no");
    f.work.still_pending.assign(200, "node (10) on port 3000");
    f.session.handle({ui::Quit{}});
    CHECK(f.model().quit_question.ends_with(" and 192 more. Quit all the same?"));
}

TEST_CASE("ways - what is to be told once is told though it is of no job") {
    Fixture f;
    auto update = f.update(Stage::asked);
    update.event.job = 0;
    update.sentence = "kills.log cannot be written.";
    f.work.updates.push_back(update);
    f.session.refresh(f.now);
    REQUIRE(f.model().notices.size() == 1);
    CHECK(f.model().notices[0].text == "kills.log cannot be written.");
}
