// SPDX-License-Identifier: MIT
#include "app/session/row_actions.h"

#include "core/commands/targets.h"

#include <fmt/format.h>

namespace portside::session {

using ui::RowAction;

namespace {

const char* yes_text(RowAction action) {
    switch (action) {
    case RowAction::kill:
        return "Kill";
    case RowAction::force_kill:
        return "Force kill";
    case RowAction::kill_as_administrator:
        return "Kill as administrator…";
    case RowAction::force_kill_as_administrator:
        return "Force kill as administrator…";
    case RowAction::none:
    case RowAction::reveal_owner:
        break;
    }
    return "";
}

} // namespace

RowAction force_action(const snapshot::Snapshot& snapshot, const snapshot::Row& row, uid_t current_uid) {
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
    return action == RowAction::force_kill || action == RowAction::force_kill_as_administrator;
}

bool is_elevated(RowAction action) {
    return action == RowAction::kill_as_administrator || action == RowAction::force_kill_as_administrator;
}

bool asks_first(const snapshot::Snapshot& snapshot, const snapshot::ProcessId& process, RowAction action,
                ConfirmKill confirm, uid_t current_uid) {
    if (confirm == ConfirmKill::always || is_force(action)) {
        return true;
    }
    const auto* facts = snapshot.find_process(process);
    return facts == nullptr || facts->uid != current_uid;
}

ui::Question question_for(const snapshot::Snapshot& snapshot, const snapshot::RowKey& row,
                          const snapshot::ProcessId& process, RowAction action, const std::string& reason) {
    const auto* facts = snapshot.find_process(process);
    const auto label = commands::label_of(snapshot, process);
    const auto whose = facts == nullptr || facts->user.empty() ? std::string() : fmt::format(" of {}", facts->user);
    ui::Question question{row, action, {}, yes_text(action)};
    if (!reason.empty()) {
        question.text = reason;
    } else if (is_force(action)) {
        question.text = fmt::format("Force {}{} to end at once? What it has not saved is lost.", label, whose);
    } else {
        question.text = fmt::format("End {}{}?", label, whose);
    }
    return question;
}

} // namespace portside::session
