// SPDX-License-Identifier: MIT
#include "core/snapshot/known_keepers.h"

#include "core/platform/port_forwarder.h"

namespace portside::snapshot {

std::optional<platform::Container> forwarded_container(const platform::ProcessFacts& process) {
    const auto forward = process.command_line
                             ? platform::forwarded_by(platform::process_name(process), *process.command_line)
                             : std::nullopt;
    return forward ? std::optional(platform::Container{forward->engine, {}, {}}) : std::nullopt;
}

void KnownKeepers::begin() {
    std::erase_if(known_, [&](const auto& known) { return known.second.used != snapshot_; });
    ++snapshot_;
}

const platform::Keeper& KnownKeepers::of(const platform::ProcessFacts& process) {
    const auto [at, is_new] = known_.try_emplace(process.stat.id.pid);
    Known& known = at->second;
    const bool same = known.used == snapshot_ || (!is_new && process.version != 0 && known.version == process.version);
    known.used = snapshot_;
    if (!same) {
        known.version = process.version;
        known.keeper = process.cgroup ? platform::keeper_of(*process.cgroup) : platform::Keeper{};
        if (!known.keeper.container) {
            known.keeper.container = forwarded_container(process);
        }
    }
    return known.keeper;
}

} // namespace portside::snapshot
