// SPDX-License-Identifier: MIT
// `portside kill --stop-unit` and `--stop-container`: what they mean, and what --dry-run says of it. Main thread.
#pragma once

#include "app/cli/arguments.h"
#include "app/cli/bell.h"
#include "app/cli/outcomes.h"
#include "core/commands/commands.h"

#include <vector>

namespace portside::cli {

[[nodiscard]] bool stops_keeper(commands::Way way);

class StopRun {
  public:
    // All outlive this.
    StopRun(const KillArguments& arguments, Bell& bell, Outcomes& outcomes, commands::Commands& commands)
        : arguments_(arguments), bell_(bell), outcomes_(outcomes), commands_(commands) {}

    // What is to be stopped; tells of the targets of which nothing comes. Asks the manager which units they are where
    // only it knows.
    [[nodiscard]] std::vector<commands::KillOrder> orders(const snapshot::Snapshot& snapshot);
    // The signal that stopped orders(), or 0.
    [[nodiscard]] int stopped_by() const { return stopped_by_; }
    // Asks the manager or the engine what it knows, and says what would be asked for.
    // Returns 0, or the signal that stopped it.
    [[nodiscard]] int dry_run(const commands::KillOrder& order);

  private:
    void name_units(std::vector<commands::KillOrder>& orders);
    void tell(const commands::KillOrder& order, const jobs::LookedUp& told);

    const KillArguments& arguments_;
    Bell& bell_;
    Outcomes& outcomes_;
    commands::Commands& commands_;
    int stopped_by_ = 0;
};

} // namespace portside::cli
