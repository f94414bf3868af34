// SPDX-License-Identifier: MIT
#include "app/cli/kill_command.h"

#include "app/cli/bell.h"
#include "app/cli/kill_planning.h"
#include "app/cli/outcomes.h"
#include "core/base/file.h"
#include "core/commands/checks.h"
#include "core/commands/commands.h"

#include <cstdio>
#include <fcntl.h>
#include <fmt/format.h>
#include <set>
#include <unistd.h>

namespace portside::cli {

namespace {

using commands::KillOrder;
using commands::Update;
using jobs::Problem;
using jobs::Stage;

class KillRun {
  public:
    explicit KillRun(const KillArguments& arguments)
        : arguments_(arguments), commands_(options()), planning_(arguments, bell_, outcomes_, commands_) {}

    int run() {
        const auto error = planning_.make();
        if (!error.empty()) {
            fmt::print(stderr, "portside: {}\n", error);
            return 1;
        }
        planning_.report_ownerless();
        planning_.report_unmatched();
        for (const auto& kill : planning_.plan().kills) {
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
    std::set<jobs::JobId> running_;
    std::set<jobs::JobId> answered_; // past the password
    commands::Commands commands_;    // behind what its threads use: they ring the bell
    KillPlanning planning_;
};

} // namespace

int run_kill(const KillArguments& arguments) {
    return KillRun(arguments).run();
}

} // namespace portside::cli
