// SPDX-License-Identifier: MIT
// The session's work, done by core's commands. UI thread.
#pragma once

#include "app/session/session.h"

#include <utility>

namespace portside::session {

class CommandsWork final : public Work {
  public:
    // `commands` outlives this.
    explicit CommandsWork(commands::Commands& commands) : commands_(commands) {}

    [[nodiscard]] snapshot::ScannerReport report() override { return commands_.report(); }
    [[nodiscard]] std::vector<commands::Update> take_updates() override { return commands_.take_updates(); }
    [[nodiscard]] std::vector<std::string> pending() override { return commands_.pending(); }
    jobs::JobId kill(const commands::KillOrder& order) override { return commands_.kill(order); }
    jobs::JobId reveal() override { return commands_.reveal(); }
    jobs::JobId look_up(const commands::PlannedKill& kill) override { return commands_.look_up(kill); }
    void set_details_of(std::optional<snapshot::DetailsWish> wish) override {
        commands_.set_details_of(std::move(wish));
    }
    [[nodiscard]] snapshot::DetailsPtr details() override { return commands_.details(); }
    void set_connections_of(std::optional<snapshot::ConnectionsWish> wish) override {
        commands_.set_connections_of(std::move(wish));
    }
    [[nodiscard]] snapshot::RowConnectionsPtr connections() override { return commands_.connections(); }
    void rescan() override { commands_.rescan(); }
    void set_include_bound(bool include) override { commands_.set_include_bound(include); }
    void set_interval(std::chrono::milliseconds interval) override { commands_.set_interval(interval); }

    void set_visible(std::vector<pid_t> pids) override { commands_.set_visible_processes(std::move(pids)); }

  private:
    commands::Commands& commands_;
};

} // namespace portside::session
