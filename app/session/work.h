// SPDX-License-Identifier: MIT
// The work as the session sees it; tests put their own in. UI thread.
#pragma once

#include "core/commands/commands.h"

#include <chrono>
#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace portside::session {

class Work {
  public:
    virtual ~Work() = default;
    [[nodiscard]] virtual snapshot::ScannerReport report() = 0;
    [[nodiscard]] virtual std::vector<commands::Update> take_updates() = 0;
    [[nodiscard]] virtual std::vector<std::string> pending() = 0;
    virtual jobs::JobId kill(const commands::KillOrder& order) = 0;
    virtual jobs::JobId reveal() = 0;
    // Asks what keeps a process; the answer is an update of Stage::looked_up. 0 where nobody can be asked.
    virtual jobs::JobId look_up(const commands::PlannedKill& kill) = 0;
    // Of which row details are read from now on, or of none; and what was read of it, or null.
    virtual void set_details_of(std::optional<snapshot::DetailsWish> wish) = 0;
    [[nodiscard]] virtual snapshot::DetailsPtr details() = 0;
    // Likewise: of which row the connections.
    virtual void set_connections_of(std::optional<snapshot::ConnectionsWish> wish) = 0;
    [[nodiscard]] virtual snapshot::RowConnectionsPtr connections() = 0;
    virtual void rescan() = 0;
    virtual void set_include_bound(bool include) = 0;
    virtual void set_interval(std::chrono::milliseconds interval) = 0; // between two scans
    // The processes whose rows are on the screen, each once and in order; called only when they are others than before.
    virtual void set_visible(std::vector<pid_t> pids) = 0;
};

} // namespace portside::session
