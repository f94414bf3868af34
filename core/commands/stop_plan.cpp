// SPDX-License-Identifier: MIT
#include "core/commands/stop_plan.h"

#include "core/snapshot/activation.h"

#include <algorithm>
#include <fmt/format.h>

namespace portside::commands {

namespace {

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
        return a.unit ? a.unit == b.unit : a.row == b.row;
    }
    const bool known = !a.container->id.empty();
    return a.container == b.container &&
           (known || (a.process == b.process && a.row.port == b.row.port && a.row.protocol == b.row.protocol));
}

} // namespace

PlannedKill planned_stop(const snapshot::Snapshot& snapshot, const snapshot::Row& row) {
    PlannedKill stop;
    stop.row = row.key;
    stop.port = "port " + row.port_text;
    stop.unit = snapshot::unit_to_stop(snapshot, row);
    stop.activated = snapshot::manager_sockets_of(snapshot, row);
    stop.container = row.container;
    if (row.owners.empty()) {
        stop.label = row.container ? "a container" : "a socket unit";
        stop.label = stop.unit ? stop.unit->name : stop.label;
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

void join_same_units(std::vector<KillOrder>& orders) {
    std::vector<KillOrder> joined;
    for (auto& order : orders) {
        const auto known = std::find_if(joined.begin(), joined.end(), [&](const KillOrder& one) {
            return order.kill.unit && one.kill.unit == order.kill.unit;
        });
        if (known == joined.end()) {
            joined.push_back(std::move(order));
        } else if (known->kill.row != order.kill.row) {
            known->kill.other_rows.push_back(order.kill.row);
        }
    }
    orders = std::move(joined);
}

StopPlan plan_stops(const snapshot::Snapshot& snapshot, const std::vector<Target>& targets, Way way) {
    StopPlan plan;
    for (const auto& target : targets) {
        bool found = false;
        for (const auto& row : snapshot.rows) {
            if (!means(target, row)) {
                continue;
            }
            found = true;
            auto stop = planned_stop(snapshot, row);
            if (way == Way::stop_unit ? !stop.unit && !stop.activated : !stop.container) {
                plan.without.push_back(has_none(snapshot, row, way));
                continue;
            }
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
