// SPDX-License-Identifier: MIT
// The second of two workers. One object belongs to one thread.
#include "core/platform/two_workers.h"

#include <pthread.h>
#include <system_error>

namespace portside::platform {

bool TwoWorkers::has_two_processors() {
    static const bool two = std::thread::hardware_concurrency() > 1; // reads a file: once is enough
    return two;
}

void TwoWorkers::serve(const std::stop_token& stop) {
    ::pthread_setname_np(::pthread_self(), "walker");
    std::unique_lock lock(mutex_);
    while (changed_.wait(lock, stop, [this] { return share_ != nullptr; })) {
        const auto* const share = share_;
        lock.unlock();
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
    }
    changed_.notify_all();
    share(0);
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return share_ == nullptr; });
}

} // namespace portside::platform
