// SPDX-License-Identifier: MIT
// Orders for what keeps a process, as the jobs take them. Pure; any thread.
#pragma once

#include "core/commands/kill_order.h"
#include "core/jobs/supervisor_requests.h"

#include <chrono>

namespace portside::commands {

// Of an order with Way::stop_unit or Way::stop_container. Without the unit the job refuses, in a sentence.
[[nodiscard]] jobs::StopUnitRequest stop_unit_request(const KillOrder& order, std::chrono::milliseconds patience);
[[nodiscard]] jobs::StopContainerRequest stop_container_request(const KillOrder& order,
                                                                std::chrono::milliseconds patience);
// What keeps the process of a row that may be freed.
[[nodiscard]] jobs::LookUpRequest look_up_request(const PlannedKill& kill);

} // namespace portside::commands
