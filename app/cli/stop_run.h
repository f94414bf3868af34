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

    // What is to be stopped; tells of the targets of which nothing comes.
    [[nodiscard]] std::vector<commands::KillOrder> orders(const snapshot::Snapshot& snapshot);
    // Asks the manager or the engine what it knows, and says what would be asked for.
    // Returns 0, or the signal that stopped it.
    [[nodiscard]] int dry_run(const commands::KillOrder& order);

  private:
    void tell(const commands::KillOrder& order, const jobs::LookedUp& told);

    const KillArguments& arguments_;
    Bell& bell_;
    Outcomes& outcomes_;
    commands::Commands& commands_;
};

} // namespace portside::cli
