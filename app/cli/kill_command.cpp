// SPDX-License-Identifier: MIT
#include "app/cli/kill_command.h"

#include "app/cli/bell.h"
#include "app/cli/dry_run.h"
#include "app/cli/keeper_look_ups.h"
#include "app/cli/kill_planning.h"
#include "app/cli/outcomes.h"
#include "app/cli/stop_run.h"
#include "core/base/file.h"
#include "core/commands/checks.h"
#include "core/commands/commands.h"

#include <algorithm>
#include <cstdio>
#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <iterator>
#include <map>
#include <set>
#include <vector>

namespace portside::cli {

namespace {

using commands::KillOrder;
using commands::Update;
using jobs::Problem;
using jobs::Stage;

constexpr std::chrono::seconds kLongestKeeperLookUp{1};

class KillRun {
  public:
    explicit KillRun(const KillArguments& arguments)
        : arguments_(arguments), commands_(options()), planning_(arguments, bell_, outcomes_, commands_) {}

    int run() {
        const auto error = planning_.make();
        if (!error.empty()) {
            fmt::print(stderr, "portside: {}\n", error);
            return planning_.stopped_by() != 0 ? 128 + planning_.stopped_by() : 1;
        }
        if (stops_keeper(arguments_.way)) {
            return stop_keepers();
        }
        planning_.report_ownerless();
        planning_.report_activated();
        planning_.report_unmatched();
        const auto& kills = planning_.plan().kills;
        stopped_by_ = planning_.stopped_by() != 0 ? planning_.stopped_by() : ask_keepers(kills);
        std::size_t begun = 0;
        while (begun < kills.size() && stopped_by_ == 0) {
            handle(kills[begun++]);
        }
        while (stopped_by_ == 0 && (!running_.empty() || commands_.watching() > 0)) {
            take_updates();
        }
        if (stopped_by_ != 0) {
            report_stop({kills.begin() + static_cast<std::ptrdiff_t>(begun), kills.end()});
        }
        if (const auto lost = commands_.finish_log()) {
            fmt::print(stderr, "portside: {}\n", *lost);
        }
        return stopped_by_ != 0 ? 128 + stopped_by_ : outcomes_.exit_code();
    }

  private:
    [[nodiscard]] commands::Options options() {
        commands::Options options;
        options.scanner = arguments_.scanner;
        options.interval = std::chrono::hours(1); // scans are asked for
        options.patience = arguments_.timeout;
        options.program = base::read_link(AT_FDCWD, "/proc/self/exe").value_or("portside");
        options.kill_log = commands::kill_log_path();
        options.wake = [this] { bell_.ring(); };
        return options;
    }

    // Whether their units would start them again. Mostly answered within milliseconds.
    int ask_keepers(const std::vector<commands::PlannedKill>& kills) {
        std::vector<commands::PlannedKill> asked;
        std::copy_if(kills.begin(), kills.end(), std::back_inserter(asked),
                     [](const auto& kill) { return may_keep(kill.unit); });
        const int signal = look_ups_.ask(asked, kLongestKeeperLookUp);
        for (std::size_t i = 0; i < asked.size(); ++i) {
            if (const auto* const told = look_ups_.told(i)) {
                told_.emplace(asked[i].process, *told);
            }
        }
        return signal;
    }

    [[nodiscard]] const jobs::LookedUp* told_of(const KillOrder& order) const {
        const auto told = told_.find(order.kill.process);
        return told == told_.end() ? nullptr : &told->second;
    }

    void handle(const commands::PlannedKill& kill) {
        KillOrder order;
        order.kill = kill;
        order.way = arguments_.way;
        order.signal = arguments_.force ? platform::Signal::kill : platform::Signal::term;
        const bool tree = order.way == commands::Way::kill_tree; // it may hold processes of several users
        order.elevate = arguments_.elevate && (tree || !kill.own);
        order.consented = arguments_.yes;
        order.internal_agent = may_ask_here();
        if (!kill.own && !arguments_.elevate) {
            outcomes_.not_permitted(
                fmt::format("Not permitted: {} on {} belongs to another user. Add --elevate to end it as "
                            "administrator.",
                            kill.label, kill.port));
            return;
        }
        if (arguments_.dry_run) {
            dry_run(order);
            return;
        }
        for (const auto& hint : {unit_hint(order, told_of(order)), respawner_hint(planning_.snapshot(), order)}) {
            if (!hint.empty()) {
                fmt::print("Note: {}\n", hint);
            }
        }
        const auto job = commands_.kill(order);
        running_.insert(job);
        while (stopped_by_ == 0 && order.elevate && running_.contains(job) && !answered_.contains(job)) {
            take_updates(); // one password prompt after another
        }
    }

    int stop_keepers() {
        StopRun stops(arguments_, bell_, outcomes_, commands_);
        const auto orders = stops.orders(planning_.snapshot());
        stopped_by_ = stops.stopped_by();
        for (const auto& order : orders) {
            if (stopped_by_ != 0) {
                break;
            }
            if (arguments_.dry_run) {
                stopped_by_ = stops.dry_run(order);
            } else {
                running_.insert(commands_.kill(order));
            }
        }
        while (stopped_by_ == 0 && (!running_.empty() || commands_.watching() > 0)) {
            take_updates();
        }
        if (stopped_by_ != 0) {
            report_stop({});
            return 128 + stopped_by_;
        }
        return outcomes_.exit_code();
    }

    void dry_run(const KillOrder& order) {
        if (const auto refused = commands::would_refuse(order)) {
            outcomes_.refused(jobs::problem_of(refused->reason), refused->sentence);
            return;
        }
        outcomes_.ended(dry_run_text(planning_.snapshot(), order, told_of(order)));
    }

    void take_updates() {
        stopped_by_ = bell_.wait();
        for (const auto& update : commands_.take_updates()) {
            if (update.event.job == 0) {
                fmt::print(stderr, "portside: {}\n", update.sentence);
            } else if (running_.contains(update.event.job)) {
                take_in(update);
            } else if (update.port_after == commands::PortAfter::retaken) {
                outcomes_.did_not_end(update.sentence); // it was free when we looked first
            }
        }
    }

    // Ctrl-C: what is under way goes on without us.
    void report_stop(const std::vector<commands::PlannedKill>& not_begun) {
        if (const auto pending = commands_.pending(); !pending.empty()) {
            fmt::print(stderr, "portside: stopped. Not ended yet: {}.\n", fmt::join(pending, ", "));
        }
        for (const auto& kill : not_begun) {
            fmt::print(stderr, "portside: stopped before {} on {}: nothing was sent to it.\n", kill.label, kill.port);
        }
    }

    void take_in(const Update& update) {
        const auto job = update.event.job;
        switch (update.event.stage) {
        case Stage::authorising:
        case Stage::revealed:
        case Stage::port_seen:
        case Stage::looked_up:
        case Stage::named:
            return;
        case Stage::asked:
            answered_.insert(job);
            return;
        case Stage::ended:
            answered_.insert(job);
            if (update.port_after == Update::PortAfter::none) {
                return; // the scan that tells about the port is under way
            }
            report_end(update);
            break;
        case Stage::still_running:
            outcomes_.did_not_end(update.sentence +
                                  (arguments_.force || stops_keeper(arguments_.way) ? "" : " --force sends SIGKILL."));
            break;
        case Stage::refused:
            outcomes_.refused(update.event.problem, update.sentence);
            break;
        }
        running_.erase(job);
    }

    // A port that somebody took again at once was not freed. Where others hold it still, the process has ended all the
    // same, as was asked.
    void report_end(const Update& update) {
        if (update.port_after == commands::PortAfter::retaken) {
            outcomes_.did_not_end(update.sentence);
        } else {
            outcomes_.ended(update.sentence);
        }
    }

    const KillArguments& arguments_;
    Bell bell_;
    Outcomes outcomes_;
    int stopped_by_ = 0; // a signal
    std::set<jobs::JobId> running_;
    std::set<jobs::JobId> answered_; // past the password
    commands::Commands commands_;    // behind what its threads use: they ring the bell
    KillPlanning planning_;
    KeeperLookUps look_ups_{bell_, commands_};
    std::map<snapshot::ProcessId, jobs::LookedUp> told_; // of kills whose units were looked up
};

} // namespace

int run_kill(const KillArguments& arguments) {
    return KillRun(arguments).run();
}

} // namespace portside::cli
