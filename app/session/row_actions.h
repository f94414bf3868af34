// SPDX-License-Identifier: MIT
// What can be done with a row, and which of it asks first. Pure; UI thread.
#pragma once

#include "app/session/settings.h"
#include "app/ui/row_view.h"

#include <string>
#include <sys/types.h>

namespace portside::session {

// Of a row whose process has not ended after its SIGTERM.
[[nodiscard]] ui::RowAction force_action(const snapshot::Snapshot& snapshot, const snapshot::Row& row,
                                         uid_t current_uid);

[[nodiscard]] bool is_force(ui::RowAction action);
[[nodiscard]] bool is_elevated(ui::RowAction action);

// Force kill and another user's process are asked about; with ConfirmKill::always every kill is.
[[nodiscard]] bool asks_first(const snapshot::Snapshot& snapshot, const snapshot::ProcessId& process,
                              ui::RowAction action, ConfirmKill confirm, uid_t current_uid);

// The inline question, with `reason` (why this process is asked about) where there is one.
[[nodiscard]] ui::Question question_for(const snapshot::Snapshot& snapshot, const snapshot::RowKey& row,
                                        const snapshot::ProcessId& process, ui::RowAction action,
                                        const std::string& reason);

} // namespace portside::session
