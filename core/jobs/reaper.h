// SPDX-License-Identifier: MIT
// Keeps children that nobody waits for any more until they have ended, so that none stays a zombie. Job thread only.
#pragma once

#include "core/jobs/event_loop.h"
#include "core/platform/child_process.h"

#include <chrono>
#include <list>

namespace portside::jobs {

class Reaper {
  public:
    explicit Reaper(EventLoop& loop) : loop_(loop) {}

    // Asks the child to end, and reaps it when it has.
    void take(platform::ChildProcess child);
    // Waits for those that are left, at most `limit` in all: a child that runs as another user by now cannot be ended.
    void finish(std::chrono::milliseconds limit);

  private:
    struct Left {
        platform::ChildProcess child;
        EventLoop::Watch ended;
    };
    EventLoop& loop_;
    std::list<Left> left_;
};

} // namespace portside::jobs
