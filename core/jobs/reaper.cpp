// SPDX-License-Identifier: MIT
// Children that are left over: a withdrawn password prompt, for one. Job thread only.
#include "core/jobs/reaper.h"

namespace portside::jobs {

void Reaper::take(platform::ChildProcess child) {
    static_cast<void>(child.terminate()); // refused where it runs as another user: then it ends by itself
    left_.push_back({std::move(child), {}});
    const auto item = std::prev(left_.end());
    item->ended = loop_.when_readable(item->child.pidfd().get(), [this, item] { left_.erase(item); }); // reaps it
}

void Reaper::finish(std::chrono::milliseconds limit) {
    const auto deadline = EventLoop::Clock::now() + limit;
    while (!left_.empty() && EventLoop::Clock::now() < deadline) {
        loop_.turn(std::chrono::ceil<std::chrono::milliseconds>(deadline - EventLoop::Clock::now()));
    }
}

} // namespace portside::jobs
