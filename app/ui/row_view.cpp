// SPDX-License-Identifier: MIT
// A row as it is to be drawn. Pure.
#include "app/ui/row_view.h"

#include "app/ui/ways.h"
#include "core/snapshot/respawner.h"

#include <algorithm>

namespace portside::ui {

namespace {

const RowStatus kNothingUnderWay{};

} // namespace

bool may_signal(const snapshot::Snapshot& snapshot, const snapshot::ProcessId& id, uid_t current_uid) {
    const auto* process = snapshot.find_process(id);
    return current_uid == 0 || (process != nullptr && process->uid == current_uid);
}

RowAction default_action(const snapshot::Snapshot& snapshot, const snapshot::Row& row, uid_t current_uid) {
    if (row.owners.empty()) {
        const bool askable = row.unknown == snapshot::Unknown::not_permitted || row.unknown == snapshot::Unknown::gone;
        return askable ? RowAction::reveal_owner : RowAction::none;
    }
    if (is_held_by_forwarder(snapshot, row)) {
        return RowAction::stop_container;
    }
    // systemd holds the sockets of what it starts on demand; nobody ends it, but what it holds them for can be stopped.
    if (snapshot::is_held_by_managers_only(snapshot, row)) {
        return RowAction::stop_unit;
    }
    return may_signal(snapshot, row.owners.front().id, current_uid) ? RowAction::kill
                                                                    : RowAction::kill_as_administrator;
}

RowView view_of(const Model& model, std::uint32_t row) {
    const auto mark = std::lower_bound(model.marks.begin(), model.marks.end(), row,
                                       [](const RowMark& one, std::uint32_t wanted) { return one.row < wanted; });
    const bool marked = mark != model.marks.end() && mark->row == row;
    if (!marked) {
        return {default_action(*model.snapshot, model.snapshot->rows[row], model.current_uid), kNothingUnderWay};
    }
    const auto action =
        mark->action ? *mark->action : default_action(*model.snapshot, model.snapshot->rows[row], model.current_uid);
    return {action, mark->status, mark->new_since, mark->before ? &*mark->before : nullptr};
}

} // namespace portside::ui
