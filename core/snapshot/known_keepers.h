// SPDX-License-Identifier: MIT
// What keeps each process, found out once for as long as its facts are the same. One object belongs to one thread.
#pragma once

#include "core/platform/cgroup_path.h"
#include "core/platform/process.h"

#include <cstdint>
#include <optional>
#include <unordered_map>

namespace portside::snapshot {

// The container that this process holds a port for, as far as its arguments tell: the engine. Nothing where it is no
// forwarder.
[[nodiscard]] std::optional<platform::Container> forwarded_container(const platform::ProcessFacts& process);

class KnownKeepers {
  public:
    // Begins a snapshot: what was asked for neither in the last one nor in this one is forgotten with its end.
    void begin();
    // Its unit, and its container or the one that it holds a port for. Valid until the next begin().
    [[nodiscard]] const platform::Keeper& of(const platform::ProcessFacts& process);

  private:
    struct Known {
        std::uint64_t version = 0; // of the facts
        std::uint64_t used = 0;    // the number of the snapshot
        platform::Keeper keeper;
    };
    std::unordered_map<pid_t, Known> known_;
    std::uint64_t snapshot_ = 0;
};

} // namespace portside::snapshot
