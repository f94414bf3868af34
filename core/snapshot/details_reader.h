// SPDX-License-Identifier: MIT
// Reads the details of one row. One object belongs to one thread.
#pragma once

#include "core/platform/connections.h"
#include "core/platform/proc_root.h"
#include "core/snapshot/process_details.h"

#include <chrono>
#include <optional>
#include <span>
#include <vector>

namespace portside::snapshot {

inline constexpr std::size_t kMostConnections = 50; // that are told one by one
inline constexpr std::size_t kMostDetailedOwners = 64;

class DetailsReader {
  public:
    // `root` outlives this.
    explicit DetailsReader(const platform::ProcRoot& root) : root_(root), connections_(root) {}

    // Nothing more is read until the next wish.
    void forget() { last_.reset(); }
    // What the wished row's processes do now. `sockets`: as they were listed by the last scan.
    [[nodiscard]] ProcessDetails read(const DetailsWish& wish, std::span<const platform::SocketEntry> sockets);

  private:
    using Clock = std::chrono::steady_clock;
    [[nodiscard]] std::optional<int> share_of_processor(const ProcessId& process, std::chrono::milliseconds cpu);

    struct Last {
        ProcessId process;
        Clock::time_point at;
        std::chrono::milliseconds cpu{0};
        std::optional<int> percent;
    };
    const platform::ProcRoot& root_;
    platform::Connections connections_;
    std::optional<Last> last_;
    // To list the connections of a machine with very many takes long; then it is done less often.
    Clock::time_point connections_due_{};
    std::optional<platform::ConnectionList> connections_known_;
    std::vector<ProcessId> connections_of_;
};

} // namespace portside::snapshot
