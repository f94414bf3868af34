// SPDX-License-Identifier: MIT
#include "core/commands/stop_plan.h"

#include <algorithm>
#include <fmt/format.h>

namespace portside::commands {

namespace {

bool means(const Target& target, const snapshot::Row& row) {
    if (target.pid) {
        return std::any_of(row.owners.begin(), row.owners.end(),
                           [&](const snapshot::Owner& owner) { return owner.id.pid == *target.pid; });
    }
    return target.port == row.key.port && (!target.protocol || *target.protocol == row.key.protocol);
}

PlannedKill stop_of(const snapshot::Snapshot& snapshot, const snapshot::Row& row) {
    PlannedKill stop;
    stop.row = row.key;
    stop.port = "port " + row.port_text;
    stop.unit = row.unit;
    stop.container = row.container;
    if (row.owners.empty()) {
        stop.label = row.unit ? row.unit->name : "a container";
        return stop;
    }
    stop.process = row.owners.front().id;
    stop.label = label_of(snapshot, stop.process);
    const auto* const facts = snapshot.find_process(stop.process);
    stop.pidfd_id = facts == nullptr ? 0 : facts->pidfd_id;
    for (const auto& socket : row.sockets) {
        stop.inodes.push_back(socket.inode);
    }
    return stop;
}

std::string has_none(const snapshot::Snapshot& snapshot, const snapshot::Row& row, Way way) {
    const auto whose = row.owners.empty()
                           ? fmt::format("The socket of user {} on port {}", row.user, row.port_text)
                           : fmt::format("{} on port {}", label_of(snapshot, row.owners.front().id), row.port_text);
    return fmt::format("{} belongs to no {} that is known, so there is none to stop. Without the option its process is "
                       "ended.",
                       whose, way == Way::stop_unit ? "systemd unit" : "container");
}

// One request stops all that the unit or the container holds.
bool same(const PlannedKill& a, const PlannedKill& b, Way way) {
    if (way == Way::stop_unit) {
        return a.unit == b.unit;
    }
    const bool known = !a.container->id.empty();
    return a.container == b.container &&
           (known || (a.process == b.process && a.row.port == b.row.port && a.row.protocol == b.row.protocol));
}

} // namespace

StopPlan plan_stops(const snapshot::Snapshot& snapshot, const std::vector<Target>& targets, Way way) {
    StopPlan plan;
    for (const auto& target : targets) {
        bool found = false;
        for (const auto& row : snapshot.rows) {
            if (!means(target, row)) {
                continue;
            }
            found = true;
            if (way == Way::stop_unit ? !row.unit.has_value() : !row.container.has_value()) {
                plan.without.push_back(has_none(snapshot, row, way));
                continue;
            }
            auto stop = stop_of(snapshot, row);
            const auto known = std::find_if(plan.orders.begin(), plan.orders.end(),
                                            [&](const KillOrder& order) { return same(order.kill, stop, way); });
            if (known == plan.orders.end()) {
                plan.orders.emplace_back().kill = std::move(stop);
                plan.orders.back().way = way;
            } else if (known->kill.row != stop.row) {
                known->kill.other_rows.push_back(stop.row);
            }
        }
        if (!found) {
            plan.unmatched.push_back(target);
        }
    }
    return plan;
}

} // namespace portside::commands
