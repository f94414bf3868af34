// SPDX-License-Identifier: MIT
#include "app/cli/kill_command.h"

#include "app/cli/outcomes.h"
#include "core/base/file.h"
#include "core/commands/checks.h"
#include "core/commands/commands.h"

#include <algorithm>
#include <condition_variable>
#include <cstdio>
#include <fcntl.h>
#include <fmt/format.h>
#include <mutex>
#include <set>
#include <unistd.h>

namespace portside::cli {

namespace {

using commands::KillOrder;
using commands::Update;
using jobs::Problem;
using jobs::Stage;

// Lets the main thread sleep until scanner or jobs have something.
class Bell {
  public:
    void ring() {
        {
            const std::lock_guard lock(mutex_);
            rung_ = true;
        }
        condition_.notify_one();
    }
    void wait() {
        std::unique_lock lock(mutex_);
        condition_.wait(lock, [this] { return rung_; });
        rung_ = false;
    }

  private:
    std::mutex mutex_;
    std::condition_variable condition_;
    bool rung_ = false; // guarded by mutex_
};

class KillRun {
  public:
    explicit KillRun(const KillArguments& arguments) : arguments_(arguments), commands_(options()) {}

    int run() {
        const auto error = plan();
        if (!error.empty()) {
            fmt::print(stderr, "portside: {}\n", error);
            return 1;
        }
        report_ownerless();
        report_unmatched();
        for (const auto& kill : plan_.kills) {
            handle(kill);
        }
        while (!running_.empty()) {
            take_updates();
        }
        return outcomes_.exit_code();
    }

  private:
    [[nodiscard]] commands::Options options() {
        commands::Options options;
        options.scanner = arguments_.scanner;
        options.interval = std::chrono::hours(1); // scans are asked for
        options.patience = arguments_.timeout;
        options.program = base::read_link(AT_FDCWD, "/proc/self/exe").value_or("portside");
        options.wake = [this] { bell_.ring(); };
        return options;
    }

    // Scans (with bound sockets where a port shows nothing else; as administrator where that was asked for) and plans.
    std::string plan() {
        auto error = scan_and_plan();
        const auto is_port = [](const commands::Target& target) { return target.port.has_value(); };
        if (error.empty() && std::any_of(plan_.unmatched.begin(), plan_.unmatched.end(), is_port)) {
            commands_.set_include_bound(true);
            error = scan_and_plan();
        }
        if (error.empty() && arguments_.elevate && !arguments_.dry_run && owner_hidden() && reveal()) {
            error = scan_and_plan();
        }
        return error;
    }

    std::string scan_and_plan() {
        const auto request = commands_.request_scan();
        auto report = commands_.report();
        while (report.answered_request < request) {
            bell_.wait();
            report = commands_.report();
        }
        if (!report.error.empty() || !report.snapshot) {
            return report.error;
        }
        plan_ = commands::plan_kills(*report.snapshot, arguments_.targets, ::geteuid());
        return {};
    }

    [[nodiscard]] bool owner_hidden() const {
        return std::any_of(plan_.ownerless.begin(), plan_.ownerless.end(),
                           [](const auto& row) { return row.unknown == snapshot::Unknown::not_permitted; }) ||
               std::any_of(plan_.unmatched.begin(), plan_.unmatched.end(), [](const auto& target) {
                   return target.pid && commands::classify_unlisted(*target.pid) == commands::UnlistedPid::not_visible;
               });
    }

    // Without another agent (over ssh) pkexec itself can ask on our terminal.
    [[nodiscard]] static bool may_ask_here() { return ::isatty(STDIN_FILENO) == 1; }

    bool reveal() {
        const auto job = commands_.reveal(may_ask_here());
        for (;;) {
            bell_.wait();
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

    void report_ownerless() {
        for (const auto& row : plan_.ownerless) {
            if (row.unknown == snapshot::Unknown::not_permitted && arguments_.elevate && arguments_.dry_run) {
                outcomes_.ended(
                    fmt::format("Would ask, as administrator, who holds {} (user {}), and then end that process.",
                                row.port, row.user));
            } else if (row.unknown == snapshot::Unknown::not_permitted && reveal_refused_) {
                continue; // said already
            } else if (row.unknown == snapshot::Unknown::not_permitted && !arguments_.elevate) {
                outcomes_.not_permitted(
                    fmt::format("Not permitted: {} belongs to user {}, and its owner is not visible to "
                                "you. Add --elevate to ask as administrator.",
                                row.port, row.user));
            } else {
                outcomes_.nothing_matched(fmt::format(
                    "No process holds {} (a socket of user {}), so there is nothing to end.", row.port, row.user));
            }
        }
    }

    void report_unmatched() {
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

    void report_hidden_pid(pid_t pid) {
        if (arguments_.elevate && arguments_.dry_run) {
            outcomes_.ended(
                fmt::format("Would ask, as administrator, which port process {} holds, and then end it.", pid));
        } else if (!arguments_.elevate) {
            outcomes_.not_permitted(
                fmt::format("Not permitted: process {} belongs to another user. Add --elevate to ask as "
                            "administrator.",
                            pid));
        } else if (!reveal_refused_) {
            outcomes_.nothing_matched(fmt::format("Process {} holds no listed socket, so it is left alone.", pid));
        }
    }

    void handle(const commands::PlannedKill& kill) {
        KillOrder order;
        order.kill = kill;
        order.signal = arguments_.force ? platform::Signal::kill : platform::Signal::term;
        order.elevate = arguments_.elevate && !kill.own;
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
        const auto job = commands_.kill(order);
        running_.insert(job);
        while (order.elevate && running_.contains(job) && !answered_.contains(job)) {
            take_updates(); // one password prompt after another
        }
    }

    void dry_run(const KillOrder& order) {
        if (const auto refused = commands::would_refuse(order)) {
            outcomes_.refused(jobs::problem_of(refused->reason), refused->sentence);
            return;
        }
        outcomes_.ended(fmt::format("Would send {} to {}, which holds {}{}.", arguments_.force ? "SIGKILL" : "SIGTERM",
                                    order.kill.label, order.kill.port, order.elevate ? ", as administrator" : ""));
    }

    void take_updates() {
        bell_.wait();
        for (const auto& update : commands_.take_updates()) {
            if (running_.contains(update.event.job)) {
                take_in(update);
            }
        }
    }

    void take_in(const Update& update) {
        const auto job = update.event.job;
        switch (update.event.stage) {
        case Stage::authorising:
        case Stage::revealed:
            return;
        case Stage::asked:
            answered_.insert(job);
            return;
        case Stage::ended:
            answered_.insert(job);
            if (update.port_after == Update::PortAfter::none) {
                return; // the scan that tells about the port is under way
            }
            outcomes_.ended(update.sentence);
            break;
        case Stage::still_running:
            outcomes_.did_not_end(update.sentence + (arguments_.force ? "" : " --force sends SIGKILL."));
            break;
        case Stage::refused:
            outcomes_.refused(update.event.problem, update.sentence);
            break;
        }
        running_.erase(job);
    }

    const KillArguments& arguments_;
    Bell bell_;
    Outcomes outcomes_;
    commands::KillPlan plan_;
    bool reveal_refused_ = false;
    std::set<jobs::JobId> running_;
    std::set<jobs::JobId> answered_; // past the password
    commands::Commands commands_;    // last: its threads ring the bell
};

} // namespace

int run_kill(const KillArguments& arguments) {
    return KillRun(arguments).run();
}

} // namespace portside::cli
