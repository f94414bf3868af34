// SPDX-License-Identifier: MIT
// What is new in the list, for as long as it is marked: rows that appeared, and ports that have another owner than
// before. Found once a snapshot; bounded, however much changes at once. UI thread.
#pragma once

#include "app/ui/model.h"
#include "core/snapshot/snapshot.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace portside::session {

// Where more rows than these appear at once, nothing stands out, so none is marked; and of so many that went it is
// remembered whose port it was.
inline constexpr std::size_t kMostMarked = 256;
// A port that is taken again within this time has changed hands.
inline constexpr std::chrono::seconds kRemembered{6};

struct Change {
    std::uint32_t row = 0; // index into the snapshot's rows
    std::optional<ui::SteadyTime> new_since{};
    std::optional<ui::Before> before{};
};

class Changes {
  public:
    // Replaces what is marked by what is new in `now`. Marks of rows that are still there go on until they end; of
    // those that came while the window was hidden, until they were seen.
    void take(const snapshot::Snapshot& now, const snapshot::Snapshot* before, ui::SteadyTime at);
    // The window is hidden from now on.
    void hide() { hidden_ = true; }
    // It is seen again: what came since then is new from now on. True when any mark changed.
    bool show(ui::SteadyTime since, ui::SteadyTime now);
    [[nodiscard]] std::span<const Change> rows() const { return changes_; } // by row

  private:
    // A row that went: whose it was, and where.
    struct Departed {
        platform::Protocol protocol = platform::Protocol::tcp;
        std::uint16_t port = 0;
        std::vector<std::string> addresses;
        snapshot::ProcessId owner;
        std::string words; // "node (4711)"
        ui::SteadyTime at;
    };
    void remember_departed(const snapshot::Snapshot& before, const std::vector<std::uint32_t>& origins,
                           ui::SteadyTime at);
    [[nodiscard]] std::optional<ui::Before> previous_owner(const snapshot::Row& row, ui::SteadyTime at) const;
    [[nodiscard]] bool goes_on(const Change& change, ui::SteadyTime at) const;

    std::vector<Change> changes_;
    std::vector<Departed> departed_; // oldest first
    bool hidden_ = false;
};

} // namespace portside::session
