// SPDX-License-Identifier: MIT
// What a conversation waits for changes with every step, so the watches are made anew. Job thread only.
#include "core/jobs/talk_driver.h"

namespace portside::jobs {

void TalkDriver::step() {
    talk_->proceed();
    stepped_();
    ready_.end();
    timer_.end();
    const auto phase = talk_->phase();
    if (ended_ || phase == supervisors::Phase::stopped || phase == supervisors::Phase::failed) {
        return;
    }
    const auto wait = talk_->wait();
    if (wait.fd >= 0) {
        ready_ = loop_.when_ready(wait.fd, wait.events, [this] { step(); });
    }
    if (wait.deadline) {
        timer_ = loop_.at(*wait.deadline, [this] { step(); });
    }
}

void TalkDriver::end() {
    ended_ = true;
    ready_.end();
    timer_.end();
}

} // namespace portside::jobs
