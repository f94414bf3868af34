// SPDX-License-Identifier: MIT
// What --stop-unit and --stop-container mean in a snapshot: the units or containers behind the targets. Pure; any
// thread.
#pragma once

#include "core/commands/kill_order.h"

#include <string>
#include <sys/types.h>
#include <vector>

namespace portside::commands {

struct StopPlan {
    std::vector<KillOrder> orders;    // each unit, or each container of a port, once
    std::vector<std::string> without; // rows that have none, each as a sentence
    std::vector<Target> unmatched;    // found nothing in the snapshot
};

// `way` is stop_unit or stop_container. A row needs no known owner: its cgroup or a forwarder's arguments are enough.
[[nodiscard]] StopPlan plan_stops(const snapshot::Snapshot& snapshot, const std::vector<Target>& targets, Way way);

} // namespace portside::commands
