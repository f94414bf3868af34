// SPDX-License-Identifier: MIT
// core/jobs/event_loop: who is called, and who is not any more.
#include "core/base/unique_fd.h"
#include "core/jobs/event_loop.h"

#include <doctest/doctest.h>
#include <sys/eventfd.h>
#include <vector>

using namespace std::chrono_literals;
using portside::base::UniqueFd;
using portside::jobs::EventLoop;

namespace {
UniqueFd readable() {
    return UniqueFd(::eventfd(1, EFD_CLOEXEC | EFD_NONBLOCK));
}
} // namespace

TEST_CASE("event_loop - calls what is readable each turn until the watch ends") {
    EventLoop loop;
    const auto ready = readable();
    const UniqueFd quiet(::eventfd(0, EFD_CLOEXEC));
    int calls = 0;
    int quiet_calls = 0;
    auto watch = loop.when_readable(ready.get(), [&] { ++calls; });
    const auto other = loop.when_readable(quiet.get(), [&] { ++quiet_calls; });
    loop.turn(0ms);
    loop.turn(0ms);
    CHECK(calls == 2);
    watch.end();
    loop.turn(0ms);
    CHECK(calls == 2);
    CHECK(quiet_calls == 0);
}

TEST_CASE("event_loop - a handler may end its own watch and that of another that is ready too") {
    EventLoop loop;
    const auto first = readable();
    const auto second = readable();
    int first_calls = 0;
    int second_calls = 0;
    EventLoop::Watch one;
    EventLoop::Watch two;
    one = loop.when_readable(first.get(), [&, text = std::vector<int>(1000, 7)] {
        one.end();
        two.end();
        first_calls += text.back(); // its own captures live on while it runs
    });
    two = loop.when_readable(second.get(), [&] { ++second_calls; });
    loop.turn(0ms);
    loop.turn(0ms);
    CHECK(first_calls == 7);
    CHECK(second_calls == 0);
}

TEST_CASE("event_loop - a deadline is called once not before its time and ends the wait") {
    EventLoop loop;
    int calls = 0;
    const auto deadline = EventLoop::Clock::now() + 20ms;
    const auto watch = loop.at(deadline, [&] { ++calls; });
    const auto far = loop.at(EventLoop::Clock::now() + 1h, [&] { calls += 100; });
    while (calls == 0) {
        loop.turn(std::nullopt);
    }
    CHECK(EventLoop::Clock::now() >= deadline);
    loop.turn(0ms);
    CHECK(calls == 1);
}

TEST_CASE("event_loop - a handler may set its own deadline anew") {
    EventLoop loop;
    int calls = 0;
    EventLoop::Watch watch;
    std::function<void()> again = [&] {
        if (++calls < 3) {
            watch = loop.at(EventLoop::Clock::now(), again);
        }
    };
    watch = loop.at(EventLoop::Clock::now(), again);
    for (int turn = 0; turn < 5; ++turn) {
        loop.turn(0ms);
    }
    CHECK(calls == 3);
}

TEST_CASE("event_loop - a watch that was replaced or moved from ends only itself") {
    EventLoop loop;
    const auto ready = readable();
    std::vector<int> calls;
    auto watch = loop.when_readable(ready.get(), [&] { calls.push_back(1); });
    watch = loop.when_readable(ready.get(), [&] { calls.push_back(2); });
    {
        EventLoop::Watch moved = std::move(watch);
        loop.turn(0ms);
    }
    loop.turn(0ms);
    CHECK(calls == std::vector<int>{2});
}
