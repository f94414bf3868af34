// SPDX-License-Identifier: MIT
// The second of two workers. One object belongs to one thread.
#include "core/platform/two_workers.h"

#include <pthread.h>
#include <sched.h>
#include <system_error>

namespace portside::platform {

bool TwoWorkers::has_processor_left() const {
    static const unsigned processors = std::thread::hardware_concurrency(); // reads a file: once is enough
    return processors > 1 + busy_;
}

namespace {

// A thread that was just woken can stay for many milliseconds on the processor of the one that woke it, while another
// is idle: some schedulers see no kinship between processors. Where it may not choose, it stays.
void leave_processor(int busy) {
    cpu_set_t allowed;
    if (busy < 0 || ::sched_getcpu() != busy || ::sched_getaffinity(0, sizeof allowed, &allowed) != 0) {
        return;
    }
    cpu_set_t others = allowed;
    CPU_CLR(static_cast<std::size_t>(busy), &others);
    if (CPU_COUNT(&others) > 0 && ::sched_setaffinity(0, sizeof others, &others) == 0) {
        ::sched_setaffinity(0, sizeof allowed, &allowed); // it has moved
    }
}

} // namespace

TwoWorkers::~TwoWorkers() {
    if (thread_.joinable()) {
        state_ = State::stopped;
        state_.notify_all();
        thread_.join();
    }
}

void TwoWorkers::serve() {
    ::pthread_setname_np(::pthread_self(), "walker");
    for (;;) {
        state_.wait(State::idle);
        State offered = State::offered;
        if (state_.compare_exchange_strong(offered, State::taken)) {
            leave_processor(caller_processor_);
            (*share_)(1);
            state_ = State::idle;
            state_.notify_all();
        } else if (offered == State::stopped) {
            return;
        }
    }
}

bool TwoWorkers::start() {
    try {
        thread_ = std::thread([this] { serve(); });
    } catch (const std::system_error&) { // no more threads are to be had
        return false;
    }
    return true;
}

void TwoWorkers::run_both(const std::function<void(std::size_t)>& share) {
    share_ = &share;
    caller_processor_ = ::sched_getcpu();
    state_ = State::offered;
    if (thread_.joinable()) {
        state_.notify_all();
    } else if (!start()) {
        state_ = State::idle;
    }
    share(0);
    State offered = State::offered;
    if (!state_.compare_exchange_strong(offered, State::idle)) { // it came in time: nothing to take back
        state_.wait(State::taken);
    }
}

} // namespace portside::platform
