// SPDX-License-Identifier: MIT
// A row as it is to be drawn, put together only for rows that are on the screen: what follows from the snapshot, and
// what session marked. Pure.
#pragma once

#include "app/ui/model.h"

#include <cstdint>
#include <optional>
#include <sys/types.h>

namespace portside::ui {

struct RowView {
    RowAction action = RowAction::none;
    const RowStatus& status; // the model's
    std::optional<SteadyTime> new_since{};
    const Before* before = nullptr; // the model's
};

// `row` is an index into the snapshot's rows.
[[nodiscard]] RowView view_of(const Model& model, std::uint32_t row);

// Whether this user may signal the process without elevation.
[[nodiscard]] bool may_signal(const snapshot::Snapshot& snapshot, const snapshot::ProcessId& id, uid_t current_uid);

// Of a row with nothing under way. `current_uid` is our effective uid.
[[nodiscard]] RowAction default_action(const snapshot::Snapshot& snapshot, const snapshot::Row& row, uid_t current_uid);

} // namespace portside::ui
