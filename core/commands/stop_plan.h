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

// What is to be stopped for this row. Without a unit or a container in it, there is none; without a unit, but with
// `activated`, the manager has to be asked which it is.
[[nodiscard]] PlannedKill planned_stop(const snapshot::Snapshot& snapshot, const snapshot::Row& row);

// Joins the orders of one unit: stopped once, it frees all their ports.
void join_same_units(std::vector<KillOrder>& orders);

// `way` is stop_unit or stop_container. A row needs no known owner: its cgroup or a forwarder's arguments are enough.
[[nodiscard]] StopPlan plan_stops(const snapshot::Snapshot& snapshot, const std::vector<Target>& targets, Way way);

} // namespace portside::commands
