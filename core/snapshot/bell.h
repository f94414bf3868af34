// SPDX-License-Identifier: MIT
// Where a thread sleeps until it is rung for, a time has come, or the kernel has something to tell.
#pragma once

#include "core/base/unique_fd.h"
#include "core/snapshot/scan_pace.h"

#include <optional>

namespace portside::snapshot {

class Bell {
  public:
    Bell();

    // Ends the wait, or the next one where nobody waits. Any thread; never blocks.
    void ring();

    enum class Reason { rung, due, event };
    // Sleeps until it is rung for, until `due` (nothing: without end), or until `events` has something to read or an
    // error, which is looked at from `events_from` on only. `events`: -1 for none; it is not read. One thread only.
    // May return `due` early.
    [[nodiscard]] Reason wait(std::optional<SteadyTime> due, int events, std::optional<SteadyTime> events_from);

  private:
    // eventfd(2). Where the system has no descriptor left for it a wait ends by itself soon, as if rung.
    base::UniqueFd fd_;
};

} // namespace portside::snapshot
