// SPDX-License-Identifier: MIT
// One turn: wait, note what is ready, then call. One object belongs to one thread.
#include "core/jobs/event_loop.h"

#include <algorithm>
#include <limits>
#include <poll.h>
#include <vector>

namespace portside::jobs {

using std::chrono::milliseconds;

void EventLoop::Watch::end() {
    if (loop_ != nullptr) {
        std::exchange(loop_, nullptr)->entries_.erase(id_);
    }
}

EventLoop::Watch EventLoop::when_readable(int fd, Handler handler) {
    return when_ready(fd, POLLIN, std::move(handler));
}

EventLoop::Watch EventLoop::when_ready(int fd, short events, Handler handler) {
    const auto id = next_id_++;
    entries_.emplace(id, Entry{fd, events, {}, std::make_shared<const Handler>(std::move(handler))});
    return {this, id};
}

EventLoop::Watch EventLoop::at(Clock::time_point deadline, Handler handler) {
    const auto id = next_id_++;
    entries_.emplace(id, Entry{-1, 0, deadline, std::make_shared<const Handler>(std::move(handler))});
    return {this, id};
}

int EventLoop::milliseconds_to_wait(std::optional<milliseconds> limit) const {
    std::optional<milliseconds> wait = limit;
    const auto now = Clock::now();
    for (const auto& [id, entry] : entries_) {
        if (entry.fd < 0) {
            // Rounded up: a turn that ends just before the deadline would be followed by others that find nothing to
            // do.
            const auto left = std::max(milliseconds(0), std::chrono::ceil<milliseconds>(entry.deadline - now));
            wait = wait ? std::min(*wait, left) : left;
        }
    }
    if (!wait) {
        return -1;
    }
    return static_cast<int>(std::min<milliseconds::rep>(wait->count(), std::numeric_limits<int>::max()));
}

void EventLoop::turn(std::optional<milliseconds> limit) {
    std::vector<pollfd> waits;
    std::vector<std::uint64_t> ids; // of waits, by index
    for (const auto& [id, entry] : entries_) {
        if (entry.fd >= 0) {
            waits.push_back({entry.fd, entry.events, 0});
            ids.push_back(id);
        }
    }
    if (::poll(waits.data(), waits.size(), milliseconds_to_wait(limit)) < 0) {
        waits.clear(); // interrupted, or out of memory for the moment: deadlines still count, the rest is for the next
                       // turn
    }
    std::vector<std::uint64_t> ready;
    for (std::size_t i = 0; i < waits.size(); ++i) {
        if (waits[i].revents != 0) {
            ready.push_back(ids[i]);
        }
    }
    const auto now = Clock::now();
    for (const auto& [id, entry] : entries_) {
        if (entry.fd < 0 && entry.deadline <= now) {
            ready.push_back(id);
        }
    }
    for (const auto id : ready) {
        const auto found = entries_.find(id); // an earlier handler may have ended it
        if (found == entries_.end()) {
            continue;
        }
        const auto handler = found->second.handler;
        if (found->second.fd < 0) {
            entries_.erase(found); // once only; its Watch then ends nothing
        }
        (*handler)();
    }
}

} // namespace portside::jobs
