// SPDX-License-Identifier: MIT
#include "app/cli/keeper_look_ups.h"

#include <algorithm>

namespace portside::cli {

bool may_keep(const std::optional<platform::Unit>& unit) {
    return unit && (unit->name.ends_with(".service") || unit->name.ends_with(".socket"));
}

int KeeperLookUps::ask(const std::vector<commands::PlannedKill>& kills, Limit limit) {
    using Clock = std::chrono::steady_clock;
    const auto begun = Clock::now();
    jobs_.clear();
    told_.clear();
    for (const auto& kill : kills) {
        jobs_.push_back(commands_.look_up(kill));
    }
    while (told_.size() < jobs_.size()) {
        Limit left = limit;
        if (limit) {
            left = *limit - std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - begun);
            if (left->count() <= 0) {
                break;
            }
        }
        if (const int signal = bell_.wait(left); signal != 0) {
            return signal;
        }
        for (const auto& update : commands_.take_updates()) {
            if (std::find(jobs_.begin(), jobs_.end(), update.event.job) != jobs_.end()) {
                told_[update.event.job] = update.event.facts; // null: no job could be made
            }
        }
    }
    return 0;
}

const jobs::LookedUp* KeeperLookUps::told(std::size_t index) const {
    const auto found = index < jobs_.size() ? told_.find(jobs_[index]) : told_.end();
    return found == told_.end() ? nullptr : found->second.get();
}

} // namespace portside::cli
