// SPDX-License-Identifier: MIT
// The first half of `portside kill`: scans, and says what the targets mean there. Main thread.
#pragma once

#include "app/cli/arguments.h"
#include "app/cli/bell.h"
#include "app/cli/outcomes.h"
#include "core/commands/commands.h"

#include <string>

namespace portside::cli {

class KillPlanning {
  public:
    // All outlive this.
    KillPlanning(const KillArguments& arguments, Bell& bell, Outcomes& outcomes, commands::Commands& commands)
        : arguments_(arguments), bell_(bell), outcomes_(outcomes), commands_(commands) {}

    // Scans (with bound sockets where a port shows nothing else; as administrator where that was asked for) and plans.
    // Returns why it could not, as a sentence; empty where it could, and where the person asked to stop meanwhile.
    [[nodiscard]] std::string make();
    // The signal that asked to stop in one of the others here, or 0.
    [[nodiscard]] int stopped_by() const { return stopped_by_; }
    // Tells of the targets of which nothing comes.
    void report_ownerless();
    void report_activated();
    void report_unmatched();
    [[nodiscard]] const commands::KillPlan& plan() const { return plan_; }
    // What the plan was made from.
    [[nodiscard]] const snapshot::Snapshot& snapshot() const { return *snapshot_; }

  private:
    [[nodiscard]] std::string scan_and_plan();
    [[nodiscard]] bool owner_hidden() const;
    [[nodiscard]] bool reveal();
    void report_hidden_pid(pid_t pid);
    [[nodiscard]] const char* with_tree() const; // what a dry run says that would end too

    const KillArguments& arguments_;
    Bell& bell_;
    Outcomes& outcomes_;
    commands::Commands& commands_;
    snapshot::SnapshotPtr snapshot_;
    commands::KillPlan plan_;
    bool reveal_refused_ = false;
    int stopped_by_ = 0;
};

// Without another agent (over ssh) pkexec itself can ask on our terminal.
[[nodiscard]] bool may_ask_here();

} // namespace portside::cli
