// SPDX-License-Identifier: MIT
#include "app/session/row_actions.h"

#include "app/ui/row_text.h"
#include "app/ui/ways.h"
#include "core/snapshot/activation.h"

#include <fmt/format.h>

namespace portside::session {

using commands::Way;
using ui::RowAction;

namespace {

Way way_of(RowAction action) {
    if (is_tree(action)) {
        return Way::kill_tree;
    }
    if (action == RowAction::stop_unit) {
        return Way::stop_unit;
    }
    return action == RowAction::stop_container ? Way::stop_container : Way::kill;
}

// " of root", or empty where the user is not known.
std::string whose(const snapshot::Snapshot& snapshot, const snapshot::ProcessId& process) {
    const auto* facts = snapshot.find_process(process);
    return facts == nullptr || facts->user.empty() ? std::string() : fmt::format(" of {}", facts->user);
}

void aim(commands::PlannedKill& kill, const snapshot::Snapshot& snapshot, const snapshot::ProcessId& process) {
    const auto* facts = snapshot.find_process(process);
    kill.process = process;
    kill.label = commands::label_of(snapshot, process);
    kill.pidfd_id = facts == nullptr ? 0 : facts->pidfd_id;
}

std::string unit_question(const snapshot::Snapshot& snapshot, const platform::Unit& unit) {
    if (!unit.manager) {
        return fmt::format("Stop {} of the system?", unit.name);
    }
    const auto user = snapshot.users.find(*unit.manager);
    return fmt::format("Stop {} of {}?", unit.name,
                       user != snapshot.users.end() ? user->second : fmt::format("user {}", *unit.manager));
}

std::string question_text(const snapshot::Snapshot& snapshot, const Planned& planned) {
    const auto& kill = planned.order.kill;
    const auto target = kill.label + whose(snapshot, kill.process);
    if (planned.action == RowAction::stop_unit) {
        return kill.unit ? unit_question(snapshot, *kill.unit) : "Stop the unit that keeps it?";
    }
    if (planned.action == RowAction::stop_container) {
        const std::string_view name = kill.container ? ui::name_of(*kill.container) : std::string_view();
        return name.empty() ? "Stop the container behind it and everything in it?"
                            : fmt::format("Stop container {} and everything in it?", name);
    }
    const char* tree = is_tree(planned.action) ? " and everything that it started" : "";
    const char* password = is_tree(planned.action) && planned.order.elevate
                               ? " Processes of other users take the administrator's password, one after another where "
                                 "it is not kept."
                               : "";
    if (is_force(planned.action)) {
        return fmt::format("Force {}{} to end at once? What {} not saved is lost.{}", target, tree,
                           *tree == '\0' ? "it has" : "they have", password);
    }
    return fmt::format("End {}{}?{}", target, tree, password);
}

std::string answer_label(const Planned& planned) {
    const bool wants_password = is_tree(planned.action) && planned.order.elevate;
    return wants_password ? fmt::format("{} as administrator\xE2\x80\xA6", ui::label_of(planned.action))
                          : ui::label_of(planned.action);
}

} // namespace

RowAction force_action(const snapshot::Snapshot& snapshot, const snapshot::Row& row, RowAction before,
                       uid_t current_uid) {
    if (is_tree(before)) {
        return RowAction::force_kill_tree;
    }
    if (before == RowAction::stop_unit || before == RowAction::stop_container) {
        return RowAction::none; // systemd and the engines use force by themselves when their time is over
    }
    switch (ui::default_action(snapshot, row, current_uid)) {
    case RowAction::kill:
        return RowAction::force_kill;
    case RowAction::kill_as_administrator:
        return RowAction::force_kill_as_administrator;
    default:
        return RowAction::none;
    }
}

bool is_force(RowAction action) {
    return action == RowAction::force_kill || action == RowAction::force_kill_as_administrator ||
           action == RowAction::force_kill_tree;
}

bool is_elevated(RowAction action) {
    return action == RowAction::kill_as_administrator || action == RowAction::force_kill_as_administrator;
}

bool is_tree(RowAction action) {
    return action == RowAction::kill_tree || action == RowAction::force_kill_tree ||
           action == RowAction::kill_respawner_tree;
}

bool is_nameless(const Planned& planned) {
    return planned.action == RowAction::stop_unit && !planned.order.kill.unit && planned.order.kill.activated;
}

Planned planned(const snapshot::Snapshot& snapshot, const ui::Act& act, uid_t current_uid) {
    Planned made;
    auto& kill = made.order.kill;
    kill.row = act.row;
    aim(kill, snapshot, act.process);
    kill.inodes = act.inodes;
    kill.port = fmt::format("port {}", act.row.port);
    if (const auto* row = snapshot.find_row(act.row)) {
        kill.unit = snapshot::unit_to_stop(snapshot, *row);
        kill.activated = snapshot::manager_sockets_of(snapshot, *row);
        kill.container = row->container;
    }
    return planned_as(snapshot, std::move(made), act.action, current_uid);
}

Planned planned_as(const snapshot::Snapshot& snapshot, Planned before, RowAction action, uid_t current_uid) {
    auto& order = before.order;
    before.action = action;
    order.kill.own = ui::may_signal(snapshot, order.kill.process, current_uid);
    order.way = way_of(action);
    order.signal = is_force(action) ? platform::Signal::kill : platform::Signal::term;
    order.elevate = is_elevated(action) || (is_tree(action) && !order.kill.own);
    return before;
}

Planned planned_for_respawner(const snapshot::Snapshot& snapshot, Planned before, const snapshot::Respawner& respawner,
                              uid_t current_uid) {
    aim(before.order.kill, snapshot, respawner.process);
    before.order.kill.inodes.clear(); // it holds none itself
    return planned_as(snapshot, std::move(before), RowAction::kill_respawner_tree, current_uid);
}

bool asks_first(const snapshot::Snapshot& snapshot, const Planned& planned, ConfirmKill confirm, uid_t current_uid) {
    const auto& kill = planned.order.kill;
    if (confirm == ConfirmKill::always || is_force(planned.action)) {
        return true;
    }
    switch (planned.action) {
    case RowAction::stop_unit:
        return !kill.unit || kill.unit->manager != current_uid;
    case RowAction::stop_container:
    case RowAction::kill_respawner_tree: // another process than the one that the row shows
        return true;
    default:
        break;
    }
    const auto* facts = snapshot.find_process(kill.process);
    return facts == nullptr || facts->uid != current_uid;
}

ui::Question question_for(const snapshot::Snapshot& snapshot, const Planned& planned, const std::string& reason) {
    return {planned.order.kill.row,
            reason.empty() ? question_text(snapshot, planned) : reason,
            {{planned.action, answer_label(planned)}}};
}

std::optional<ui::Question> comes_back_question(const snapshot::Snapshot& snapshot, const Planned& planned,
                                                const std::string& comes_back,
                                                const std::optional<snapshot::Respawner>& respawner, bool named) {
    const auto& row = planned.order.kill.row;
    const auto first = named ? question_text(snapshot, planned) + " " : std::string();
    const ui::Answer anyway{planned.action, planned.order.elevate ? "Kill anyway\xE2\x80\xA6" : "Kill anyway"};
    if (!comes_back.empty()) {
        return ui::Question{row, first + comes_back, {{RowAction::stop_unit, "Stop unit"}, anyway}};
    }
    if (respawner && respawner->comeback != snapshot::Comeback::ends_all) {
        return ui::Question{row,
                            fmt::format("{}{}.", first, snapshot::respawner_text(*respawner)),
                            {{RowAction::kill_respawner_tree, "Kill its tree"}, anyway}};
    }
    return std::nullopt;
}

} // namespace portside::session
