// SPDX-License-Identifier: MIT
// When the next scan is due, as arithmetic: no thread, no clock of its own. One object belongs to one thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

namespace portside::snapshot {

using SteadyTime = std::chrono::steady_clock::time_point;

// A scan is due when one was asked for, when the last one is unfinished, and one interval after the last one. The
// kernel's events may make it due earlier, but never so often that they would cost more than about 1 % of a core.
// While paused only requests make a scan due.
class ScanPace {
  public:
    static constexpr std::chrono::milliseconds kEventDistance{50};
    static constexpr int kEventCost = 100;     // times what the last scan took
    static constexpr int kMostUnfinished = 64; // scans in a row that follow each other at once

    explicit ScanPace(std::chrono::milliseconds interval);

    void set_paused(bool paused) { paused_ = paused; }
    void set_interval(std::chrono::milliseconds interval);
    // What was done: `requested` is the newest request that came before it began. One that is unfinished (owners are
    // still being looked for) answers no request, unless that never ends.
    void on_scan(SteadyTime began, SteadyTime ended, std::uint64_t requested, bool unfinished);
    // Every request up to this one has been followed by a whole scan.
    [[nodiscard]] std::uint64_t answered() const { return answered_; }

    struct Next {
        bool now = false;
        std::optional<SteadyTime> at;          // else then; nothing: only when something is asked for
        std::optional<SteadyTime> events_from; // the kernel's events may cause it from then on; nothing: they may not
    };
    [[nodiscard]] Next next(std::uint64_t requested, SteadyTime now) const;

  private:
    std::chrono::milliseconds interval_;
    bool paused_ = false;
    bool unfinished_ = false;
    int unfinished_in_a_row_ = 0;
    std::uint64_t answered_ = 0;
    std::optional<SteadyTime> began_; // of the last scan; nothing: none yet
    SteadyTime ended_{};
};

} // namespace portside::snapshot
