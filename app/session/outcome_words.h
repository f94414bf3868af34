// SPDX-License-Identifier: MIT
// How a row and a notice tell what became of a kill. Pure; UI thread.
#pragma once

#include "app/ui/model.h"
#include "core/commands/commands.h"

#include <string>
#include <vector>

namespace portside::session {

// What the row says while the job goes on or has just ended; of every stage but refused and revealed.
[[nodiscard]] ui::RowStatus status_of(ui::RowAction action, const commands::Update& update);

// Of the news of what became of the port.
[[nodiscard]] ui::Notice::Tone tone_of(commands::Update::PortAfter port);

// Before quitting: "Still pending: node (10) on port 3000, ... and 192 more. Quit all the same?"
[[nodiscard]] std::string quit_question(const std::vector<std::string>& pending);

} // namespace portside::session
