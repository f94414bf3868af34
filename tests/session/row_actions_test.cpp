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

} // namespace

TEST_CASE("own processes are killed others as administrator and root needs nobody") {
    CHECK(action_of(one_owner(kMe), kMe) == RowAction::kill);
    CHECK(action_of(one_owner(0), kMe) == RowAction::kill_as_administrator);
    CHECK(action_of(one_owner(kMe), 0) == RowAction::kill);
    const auto others = one_owner(0);
    CHECK(session::force_action(others, others.rows[0], kMe) == RowAction::force_kill_as_administrator);
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
    CHECK(session::force_action(made, made.rows[0], kMe) == RowAction::none);
}

TEST_CASE("one click ends an own process - force others and the setting ask first") {
    const snapshot::ProcessId id{7, 1};
    const auto mine = one_owner(kMe);
    CHECK_FALSE(session::asks_first(mine, id, RowAction::kill, ConfirmKill::risky, kMe));
    CHECK(session::asks_first(mine, id, RowAction::kill, ConfirmKill::always, kMe));
    CHECK(session::asks_first(mine, id, RowAction::force_kill, ConfirmKill::risky, kMe));
    CHECK(session::asks_first(mine, id, RowAction::kill, ConfirmKill::risky, 0)); // another user's, for root too
    CHECK(session::asks_first(one_owner(0), id, RowAction::kill_as_administrator, ConfirmKill::risky, kMe));
    CHECK(session::asks_first(mine, {8, 1}, RowAction::kill, ConfirmKill::risky, kMe)); // whose it is, is not known
}

TEST_CASE("a question names the process its user and the reason") {
    const auto question = session::question_for(one_owner(0), {}, {7, 1}, RowAction::kill_as_administrator, {});
    CHECK(question.text == "End server (7) of root?");
    CHECK(question.yes.starts_with("Kill as administrator"));
    CHECK(session::question_for(one_owner(0), {}, {7, 1}, RowAction::kill, "It is the display server.").text ==
          "It is the display server.");
}
