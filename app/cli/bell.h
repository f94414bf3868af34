// SPDX-License-Identifier: MIT
// Lets the main thread sleep until scanner or jobs have something. ring() may be called from any thread.
#pragma once

#include <condition_variable>
#include <mutex>

namespace portside::cli {

class Bell {
  public:
    void ring() {
        {
            const std::lock_guard lock(mutex_);
            rung_ = true;
        }
        condition_.notify_one();
    }
    void wait() {
        std::unique_lock lock(mutex_);
        condition_.wait(lock, [this] { return rung_; });
        rung_ = false;
    }

  private:
    std::mutex mutex_;
    std::condition_variable condition_;
    bool rung_ = false; // guarded by mutex_
};

} // namespace portside::cli
