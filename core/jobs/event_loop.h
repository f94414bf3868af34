// SPDX-License-Identifier: MIT
// Waits for descriptors and deadlines and calls handlers, one at a time. One object belongs to one thread.
// By poll(2): jobs are few, and there is nothing to create that could fail after a signal was sent.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <utility>

namespace portside::jobs {

class EventLoop {
  public:
    using Clock = std::chrono::steady_clock;
    // May end any Watch, its own too, and make new ones.
    using Handler = std::function<void()>;

    // As long as it lives, its handler may be called. Must not outlive the loop.
    class Watch {
      public:
        Watch() = default;
        Watch(Watch&& other) noexcept : loop_(std::exchange(other.loop_, nullptr)), id_(other.id_) {}
        Watch& operator=(Watch&& other) noexcept {
            if (this != &other) {
                end();
                loop_ = std::exchange(other.loop_, nullptr);
                id_ = other.id_;
            }
            return *this;
        }
        Watch(const Watch&) = delete;
        Watch& operator=(const Watch&) = delete;
        ~Watch() { end(); }
        void end();

      private:
        friend class EventLoop;
        Watch(EventLoop* loop, std::uint64_t id) : loop_(loop), id_(id) {}
        EventLoop* loop_ = nullptr;
        std::uint64_t id_ = 0;
    };

    EventLoop() = default;
    EventLoop(const EventLoop&) = delete;
    EventLoop& operator=(const EventLoop&) = delete;

    // Calls `handler` in every turn in which `fd` is readable or at its end, until the Watch ends.
    [[nodiscard]] Watch when_readable(int fd, Handler handler);
    // The same for these events of poll(2); an error or the other side's end counts as any.
    [[nodiscard]] Watch when_ready(int fd, short events, Handler handler);
    // Calls `handler` once, at `deadline` or soon after.
    [[nodiscard]] Watch at(Clock::time_point deadline, Handler handler);

    // Waits until something is ready, at most `limit` (nothing: for ever), and calls the handlers of what is ready.
    void turn(std::optional<std::chrono::milliseconds> limit);

  private:
    struct Entry {
        int fd = -1; // -1: a deadline
        short events = 0;
        Clock::time_point deadline;
        std::shared_ptr<const Handler> handler; // shared: a handler may end its own Watch while it runs
    };
    [[nodiscard]] int milliseconds_to_wait(std::optional<std::chrono::milliseconds> limit) const;

    std::map<std::uint64_t, Entry> entries_; // in the order in which they were made
    std::uint64_t next_id_ = 1;
};

} // namespace portside::jobs
