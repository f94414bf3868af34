// SPDX-License-Identifier: MIT
// The session on work that only records: what it draws from, and what it orders.
#include "tests/session/recorded_work.h"

#include <doctest/doctest.h>

using namespace portside;
using jobs::Stage;
using ui::KillPhase;
using ui::RowAction;
using namespace session_test;
using namespace std::chrono_literals;

TEST_CASE("one click on an own process orders a kill of what was drawn") {
    Fixture f;
    CHECK(f.view(1).action == RowAction::kill);
    f.act(1, RowAction::kill);
    REQUIRE(f.work.kills.size() == 1);
    const auto& order = f.work.kills[0];
    CHECK(order.kill.process == snapshot::ProcessId{10, 5});
    CHECK(order.kill.inodes == std::vector<std::uint64_t>{30000});
    CHECK(order.signal == platform::Signal::term);
    CHECK_FALSE(order.elevate);
    CHECK_FALSE(order.consented);
    CHECK(f.view(1).status.phase == KillPhase::checking);
    CHECK(f.view(1).action == RowAction::none);
}

TEST_CASE("the row tells how the kill goes and force is offered and asked about") {
    Fixture f;
    f.act(1, RowAction::kill);
    f.report(Stage::asked);
    CHECK(f.view(1).status.text == "asked to stop");
    f.report(Stage::still_running);
    CHECK(f.view(1).status.text == "still running after 5 s");
    CHECK(f.view(1).action == RowAction::force_kill);
    f.act(1, RowAction::force_kill);
    CHECK(f.work.kills.size() == 1);
    REQUIRE(f.model().question.has_value());
    f.session.handle({ui::AnswerQuestion{RowAction::force_kill}});
    REQUIRE(f.work.kills.size() == 2);
    CHECK(f.work.kills[1].signal == platform::Signal::kill);
    CHECK_FALSE(f.model().question.has_value());
    f.report(Stage::ended);
    CHECK(f.view(1).status.text == "ended after 0.2 s");
    f.report(Stage::ended, jobs::Problem::none, "Port 3000 is free.", commands::Update::PortAfter::free);
    REQUIRE(f.model().notices.size() == 1);
    CHECK(f.model().notices[0].tone == ui::Notice::Tone::good);
    CHECK(f.model().notices[0].text == "Port 3000 is free.");
    // The first job's own end is not told a second time.
    f.report(Stage::ended, jobs::Problem::none, "again", commands::Update::PortAfter::free, 1);
    CHECK(f.model().notices.size() == 1);
}

TEST_CASE("a notice that came while the window was hidden counts from when it is seen") {
    Fixture f;
    f.session.add_notice(ui::Notice::Tone::plain, "seen");
    const auto seen = f.now;
    f.now += 1s;
    const auto hidden = f.now;
    f.now += 1h;
    f.act(1, RowAction::kill);
    f.report(Stage::ended);
    f.report(Stage::ended, jobs::Problem::none, "Port 3000 is free.", commands::Update::PortAfter::free);
    f.now += 1h;
    f.session.show_missed(hidden, f.now);
    REQUIRE(f.model().notices.size() == 2);
    CHECK(f.model().notices[0].shown_at == seen);
    CHECK(f.model().notices[1].shown_at == f.now);
}

TEST_CASE("another users process is asked about and killed as administrator") {
    Fixture f;
    CHECK(f.view(0).action == RowAction::kill_as_administrator);
    f.act(0, RowAction::kill_as_administrator);
    CHECK(f.work.kills.empty());
    CHECK(f.model().question->text == "End nginx (20) of root?");
    f.session.handle({ui::AnswerQuestion{}});
    CHECK(f.work.kills.empty());
    f.act(0, RowAction::kill_as_administrator);
    f.session.handle({ui::AnswerQuestion{RowAction::kill_as_administrator}});
    REQUIRE(f.work.kills.size() == 1);
    CHECK(f.work.kills[0].elevate);
    f.report(Stage::authorising);
    CHECK(f.view(0).status.text == "waiting for the password");
}

TEST_CASE("a question is gone with its row and its answer then does nothing") {
    Fixture f;
    f.act(0, RowAction::kill_as_administrator);
    f.show({row(3000, 10)});
    CHECK_FALSE(f.model().question.has_value());
    f.session.handle({ui::AnswerQuestion{RowAction::kill}});
    CHECK(f.work.kills.empty());
}

TEST_CASE("a process that is asked about first is killed only with consent") {
    Fixture f;
    f.act(1, RowAction::kill);
    f.report(Stage::refused, jobs::Problem::needs_consent, "It is your terminal.");
    REQUIRE(f.model().question.has_value());
    CHECK(f.model().question->text == "It is your terminal.");
    f.session.handle({ui::AnswerQuestion{RowAction::kill}});
    REQUIRE(f.work.kills.size() == 2);
    CHECK(f.work.kills[1].consented);
}

TEST_CASE("a refusal shows its reason in the row for a while and the button comes back") {
    Fixture f;
    f.act(1, RowAction::kill);
    f.report(Stage::refused, jobs::Problem::not_permitted, "The kernel said no.");
    CHECK(f.view(1).status.phase == KillPhase::refused);
    CHECK(f.view(1).status.text == "refused: The kernel said no.");
    CHECK(f.view(1).action == RowAction::kill);
    REQUIRE(f.session.next_refresh().has_value());
    f.session.refresh(*f.session.next_refresh());
    CHECK(f.view(1).status.phase == KillPhase::none);
}

TEST_CASE("who holds it is asked once at a time and a refusal is a notice") {
    Fixture f;
    CHECK(f.view(2).action == RowAction::reveal_owner);
    f.act(2, RowAction::reveal_owner);
    f.act(2, RowAction::reveal_owner);
    CHECK(f.work.reveals == 1);
    CHECK(f.model().revealing);
    CHECK(f.view(2).status.phase == KillPhase::authorising);
    f.report(Stage::refused, jobs::Problem::dismissed, "Dismissed.", commands::Update::PortAfter::none, 1001);
    CHECK_FALSE(f.model().revealing);
    CHECK(f.view(2).status.phase == KillPhase::none);
    CHECK(f.model().notices.at(0).text == "Dismissed.");
    f.act(2, RowAction::reveal_owner);
    CHECK(f.work.reveals == 2);
}

TEST_CASE("a query that cannot be parsed says why and the last good one goes on applying") {
    Fixture f;
    f.session.handle({ui::SetQuery{"node"}});
    CHECK(f.model().arrangement.rows == std::vector<std::uint32_t>{1});
    CHECK(f.model().arrangement.hidden == 2);
    f.session.handle({ui::SetQuery{"node port:abc"}});
    CHECK_FALSE(f.model().query_error.empty());
    f.show({row(3000, 10), row(3001, 20)});
    CHECK(f.model().arrangement.rows == std::vector<std::uint32_t>{0});
    f.session.handle({ui::SetQuery{""}});
    CHECK(f.model().query_error.empty());
    CHECK(f.model().arrangement.rows.size() == 2);
}

TEST_CASE("an exact port without a row asks for bound sockets and only as long as it stands") {
    Fixture f;
    f.session.handle({ui::SetQuery{"port:3000"}});
    CHECK(f.work.bound.empty());
    f.session.handle({ui::SetQuery{"port:4000"}});
    CHECK(f.work.bound == std::vector<bool>{true});
    f.session.handle({ui::SetQuery{"nod"}});
    CHECK(f.work.bound == std::vector<bool>{true, false});
}

TEST_CASE("rows that appear later are new those of the first snapshot are not") {
    Fixture f;
    CHECK_FALSE(f.view(0).new_since.has_value());
    f.show({row(80, 20), row(4000, 10)});
    CHECK_FALSE(f.view(0).new_since.has_value());
    CHECK(f.view(1).new_since == f.now);
}

TEST_CASE("a row whose owner became known is not new and one that glows goes on glowing") {
    Fixture f;
    f.show({row(80, 20), row(3000, 10), row(5432, 10)});
    CHECK_FALSE(f.view(2).new_since.has_value());
    f.show({row(80, 20), row(3000, 10), row(5432, 10), row(6000, std::nullopt)});
    const auto appeared = f.now;
    CHECK(f.view(3).new_since == appeared);
    f.show({row(80, 20), row(3000, 10), row(5432, 10), row(6000, 10)});
    CHECK(f.view(3).new_since == appeared);
    f.now += 2s;
    f.show({row(80, 20), row(3000, 10), row(5432, 10), row(6000, 10)});
    CHECK_FALSE(f.view(3).new_since.has_value());
    auto other = row(6000, 20);
    other.sockets[0].inode = 7; // another socket: somebody else has taken the port
    f.show({row(80, 20), row(3000, 10), row(5432, 10), other});
    CHECK(f.view(3).new_since == f.now);
}

TEST_CASE("a kill and a question do not go over to another holder of the same socket") {
    Fixture f;
    f.act(1, RowAction::kill);
    f.report(Stage::asked);
    f.act(0, RowAction::kill_as_administrator);
    REQUIRE(f.model().question.has_value());
    f.show({row(80, 10), row(3000, 20), row(5432, std::nullopt)});
    CHECK_FALSE(f.model().question.has_value());
    for (const auto& mark : f.model().marks) { // they say only who held it
        CHECK(mark.before);
        CHECK_FALSE(mark.action);
    }
    CHECK(f.view(1).status.phase == KillPhase::none);
    f.show({row(80, 10), row(3000, 10), row(5432, std::nullopt)});
    CHECK(f.view(1).status.phase == KillPhase::asked);
}

TEST_CASE("only rows that differ are marked") {
    Fixture f;
    CHECK(f.model().marks.empty());
    f.act(1, RowAction::kill);
    REQUIRE(f.model().marks.size() == 1);
    CHECK(f.model().marks[0].row == 1);
    f.show({row(70, 20), row(80, 20), row(3000, 10)});
    REQUIRE(f.model().marks.size() == 2);
    CHECK(f.model().marks[0].new_since == f.now);
    CHECK(f.model().marks[1].row == 2);
    CHECK(f.model().marks[1].status.phase == KillPhase::checking);
}

TEST_CASE("which processes are on the screen is passed on when they are others than before") {
    Fixture f;
    f.session.note_visible({10, 20});
    f.session.note_visible({10, 20});
    f.session.note_visible({});
    CHECK(f.work.visible == std::vector<std::vector<pid_t>>{{10, 20}, {}});
}

TEST_CASE("quitting names what is pending and asks") {
    Fixture f;
    f.work.still_pending = {"node (10) on port 3000"};
    f.session.handle({ui::Quit{}});
    CHECK_FALSE(f.session.finished());
    CHECK(f.model().quit_question.find("node (10) on port 3000") != std::string::npos);
    f.session.handle({ui::AnswerQuit{false}});
    CHECK_FALSE(f.session.finished());
    CHECK(f.model().quit_question.empty());
    f.work.still_pending.clear();
    f.session.handle({ui::Quit{}});
    CHECK(f.session.finished());
}

TEST_CASE("a window that nobody could bring back quits instead of hiding") {
    Fixture f;
    CHECK(f.model().leaving == ui::Leaving::quits);
    f.work.still_pending = {"node (10) on port 3000"};
    f.session.handle({ui::Hide{}});
    CHECK_FALSE(f.session.take_hide());
    CHECK_FALSE(f.model().quit_question.empty()); // as quitting does
    f.session.handle({ui::AnswerQuit{true}});
    CHECK(f.session.finished());
}

TEST_CASE("a window that a tray or another start brings back hides at once") {
    Fixture f;
    f.work.still_pending = {"node (10) on port 3000"}; // goes on while it is hidden
    f.session.set_way_back(session::WayBack::known);
    CHECK(f.model().leaving == ui::Leaving::hides);
    f.session.handle({ui::Hide{}});
    CHECK(f.session.take_hide());
    CHECK_FALSE(f.session.take_hide()); // once each time
    CHECK_FALSE(f.session.finished());
    CHECK_FALSE(f.model().hide_question);
    CHECK(f.model().quit_question.empty());
}

TEST_CASE("where nobody has brought the window back yet the first hide asks and the answer holds") {
    Fixture f;
    f.session.set_way_back(session::WayBack::untried);
    CHECK(f.model().leaving == ui::Leaving::asks);
    f.session.handle({ui::Hide{}});
    CHECK(f.model().hide_question);
    CHECK_FALSE(f.session.take_hide());
    SUBCASE("stay asks again") {
        f.session.handle({ui::AnswerHide{ui::HideAnswer::stay}});
        CHECK_FALSE(f.model().hide_question);
        CHECK_FALSE(f.session.take_hide());
        f.session.handle({ui::Hide{}});
        CHECK(f.model().hide_question);
    }
    SUBCASE("hide hides and asks no more") {
        f.session.handle({ui::AnswerHide{ui::HideAnswer::hide}});
        CHECK(f.session.take_hide());
        CHECK(f.model().leaving == ui::Leaving::hides);
        f.session.handle({ui::Hide{}});
        CHECK(f.session.take_hide());
        f.session.set_way_back(session::WayBack::none); // the bus is gone
        CHECK(f.model().leaving == ui::Leaving::quits);
    }
    SUBCASE("quit quits with its own question") {
        f.work.still_pending = {"node (10) on port 3000"};
        f.session.handle({ui::AnswerHide{ui::HideAnswer::quit}});
        CHECK_FALSE(f.model().hide_question);
        CHECK_FALSE(f.model().quit_question.empty());
        f.work.still_pending.clear();
        f.session.handle({ui::AnswerQuit{true}});
        CHECK(f.session.finished());
    }
    SUBCASE("a tray that comes meanwhile makes the question untrue") {
        f.session.set_way_back(session::WayBack::known);
        CHECK_FALSE(f.model().hide_question);
    }
}

TEST_CASE("rescan sort and notices do what they say") {
    Fixture f;
    f.session.handle({ui::Rescan{}, ui::SetSort{{snapshot::SortColumn::port, true}}});
    CHECK(f.work.rescans == 1);
    CHECK(f.model().arrangement.rows == std::vector<std::uint32_t>{2, 1, 0});
    for (const char* text : {"1", "2", "3", "4"}) {
        f.session.add_notice(ui::Notice::Tone::plain, text);
    }
    REQUIRE(f.model().notices.size() == 3);
    CHECK(f.model().notices.front().text == "2");
    f.session.handle({ui::DismissNotice{f.model().notices.front().id}});
    CHECK(f.model().notices.front().text == "3");
    f.work.next_report.error = "The scan failed.";
    f.session.refresh(f.now);
    CHECK(f.model().scan_error == "The scan failed.");
}
