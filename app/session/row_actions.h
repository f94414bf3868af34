// SPDX-License-Identifier: MIT
// What can be done with a row, what each of it orders, and which of it asks first. Pure; UI thread.
#pragma once

#include "app/session/settings.h"
#include "app/ui/intents.h"
#include "app/ui/row_view.h"
#include "core/commands/commands.h"
#include "core/snapshot/respawner.h"

#include <optional>
#include <string>
#include <sys/types.h>

namespace portside::session {

// What the person asked for, with the identity that was drawn, made into an order before anything else is asked.
struct Planned {
    ui::RowAction action = ui::RowAction::none;
    commands::KillOrder order;
};

// Of a row whose kill has not ended what it was meant to.
[[nodiscard]] ui::RowAction force_action(const snapshot::Snapshot& snapshot, const snapshot::Row& row,
                                         ui::RowAction before, uid_t current_uid);

[[nodiscard]] bool is_force(ui::RowAction action);
[[nodiscard]] bool is_elevated(ui::RowAction action);
[[nodiscard]] bool is_tree(ui::RowAction action);

// To stop a unit of which only the manager knows the name.
[[nodiscard]] bool is_nameless(const Planned& planned);

// The order for an act on a row of this snapshot.
[[nodiscard]] Planned planned(const snapshot::Snapshot& snapshot, const ui::Act& act, uid_t current_uid);
// The same target by another action: what an answer to a question makes of it.
[[nodiscard]] Planned planned_as(const snapshot::Snapshot& snapshot, Planned before, ui::RowAction action,
                                 uid_t current_uid);
// The tree of the process that would start it again.
[[nodiscard]] Planned planned_for_respawner(const snapshot::Snapshot& snapshot, Planned before,
                                            const snapshot::Respawner& respawner, uid_t current_uid);

// Force kill, another user's process, a unit of the system and a container are asked about; with ConfirmKill::always
// everything is.
[[nodiscard]] bool asks_first(const snapshot::Snapshot& snapshot, const Planned& planned, ConfirmKill confirm,
                              uid_t current_uid);

// The inline question, with `reason` (why this process is asked about) where there is one.
[[nodiscard]] ui::Question question_for(const snapshot::Snapshot& snapshot, const Planned& planned,
                                        const std::string& reason);
// The question before a kill that frees the port for a moment only; nothing where it would not come back. `comes_back`:
// what its unit's manager told of it.
[[nodiscard]] std::optional<ui::Question> comes_back_question(const snapshot::Snapshot& snapshot,
                                                              const Planned& planned, const std::string& comes_back,
                                                              const std::optional<snapshot::Respawner>& respawner,
                                                              bool named);

} // namespace portside::session
