// SPDX-License-Identifier: MIT
#include "app/cli/stop_run.h"

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
    return std::move(plan.orders);
}

int StopRun::dry_run(const KillOrder& order) {
    if (order.kill.process.pid > 1) {
        KillOrder checked = order;
        checked.way = Way::kill;
        checked.elevate = true; // who stops it is another one, so a socket that only root may see is no hindrance
        if (const auto refused = commands::would_refuse(checked)) {
            outcomes_.refused(jobs::problem_of(refused->reason), refused->sentence);
            return 0;
        }
    }
    const auto job = commands_.look_up(order.kill);
    for (;;) {
        if (const int signal = bell_.wait(); signal != 0) {
            return signal;
        }
        for (const auto& update : commands_.take_updates()) {
            if (update.event.job == job && update.event.stage == jobs::Stage::looked_up) {
                tell(order, *update.event.facts);
                return 0;
            }
            if (update.event.job == job) { // no job could be made
                outcomes_.refused(update.event.problem, update.sentence);
                return 0;
            }
        }
    }
}

void StopRun::tell(const KillOrder& order, const jobs::LookedUp& told) {
    if (order.way == Way::stop_unit && told.unit) {
        const auto reason = jobs::why_stop(told);
        outcomes_.ended(fmt::format("Would ask {}, which keeps {} on {}.{}{}", jobs::what_is_asked(told),
                                    order.kill.label, order.kill.port, reason.empty() ? "" : "\n  ", reason));
    } else if (order.way == Way::stop_container && told.container) {
        outcomes_.ended(fmt::format("Would ask {}, which keeps {}.", jobs::what_is_asked(told), order.kill.port));
    } else {
        outcomes_.did_not_end(order.way == Way::stop_unit ? told.unit_problem : told.container_problem);
    }
}

} // namespace portside::cli
