// SPDX-License-Identifier: MIT
// The kill that each row shows, found by its row and by its job. UI thread.
#pragma once

#include "app/session/row_actions.h"

#include <map>
#include <optional>
#include <unordered_map>

namespace portside::session {

struct Tracking {
    jobs::JobId job = 0; // of the kill; of the look-up while it is held
    Planned planned;
    ui::RowStatus status;
    std::optional<ui::SteadyTime> forget_at{};  // of a refusal
    std::optional<ui::SteadyTime> held_until{}; // not ordered yet: it waits to hear whether the process would come back
};

class TrackedKills {
  public:
    // Takes the place of what the row showed.
    void put(const snapshot::RowKey& row, Tracking tracking);
    void erase(const snapshot::RowKey& row);
    // Null where no row shows it.
    [[nodiscard]] Tracking* find(const snapshot::RowKey& row);
    [[nodiscard]] Tracking* find_job(jobs::JobId job);
    [[nodiscard]] const std::map<snapshot::RowKey, Tracking>& all() const { return by_row_; }

    // Forgets the refusals whose time is over; true where there were any.
    bool forget_old(ui::SteadyTime now);
    // Takes out those that have waited long enough.
    [[nodiscard]] std::vector<Tracking> take_held(ui::SteadyTime now);
    // When one of these two is due.
    [[nodiscard]] std::optional<ui::SteadyTime> next_change() const;

  private:
    std::map<snapshot::RowKey, Tracking> by_row_;
    std::unordered_map<jobs::JobId, snapshot::RowKey> row_of_job_;
};

} // namespace portside::session
