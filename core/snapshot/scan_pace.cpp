// SPDX-License-Identifier: MIT
// When the next scan is due. One object belongs to one thread.
#include "core/snapshot/scan_pace.h"

#include <algorithm>

namespace portside::snapshot {

namespace {
// A wait's end must be a time that the clock can tell, whatever interval was asked for.
constexpr std::chrono::milliseconds kLongestInterval = std::chrono::hours(24);
} // namespace

ScanPace::ScanPace(std::chrono::milliseconds interval) : interval_(std::min(interval, kLongestInterval)) {}

void ScanPace::set_interval(std::chrono::milliseconds interval) {
    interval_ = std::min(interval, kLongestInterval);
}

void ScanPace::on_scan(SteadyTime began, SteadyTime ended, std::uint64_t requested, bool unfinished) {
    began_ = began;
    ended_ = ended;
    unfinished_in_a_row_ = unfinished ? std::min(unfinished_in_a_row_ + 1, kMostUnfinished) : 0;
    unfinished_ = unfinished && unfinished_in_a_row_ < kMostUnfinished;
    if (!unfinished_) {
        answered_ = requested;
    }
}

ScanPace::Next ScanPace::next(std::uint64_t requested, SteadyTime now) const {
    if (requested != answered_) {
        return {.now = true, .at = {}, .events_from = {}};
    }
    if (paused_) {
        return {};
    }
    if (!began_ || unfinished_ || ended_ + interval_ <= now) {
        return {.now = true, .at = {}, .events_from = {}};
    }
    const auto distance = std::max<SteadyTime::duration>(kEventDistance, kEventCost * (ended_ - *began_));
    return {.now = false, .at = ended_ + interval_, .events_from = ended_ + distance};
}

} // namespace portside::snapshot
