// SPDX-License-Identifier: MIT
// The questions that wait for the person: one is shown at a time, and none is lost because another came. UI thread.
#pragma once

#include "app/session/row_actions.h"

#include <deque>
#include <optional>

namespace portside::session {

struct Asked {
    ui::Question question;
    Planned planned;                                // what each answer is made of
    std::optional<snapshot::Respawner> respawner{}; // of RowAction::kill_respawner_tree
    bool consented = false;                         // it is about a process that is asked about first
};

class Questions {
  public:
    // The person's own click: takes the place of what is being asked, which was not answered.
    void ask_now(Asked asked);
    // Something that came by itself: waits for its turn.
    void ask_later(Asked asked);
    void drop(const snapshot::RowKey& row);
    // Drops those whose row is gone.
    void keep_rows_of(const snapshot::Snapshot& snapshot);
    [[nodiscard]] std::optional<Asked> take_first();
    [[nodiscard]] const std::deque<Asked>& all() const { return asked_; }

  private:
    std::deque<Asked> asked_;
};

} // namespace portside::session
