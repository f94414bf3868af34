// SPDX-License-Identifier: MIT
#include "app/cli/kill_planning.h"

#include "app/cli/keeper_look_ups.h"
#include "core/commands/checks.h"

#include <algorithm>
#include <fmt/format.h>
#include <iterator>
#include <unistd.h>

namespace portside::cli {

using jobs::Stage;

namespace {
constexpr std::chrono::seconds kLongestStopLookUp{5};
} // namespace

std::string KillPlanning::make() {
    auto error = scan_and_plan();
    const auto is_port = [](const commands::Target& target) { return target.port.has_value(); };
    if (error.empty() && std::any_of(plan_.unmatched.begin(), plan_.unmatched.end(), is_port)) {
        commands_.set_include_bound(true);
        error = scan_and_plan();
    }
    if (error.empty() && arguments_.elevate && !arguments_.dry_run && owner_hidden() && reveal()) {
        error = scan_and_plan();
    }
    return stopped_by_ != 0 ? "stopped before anything was sent." : error;
}

std::string KillPlanning::scan_and_plan() {
    const auto request = commands_.request_scan();
    auto report = commands_.report();
    while (report.answered_request < request) {
        stopped_by_ = bell_.wait();
        if (stopped_by_ != 0) {
            return "stopped before anything was sent.";
        }
        report = commands_.report();
    }
    if (!report.error.empty() || !report.snapshot) {
        return report.error;
    }
    snapshot_ = report.snapshot;
    plan_ =
        commands::plan_kills(*snapshot_, arguments_.targets, ::geteuid(), arguments_.way == commands::Way::kill_tree);
    return {};
}

bool KillPlanning::owner_hidden() const {
    return std::any_of(plan_.ownerless.begin(), plan_.ownerless.end(),
                       [](const auto& row) { return row.unknown == snapshot::Unknown::not_permitted; }) ||
           std::any_of(plan_.unmatched.begin(), plan_.unmatched.end(), [](const auto& target) {
               return target.pid && commands::classify_unlisted(*target.pid) == commands::UnlistedPid::not_visible;
           });
}

bool may_ask_here() {
    return ::isatty(STDIN_FILENO) == 1;
}

bool KillPlanning::reveal() {
    const auto job = commands_.reveal(may_ask_here());
    for (;;) {
        stopped_by_ = bell_.wait();
        if (stopped_by_ != 0) {
            return false;
        }
        for (const auto& update : commands_.take_updates()) {
            if (update.event.job != job || update.event.stage == Stage::authorising) {
                continue;
            }
            if (update.event.stage == Stage::refused) {
                outcomes_.refused(update.event.problem, update.sentence);
                reveal_refused_ = true;
            }
            return update.event.stage == Stage::revealed;
        }
    }
}

const char* KillPlanning::with_tree() const {
    return arguments_.way == commands::Way::kill_tree ? " and all its descendants, those of other users as "
                                                        "administrator and one after another"
                                                      : "";
}

void KillPlanning::report_ownerless() {
    for (const auto& row : plan_.ownerless) {
        if (row.unknown == snapshot::Unknown::not_permitted && arguments_.elevate && arguments_.dry_run) {
            outcomes_.ended(
                fmt::format("Would ask, as administrator, who holds {} (user {}), and then end that process{}.",
                            row.port, row.user, with_tree()));
        } else if (row.unknown == snapshot::Unknown::not_permitted && reveal_refused_) {
            continue; // said already
        } else if (row.unknown == snapshot::Unknown::not_permitted && !arguments_.elevate) {
            outcomes_.not_permitted(fmt::format("Not permitted: {} belongs to user {}, and its owner is not visible to "
                                                "you. Add --elevate to ask as administrator.",
                                                row.port, row.user));
        } else {
            outcomes_.nothing_matched(fmt::format(
                "No process holds {} (a socket of user {}), so there is nothing to end.", row.port, row.user));
        }
    }
}

void KillPlanning::report_activated() {
    std::vector<commands::PlannedKill> stops;
    std::transform(plan_.activated.begin(), plan_.activated.end(), std::back_inserter(stops),
                   [](const commands::Activated& row) { return row.stop; });
    KeeperLookUps look_ups(bell_, commands_);
    stopped_by_ = look_ups.ask(stops, kLongestStopLookUp);
    for (std::size_t i = 0; i < stops.size() && stopped_by_ == 0; ++i) {
        const auto* const told = look_ups.told(i);
        std::string whose = "Which of its socket units that is, it did not tell.";
        if (told != nullptr) {
            whose = told->unit
                        ? fmt::format("{} Run: portside kill --stop-unit {}", jobs::why_stop(*told), stops[i].row.port)
                        : told->unit_problem;
        }
        outcomes_.not_permitted(fmt::format("{} is held by {} alone, so nothing is sent. {}", stops[i].port,
                                            plan_.activated[i].manager, whose));
    }
}

void KillPlanning::report_unmatched() {
    for (const auto& target : plan_.unmatched) {
        if (!target.pid) {
            outcomes_.nothing_matched(fmt::format("Nothing holds {}.", target.text));
            continue;
        }
        switch (commands::classify_unlisted(*target.pid)) {
        case commands::UnlistedPid::no_such_process:
            outcomes_.nothing_matched(fmt::format("There is no process {}.", *target.pid));
            break;
        case commands::UnlistedPid::holds_nothing:
            outcomes_.nothing_matched(
                fmt::format("Process {} holds no listed socket, so it is left alone.", *target.pid));
            break;
        case commands::UnlistedPid::not_visible:
            report_hidden_pid(*target.pid);
            break;
        }
    }
}

void KillPlanning::report_hidden_pid(pid_t pid) {
    if (arguments_.elevate && arguments_.dry_run) {
        outcomes_.ended(fmt::format("Would ask, as administrator, which port process {} holds, and then end it{}.", pid,
                                    with_tree()));
    } else if (!arguments_.elevate) {
        outcomes_.not_permitted(
            fmt::format("Not permitted: process {} belongs to another user. Add --elevate to ask as "
                        "administrator.",
                        pid));
    } else if (!reveal_refused_) {
        outcomes_.nothing_matched(fmt::format("Process {} holds no listed socket, so it is left alone.", pid));
    }
}

} // namespace portside::cli
