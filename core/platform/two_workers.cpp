// SPDX-License-Identifier: MIT
// The second of two workers. One object belongs to one thread.
#include "core/platform/two_workers.h"

#include <pthread.h>
#include <sched.h>
#include <system_error>

namespace portside::platform {

bool TwoWorkers::has_two_processors() {
    static const bool two = std::thread::hardware_concurrency() > 1; // reads a file: once is enough
    return two;
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

void TwoWorkers::serve(const std::stop_token& stop) {
    ::pthread_setname_np(::pthread_self(), "walker");
    std::unique_lock lock(mutex_);
    while (changed_.wait(lock, stop, [this] { return share_ != nullptr; })) {
        const auto* const share = share_;
        const int busy = caller_processor_;
        lock.unlock();
        leave_processor(busy);
        (*share)(1);
        lock.lock();
        share_ = nullptr;
        changed_.notify_all();
    }
}

void TwoWorkers::run_both(const std::function<void(std::size_t)>& share) {
    if (!thread_.joinable()) {
        try {
            thread_ = std::jthread([this](const std::stop_token& stop) { serve(stop); });
        } catch (const std::system_error&) { // no more threads are to be had
            share(0);
            return;
        }
    }
    {
        const std::lock_guard lock(mutex_);
        share_ = &share;
        caller_processor_ = ::sched_getcpu();
    }
    changed_.notify_all();
    share(0);
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return share_ == nullptr; });
}

} // namespace portside::platform
