// SPDX-License-Identifier: MIT
// Brings the wakes of other threads to the window, once there is one. Provides its own synchronization.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>

namespace portside::overlay {

// Work begins before there is a window, so that the first frame is already populated: wakes before that only end a
// wait here.
class WakeRelay {
  public:
    void connect(std::function<void()> target) {
        const std::lock_guard lock(mutex_);
        target_ = std::move(target);
    }
    // Any thread.
    void wake() {
        std::function<void()> target;
        {
            const std::lock_guard lock(mutex_);
            target = target_;
        }
        woken_.notify_all();
        if (target) {
            target();
        }
    }
    // Waits until `holds`, which is asked at first and after each wake, or until `limit` has passed.
    template <typename Predicate>
    void wait_for(std::chrono::milliseconds limit, Predicate holds) {
        std::unique_lock lock(mutex_);
        woken_.wait_for(lock, limit, holds);
    }

  private:
    std::mutex mutex_;
    std::condition_variable woken_;
    std::function<void()> target_; // guarded by mutex_
};

} // namespace portside::overlay
