// SPDX-License-Identifier: MIT
#include "app/session/row_actions.h"

#include <doctest/doctest.h>

using namespace portside;
using session::ConfirmKill;
using ui::RowAction;

namespace {

constexpr uid_t kMe = 1000;

snapshot::Snapshot one_owner(uid_t uid) {
    snapshot::Snapshot made;
    snapshot::Process process;
    process.id = {7, 1};
    process.uid = uid;
    process.user = uid == kMe ? "me" : "root";
    process.name = "server";
    made.processes.push_back(process);
    made.rows.resize(1);
    made.rows[0].owners.push_back({process.id, snapshot::Knowledge::holds, {}});
    return made;
}

RowAction action_of(const snapshot::Snapshot& snapshot, uid_t uid) {
    return ui::default_action(snapshot, snapshot.rows[0], uid);
}

session::Planned planned(const snapshot::Snapshot& snapshot, RowAction action, uid_t uid, pid_t pid = 7) {
    return session::planned(snapshot, {snapshot.rows[0].key, action, {pid, 1}, {40}}, uid);
}

} // namespace

TEST_CASE("own processes are killed others as administrator and root needs nobody") {
    CHECK(action_of(one_owner(kMe), kMe) == RowAction::kill);
    CHECK(action_of(one_owner(0), kMe) == RowAction::kill_as_administrator);
    CHECK(action_of(one_owner(kMe), 0) == RowAction::kill);
    const auto others = one_owner(0);
    CHECK(session::force_action(others, others.rows[0], RowAction::kill_as_administrator, kMe) ==
          RowAction::force_kill_as_administrator);
}

TEST_CASE("only an owner that may not be seen can be asked for") {
    snapshot::Snapshot made;
    made.rows.resize(1);
    const auto with = [&](snapshot::Unknown unknown) {
        made.rows[0].unknown = unknown;
        return action_of(made, kMe);
    };
    CHECK(with(snapshot::Unknown::not_permitted) == RowAction::reveal_owner);
    CHECK(with(snapshot::Unknown::gone) == RowAction::reveal_owner);
    CHECK(with(snapshot::Unknown::not_found) == RowAction::none);
    CHECK(with(snapshot::Unknown::searching) == RowAction::none);
    CHECK(session::force_action(made, made.rows[0], RowAction::none, kMe) == RowAction::none);
}

TEST_CASE("force follows what was tried first") {
    const auto mine = one_owner(kMe);
    const auto after = [&](RowAction before) { return session::force_action(mine, mine.rows[0], before, kMe); };
    CHECK(after(RowAction::kill) == RowAction::force_kill);
    CHECK(after(RowAction::kill_tree) == RowAction::force_kill_tree);
    CHECK(after(RowAction::kill_respawner_tree) == RowAction::force_kill_tree);
    CHECK(after(RowAction::stop_unit) == RowAction::none); // systemd does that itself when its time is over
    CHECK(after(RowAction::stop_container) == RowAction::none);
}

TEST_CASE("one click ends an own process - force others and the setting ask first") {
    const auto mine = one_owner(kMe);
    const auto asks = [](const snapshot::Snapshot& snapshot, RowAction action, ConfirmKill confirm, uid_t uid,
                         pid_t pid = 7) {
        return session::asks_first(snapshot, planned(snapshot, action, uid, pid), confirm, uid);
    };
    CHECK_FALSE(asks(mine, RowAction::kill, ConfirmKill::risky, kMe));
    CHECK_FALSE(asks(mine, RowAction::kill_tree, ConfirmKill::risky, kMe));
    CHECK(asks(mine, RowAction::kill, ConfirmKill::always, kMe));
    CHECK(asks(mine, RowAction::force_kill, ConfirmKill::risky, kMe));
    CHECK(asks(mine, RowAction::force_kill_tree, ConfirmKill::risky, kMe));
    CHECK(asks(mine, RowAction::kill_respawner_tree, ConfirmKill::risky, kMe)); // not the process that the row shows
    CHECK(asks(mine, RowAction::stop_container, ConfirmKill::risky, kMe));
    CHECK(asks(mine, RowAction::kill, ConfirmKill::risky, 0)); // another user's, for root too
    CHECK(asks(one_owner(0), RowAction::kill_as_administrator, ConfirmKill::risky, kMe));
    CHECK(asks(one_owner(0), RowAction::kill_tree, ConfirmKill::risky, kMe));
    CHECK(asks(mine, RowAction::kill, ConfirmKill::risky, kMe, 8)); // whose it is, is not known
}

TEST_CASE("an own unit is stopped at once and one of the system is asked about") {
    auto mine = one_owner(kMe);
    mine.rows[0].unit = platform::Unit{"shop.service", kMe};
    const auto asks = [&] {
        return session::asks_first(mine, planned(mine, RowAction::stop_unit, kMe), ConfirmKill::risky, kMe);
    };
    CHECK_FALSE(asks());
    mine.rows[0].unit->manager.reset();
    CHECK(asks());
    CHECK(session::question_for(mine, planned(mine, RowAction::stop_unit, kMe), {}).text ==
          "Stop shop.service of the system?");
}

TEST_CASE("a question names the process its user and the reason") {
    const auto others = one_owner(0);
    const auto question = session::question_for(others, planned(others, RowAction::kill_as_administrator, kMe), {});
    CHECK(question.text == "End server (7) of root?");
    REQUIRE(question.answers.size() == 1);
    CHECK(question.answers[0].action == RowAction::kill_as_administrator);
    CHECK(question.answers[0].label.starts_with("Kill as administrator"));
    const auto tree = session::question_for(others, planned(others, RowAction::kill_tree, kMe), {});
    CHECK(
        tree.text.starts_with("End server (7) of root and everything that it started? Processes of other users take "));
    CHECK(tree.text.find("password") != std::string::npos);
    const auto own = one_owner(kMe);
    CHECK(session::question_for(own, planned(own, RowAction::force_kill_tree, kMe), {}).text.find("password") ==
          std::string::npos);
    CHECK(tree.answers[0].label.starts_with("Kill tree as administrator"));
    CHECK(session::question_for(others, planned(others, RowAction::kill, kMe), "It is the display server.").text ==
          "It is the display server.");
}

TEST_CASE("each action orders its own way signal and elevation") {
    const auto mine = one_owner(kMe);
    const auto others = one_owner(0);
    using commands::Way;
    const auto check = [](const session::Planned& made, Way way, bool force, bool elevate) {
        CHECK(made.order.way == way);
        CHECK((made.order.signal == platform::Signal::kill) == force);
        CHECK(made.order.elevate == elevate);
    };
    check(planned(mine, RowAction::kill, kMe), Way::kill, false, false);
    check(planned(mine, RowAction::force_kill, kMe), Way::kill, true, false);
    check(planned(others, RowAction::kill_as_administrator, kMe), Way::kill, false, true);
    check(planned(others, RowAction::force_kill_as_administrator, kMe), Way::kill, true, true);
    check(planned(mine, RowAction::kill_tree, kMe), Way::kill_tree, false, false);
    check(planned(mine, RowAction::force_kill_tree, kMe), Way::kill_tree, true, false);
    check(planned(others, RowAction::kill_tree, kMe), Way::kill_tree, false, true);
    check(planned(others, RowAction::stop_unit, kMe), Way::stop_unit, false, false); // systemd asks for the password
    check(planned(others, RowAction::stop_container, kMe), Way::stop_container, false, false);
}

TEST_CASE("what would come back is said before the kill with the safest answer first") {
    const auto mine = one_owner(kMe);
    const auto others = one_owner(0);
    const auto kill = planned(mine, RowAction::kill, kMe);
    const auto elevated = planned(others, RowAction::kill_as_administrator, kMe);
    const std::string told = "shop.service has Restart=always: systemd will start it again.";
    snapshot::Respawner nodemon{{70, 1}, "nodemon", snapshot::Comeback::on_change};

    CHECK_FALSE(session::comes_back_question(mine, kill, {}, std::nullopt, false));
    auto question = session::comes_back_question(mine, kill, told, nodemon, false);
    REQUIRE(question);
    CHECK(question->text == told);
    REQUIRE(question->answers.size() == 2);
    CHECK(question->answers[0].action == RowAction::stop_unit);
    CHECK(question->answers[1].action == RowAction::kill);
    question = session::comes_back_question(others, elevated, told, std::nullopt, true);
    CHECK(question->text == "End server (7) of root? " + told);
    CHECK(question->answers[1].action == RowAction::kill_as_administrator);
    question = session::comes_back_question(mine, kill, {}, nodemon, false);
    REQUIRE(question);
    CHECK(question->text == "nodemon (70) starts it again when a file changes.");
    CHECK(question->answers[0].action == RowAction::kill_respawner_tree);
    nodemon.comeback = snapshot::Comeback::ends_all;
    CHECK_FALSE(session::comes_back_question(mine, kill, {}, nodemon, false));
}
