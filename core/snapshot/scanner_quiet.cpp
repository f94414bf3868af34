// SPDX-License-Identifier: MIT
// Whether there is anything to scan for. One object belongs to one thread.
#include "core/snapshot/scanner.h"

#include <algorithm>
#include <array>
#include <poll.h>

namespace portside::snapshot {

bool Scanner::is_quiet() {
    const bool as_before = newest_ != nullptr && !told_changed_ && !unfinished() &&
                           facts_.bound_wanted == options_.include_bound && !listing_changed_;
    if (!as_before || !events_) {
        return false;
    }
    std::array<pollfd, 3> told{
        {{events_->processes.fd(), POLLIN, 0}, {events_->sockets.fd(), POLLIN, 0}, {index_.fork_exit_fd(), POLLIN, 0}}};
    const bool all_tell = std::all_of(told.begin(), told.end(), [](const pollfd& one) { return one.fd >= 0; });
    if (!all_tell || ::poll(told.data(), told.size(), 0) != 0) {
        return false;
    }
    const auto listed = source_.refresh({.include_bound = options_.include_bound});
    listing_changed_ = !listed || *listed; // news to the scan that follows
    return !listing_changed_;
}

} // namespace portside::snapshot
