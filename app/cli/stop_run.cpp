// SPDX-License-Identifier: MIT
#include "app/cli/stop_run.h"

#include "app/cli/keeper_look_ups.h"
#include "core/commands/checks.h"
#include "core/commands/stop_plan.h"

#include <fmt/format.h>

namespace portside::cli {

using commands::KillOrder;
using commands::Way;

bool stops_keeper(Way way) {
    return way == Way::stop_unit || way == Way::stop_container;
}

std::vector<KillOrder> StopRun::orders(const snapshot::Snapshot& snapshot) {
    auto plan = commands::plan_stops(snapshot, arguments_.targets, arguments_.way);
    for (const auto& sentence : plan.without) {
        outcomes_.nothing_matched(sentence);
    }
    for (const auto& target : plan.unmatched) {
        outcomes_.nothing_matched(fmt::format("Nothing holds {}.", target.text));
    }
    for (auto& order : plan.orders) {
        order.consented = arguments_.yes;
    }
    if (arguments_.way == Way::stop_unit) {
        name_units(plan.orders);
    }
    return std::move(plan.orders);
}

// Of a port that a manager holds for a service; those of which it knows no unit are told, and dropped.
void StopRun::name_units(std::vector<KillOrder>& orders) {
    std::vector<KillOrder*> nameless;
    std::vector<commands::PlannedKill> kills;
    for (auto& order : orders) {
        if (!order.kill.unit) {
            nameless.push_back(&order);
            kills.push_back(order.kill);
        }
    }
    KeeperLookUps look_ups(bell_, commands_);
    stopped_by_ = look_ups.ask(kills, std::nullopt);
    for (std::size_t i = 0; i < nameless.size() && stopped_by_ == 0; ++i) {
        const auto* const told = look_ups.told(i);
        if (told != nullptr && told->unit) {
            nameless[i]->kill.unit = told->unit->unit;
            nameless[i]->kill.label = fmt::format("{} of {}", told->unit->unit.name, nameless[i]->kill.label);
        } else if (told != nullptr) {
            outcomes_.did_not_end(told->unit_problem);
        }
    }
    std::erase_if(orders, [](const KillOrder& order) { return !order.kill.unit; });
    commands::join_same_units(orders);
}

int StopRun::dry_run(const KillOrder& order) {
    if (order.kill.process.pid > 1 && !order.kill.activated) {
        KillOrder checked = order;
        checked.way = Way::kill;
        checked.elevate = true; // who stops it is another one, so a socket that only root may see is no hindrance
        if (const auto refused = commands::would_refuse(checked)) {
            outcomes_.refused(jobs::problem_of(refused->reason), refused->sentence);
            return 0;
        }
    }
    KeeperLookUps look_ups(bell_, commands_);
    const int signal = look_ups.ask({order.kill}, std::nullopt);
    if (const auto* const told = look_ups.told(0); told != nullptr) {
        tell(order, *told);
    } else if (signal == 0) {
        outcomes_.did_not_end(fmt::format("What keeps {} could not be looked up.", order.kill.port));
    }
    return signal;
}

void StopRun::tell(const KillOrder& order, const jobs::LookedUp& told) {
    if (order.way == Way::stop_unit && told.unit) {
        const auto reason = jobs::why_stop(told);
        const auto keeps = order.kill.activated ? order.kill.port : order.kill.label + " on " + order.kill.port;
        const bool several = !told.unit->sockets.empty() || !told.unit->services.empty();
        outcomes_.ended(fmt::format("Would ask {}{} {}.{}{}", jobs::what_is_asked(told),
                                    several ? ". Together they keep" : ", which keeps", keeps,
                                    reason.empty() ? "" : "\n  ", reason));
    } else if (order.way == Way::stop_container && told.container) {
        outcomes_.ended(fmt::format("Would ask {}, which keeps {}.", jobs::what_is_asked(told), order.kill.port));
    } else {
        outcomes_.did_not_end(order.way == Way::stop_unit ? told.unit_problem : told.container_problem);
    }
}

} // namespace portside::cli
