// SPDX-License-Identifier: MIT
// Asks managers and engines what keeps processes and ports, before anything is sent or stopped. Main thread.
#pragma once

#include "app/cli/bell.h"
#include "core/commands/commands.h"
#include "core/jobs/supervisor_requests.h"

#include <chrono>
#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <vector>

namespace portside::cli {

class KeeperLookUps {
  public:
    using Limit = std::optional<std::chrono::milliseconds>;

    // Both outlive this.
    KeeperLookUps(Bell& bell, commands::Commands& commands) : bell_(bell), commands_(commands) {}

    // Asks about all of them at once and waits for the answers, no longer than `limit`. Only while no kill is under
    // way: what is told of others meanwhile is lost. Returns 0, or the signal that asks to stop.
    [[nodiscard]] int ask(const std::vector<commands::PlannedKill>& kills, Limit limit);
    // Of the last ask(): what was told of kill number `index`. Null: nothing (in time).
    [[nodiscard]] const jobs::LookedUp* told(std::size_t index) const;

  private:
    Bell& bell_;
    commands::Commands& commands_;
    std::vector<jobs::JobId> jobs_;
    std::map<jobs::JobId, std::shared_ptr<const jobs::LookedUp>> told_; // null: it was refused
};

// Whether a unit is one that a manager starts again or that holds a port: a service or a socket.
[[nodiscard]] bool may_keep(const std::optional<platform::Unit>& unit);

} // namespace portside::cli
