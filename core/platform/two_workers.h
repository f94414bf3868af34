// SPDX-License-Identifier: MIT
// Shares a list of independent pieces of work between the calling thread and one more, which is started when it is
// first worth it. One object belongs to one thread.
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <thread>

namespace portside::platform {

class TwoWorkers {
  public:
    static constexpr std::size_t kWorkers = 2;

    TwoWorkers() = default;
    ~TwoWorkers();
    TwoWorkers(const TwoWorkers&) = delete;
    TwoWorkers& operator=(const TwoWorkers&) = delete;

    // How many processors other threads of this program keep busy: the second worker works where one is left for it.
    void set_busy_processors(unsigned busy) { busy_ = busy; }

    // Calls work(index, worker) once for each index below `count`, in ascending order of starting, and returns when all
    // are done. `worker` is 0 or 1: what the two do not share is kept apart by it. `both`: whether a second thread is
    // worth it; it is not used where no processor is left for it. Where it comes too late to find work, it is not
    // waited for.
    template <typename Work>
    void run(std::size_t count, bool both, const Work& work) {
        if (!both || count < 2 || !has_processor_left()) {
            for (std::size_t index = 0; index < count; ++index) {
                work(index, std::size_t{0});
            }
            return;
        }
        std::atomic<std::size_t> next = 0;
        const auto share = [&](std::size_t worker) noexcept { // the other one uses what lies on this stack
            for (std::size_t index = next++; index < count; index = next++) {
                work(index, worker);
            }
        };
        run_both(std::cref(share));
    }

  private:
    // The caller offers and takes back; the second worker takes and finishes (back to idle).
    enum class State : int { idle, offered, taken, stopped };

    [[nodiscard]] bool has_processor_left() const;
    void run_both(const std::function<void(std::size_t)>& share);
    [[nodiscard]] bool start();
    void serve();

    std::atomic<State> state_ = State::idle;
    // Written before `offered`, read after `taken`.
    const std::function<void(std::size_t)>* share_ = nullptr;
    int caller_processor_ = -1;
    unsigned busy_ = 0;
    std::thread thread_; // last: it uses everything above
};

} // namespace portside::platform
