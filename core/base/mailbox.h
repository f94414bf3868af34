// SPDX-License-Identifier: MIT
// Hands values from one thread to another. Provides its own synchronization; never runs foreign code under its lock.
#pragma once

#include <mutex>
#include <utility>
#include <vector>

namespace portside::base {

// Every value posted is taken once, in order.
template <typename T>
class Mailbox {
  public:
    void post(T value) {
        const std::lock_guard lock(mutex_);
        values_.push_back(std::move(value));
    }
    [[nodiscard]] std::vector<T> take_all() {
        const std::lock_guard lock(mutex_);
        return std::exchange(values_, {});
    }

  private:
    std::mutex mutex_;
    std::vector<T> values_; // guarded by mutex_
};

// Keeps only the newest value; a reader may look at it any number of times.
template <typename T>
class Latest {
  public:
    void put(T value) {
        const std::lock_guard lock(mutex_);
        std::swap(value_, value); // the old value is destroyed after the lock is released
    }
    [[nodiscard]] T get() const {
        const std::lock_guard lock(mutex_);
        return value_;
    }

  private:
    mutable std::mutex mutex_;
    T value_{}; // guarded by mutex_
};

} // namespace portside::base
