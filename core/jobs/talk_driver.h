// SPDX-License-Identifier: MIT
// Lets a conversation with a supervisor take its steps in the job loop. Job thread only.
#pragma once

#include "core/jobs/event_loop.h"
#include "core/supervisors/talk.h"

#include <functional>
#include <memory>

namespace portside::jobs {

// Destroying it ends the conversation: a connection is closed, and nothing more is asked.
class TalkDriver {
  public:
    // `stepped` runs after each step, until the conversation is over; it may call Talk::stop().
    TalkDriver(std::unique_ptr<supervisors::Talk> talk, EventLoop& loop, std::function<void()> stepped)
        : loop_(loop), talk_(std::move(talk)), stepped_(std::move(stepped)) {}

    void step();
    // No more steps.
    void end();

  private:
    EventLoop& loop_;
    std::unique_ptr<supervisors::Talk> talk_;
    std::function<void()> stepped_;
    EventLoop::Watch ready_;
    EventLoop::Watch timer_;
    bool ended_ = false;
};

} // namespace portside::jobs
