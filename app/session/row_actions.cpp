// SPDX-License-Identifier: MIT
#include "app/session/row_actions.h"

#include "core/commands/targets.h"

#include <array>
#include <ctime>
#include <fmt/format.h>

namespace portside::session {

using ui::RowAction;

namespace {

bool may_signal(const snapshot::Snapshot& snapshot, const snapshot::ProcessId& id, uid_t current_uid) {
    const auto* process = snapshot.find_process(id);
    return current_uid == 0 || (process != nullptr && process->uid == current_uid);
}

std::string local_time(snapshot::WallTime time) {
    const std::time_t seconds = std::chrono::system_clock::to_time_t(time);
    std::tm parts{};
    ::localtime_r(&seconds, &parts);
    return fmt::format("{:02}:{:02}", parts.tm_hour, parts.tm_min);
}

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

RowAction default_action(const snapshot::Snapshot& snapshot, const snapshot::Row& row, uid_t current_uid) {
    if (row.owners.empty()) {
        const bool askable = row.unknown == snapshot::Unknown::not_permitted || row.unknown == snapshot::Unknown::gone;
        return askable ? RowAction::reveal_owner : RowAction::none;
    }
    return may_signal(snapshot, row.owners.front().id, current_uid) ? RowAction::kill
                                                                    : RowAction::kill_as_administrator;
}

RowAction force_action(const snapshot::Snapshot& snapshot, const snapshot::Row& row, uid_t current_uid) {
    switch (default_action(snapshot, row, current_uid)) {
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

std::string knowledge_text(const snapshot::Row& row) {
    if (!row.owners.empty()) {
        const auto& owner = row.owners.front();
        switch (owner.knowledge) {
        case snapshot::Knowledge::administrator:
            return owner.seen_at ? fmt::format("seen as administrator, {}", local_time(*owner.seen_at))
                                 : "seen as administrator";
        case snapshot::Knowledge::candidate:
            return "candidate: only its cgroup says so";
        case snapshot::Knowledge::holds:
            return {};
        }
    }
    switch (row.unknown.value_or(snapshot::Unknown::not_found)) {
    case snapshot::Unknown::not_permitted:
        return "owner not visible to you";
    case snapshot::Unknown::not_found:
        return "no process holds it";
    case snapshot::Unknown::searching:
        return "looking for its owner";
    case snapshot::Unknown::gone:
        return "its owner has ended";
    }
    return {};
}

} // namespace portside::session
