// SPDX-License-Identifier: MIT
// app/overlay/wake_relay: wakes reach the window once there is one, and end a wait before.
#include "app/overlay/wake_relay.h"

#include <atomic>
#include <doctest/doctest.h>
#include <thread>

using portside::overlay::WakeRelay;
using namespace std::chrono_literals;

TEST_CASE("a wake reaches the target while there is one") {
    WakeRelay relay;
    int woken = 0;
    relay.wake();
    relay.connect([&] { ++woken; });
    CHECK(woken == 0);
    relay.wake();
    CHECK(woken == 1);
    relay.connect({});
    relay.wake();
    CHECK(woken == 1);
}

TEST_CASE("a wait ends with the wake that makes its condition hold and with its limit where none does") {
    WakeRelay relay;
    std::atomic<int> news = 0;
    const std::jthread other([&] {
        relay.wake();
        news = 1;
        relay.wake();
    });
    relay.wait_for(24h, [&] { return news == 1; });
    CHECK(news == 1);
    relay.wait_for(1ms, [] { return false; });
    relay.wait_for(24h, [] { return true; });
}
