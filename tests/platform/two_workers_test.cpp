// SPDX-License-Identifier: MIT
// core/platform/two_workers: nothing is done twice or forgotten, and two threads really share it.
#include "core/platform/two_workers.h"

#include "tests/support/wait.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <condition_variable>
#include <doctest/doctest.h>
#include <mutex>
#include <thread>
#include <vector>

using namespace portside;
using platform::TwoWorkers;

namespace {

// How often each index was worked on, and by whom.
struct Tally {
    explicit Tally(std::size_t count) : times(count), by(count) {}
    void operator()(std::size_t index, std::size_t worker) {
        ++times.at(index);
        by.at(index) = worker;
    }
    [[nodiscard]] bool each_once() const {
        for (const auto& one : times) {
            if (one != 1) {
                return false;
            }
        }
        return true;
    }
    std::vector<std::atomic<int>> times;
    std::vector<std::size_t> by; // an index has one worker, so nothing here is shared
};

} // namespace

TEST_CASE("two workers - each index once on one object again and again") {
    TwoWorkers workers;
    for (std::size_t round = 0; round < 500; ++round) {
        const std::size_t count = round % 7 == 0 ? 1000 : round % 5;
        Tally tally(count);
        workers.run(count, round % 3 != 0, std::ref(tally));
        REQUIRE(tally.each_once());
        for (const std::size_t worker : tally.by) {
            REQUIRE(worker < TwoWorkers::kWorkers);
        }
    }
}

TEST_CASE("two workers - both are inside at the same time") {
    if (std::thread::hardware_concurrency() < 2) {
        MESSAGE("one processor: a second worker would only be in the way");
        return;
    }
    TwoWorkers workers;
    for (int round = 0; round < 20; ++round) {
        std::mutex mutex;
        std::condition_variable entered;
        std::array<std::thread::id, 2> inside{};
        std::size_t count = 0;
        bool met = true;
        // Each of the two first indices waits for the other: one thread alone would wait in vain.
        workers.run(2, true, [&](std::size_t /*index*/, std::size_t worker) {
            std::unique_lock lock(mutex);
            inside.at(worker) = std::this_thread::get_id();
            ++count;
            entered.notify_all();
            met = entered.wait_for(lock, support::kPatience, [&] { return count == 2; }) && met;
        });
        REQUIRE(met);
        CHECK(inside[0] == std::this_thread::get_id());
        CHECK(inside[1] != std::thread::id());
        CHECK(inside[1] != inside[0]);
    }
}

TEST_CASE("two workers - one that is not worth a second thread stays on its own and in order") {
    TwoWorkers workers;
    std::vector<std::size_t> order;
    workers.run(5, false, [&](std::size_t index, std::size_t worker) {
        CHECK(worker == 0);
        order.push_back(index);
    });
    CHECK(order == std::vector<std::size_t>{0, 1, 2, 3, 4});
    const auto caller = std::this_thread::get_id();
    workers.run(1, true, [&](std::size_t index, std::size_t worker) {
        CHECK(std::this_thread::get_id() == caller);
        order.push_back(index + worker);
    });
    CHECK(order.size() == 6);
    workers.run(0, true, [&](std::size_t, std::size_t) { order.clear(); });
    CHECK(order.size() == 6);
}

TEST_CASE("two workers - all is done when run returns") {
    TwoWorkers workers;
    for (int round = 0; round < 200; ++round) {
        std::vector<int> done(64); // not atomic: returning is what makes it visible
        workers.run(done.size(), true, [&](std::size_t index, std::size_t) { done[index] = 1; });
        REQUIRE(done == std::vector<int>(64, 1));
    }
}

TEST_CASE("two workers - they end with their object whether used or not") {
    for (int round = 0; round < 50; ++round) {
        const TwoWorkers unused;
        TwoWorkers used;
        std::atomic<int> sum = 0;
        used.run(2, true, [&](std::size_t index, std::size_t) { sum += static_cast<int>(index) + 1; });
        CHECK(sum == 3);
    }
}

TEST_CASE("two workers - one where other threads keep every other processor busy") {
    TwoWorkers workers;
    workers.set_busy_processors(std::thread::hardware_concurrency());
    std::vector<std::thread::id> by(1000);
    workers.run(by.size(), true, [&](std::size_t index, std::size_t worker) {
        CHECK(worker == 0);
        by.at(index) = std::this_thread::get_id();
    });
    CHECK(std::count(by.begin(), by.end(), std::this_thread::get_id()) == 1000);
}
