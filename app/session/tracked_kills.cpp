// SPDX-License-Identifier: MIT
#include "app/session/tracked_kills.h"

#include <iterator>
#include <utility>

namespace portside::session {

void TrackedKills::put(const snapshot::RowKey& row, Tracking tracking) {
    erase(row);
    row_of_job_.insert_or_assign(tracking.job, row);
    by_row_.emplace(row, std::move(tracking));
}

void TrackedKills::erase(const snapshot::RowKey& row) {
    if (const auto at = by_row_.find(row); at != by_row_.end()) {
        row_of_job_.erase(at->second.job);
        by_row_.erase(at);
    }
}

Tracking* TrackedKills::find(const snapshot::RowKey& row) {
    const auto at = by_row_.find(row);
    return at == by_row_.end() ? nullptr : &at->second;
}

Tracking* TrackedKills::find_job(jobs::JobId job) {
    const auto at = row_of_job_.find(job);
    return at == row_of_job_.end() ? nullptr : find(at->second);
}

bool TrackedKills::forget_old(ui::SteadyTime now) {
    bool any = false;
    for (auto at = by_row_.begin(); at != by_row_.end();) {
        const bool over = at->second.forget_at && *at->second.forget_at <= now;
        any = any || over;
        if (over) {
            row_of_job_.erase(at->second.job);
        }
        at = over ? by_row_.erase(at) : std::next(at);
    }
    return any;
}

std::vector<Tracking> TrackedKills::take_held(ui::SteadyTime now) {
    std::vector<Tracking> due;
    for (auto at = by_row_.begin(); at != by_row_.end();) {
        if (!at->second.held_until || *at->second.held_until > now) {
            ++at;
            continue;
        }
        row_of_job_.erase(at->second.job);
        due.push_back(std::move(at->second));
        at = by_row_.erase(at);
    }
    return due;
}

std::optional<ui::SteadyTime> TrackedKills::next_change() const {
    std::optional<ui::SteadyTime> next;
    for (const auto& [row, tracking] : by_row_) {
        for (const auto& due : {tracking.forget_at, tracking.held_until}) {
            if (due && (!next || *due < *next)) {
                next = due;
            }
        }
    }
    return next;
}

} // namespace portside::session
