// SPDX-License-Identifier: MIT
// When a frame is drawn and how long the loop sleeps.
#include "app/shell/frame_policy.h"

#include <doctest/doctest.h>

using namespace std::chrono_literals;
using portside::shell::FramePolicy;
using portside::shell::SteadyTime;

namespace {

constexpr auto kInterval = 16ms;
const SteadyTime kStart = SteadyTime(1h);

// Draws all frames that are due until the policy wants to sleep for ever, and returns how many there were.
int draw_all(FramePolicy& policy, SteadyTime& now) {
    for (int frames = 0; frames < 1000; ++frames) {
        auto decision = policy.decide(now, std::nullopt);
        if (!decision.draw && !decision.until) {
            return frames;
        }
        if (!decision.draw) {
            now = *decision.until;
            decision = policy.decide(now, std::nullopt);
            REQUIRE(decision.draw);
        }
        policy.on_frame(now, false);
    }
    return -1;
}

} // namespace

TEST_CASE("a start and each event settle in three frames and then nothing is drawn") {
    FramePolicy policy(kInterval);
    SteadyTime now = kStart;
    CHECK(draw_all(policy, now) == 3);
    now += 1h;
    CHECK(draw_all(policy, now) == 0);
    policy.on_event();
    CHECK(draw_all(policy, now) == 3);
    policy.on_event();
    policy.on_event();
    CHECK(draw_all(policy, now) == 3);
}

TEST_CASE("after a rest an event is drawn at once and then one interval apart") {
    FramePolicy policy(kInterval);
    SteadyTime now = kStart;
    draw_all(policy, now);
    now += 10s;
    policy.on_event();
    CHECK(policy.decide(now, std::nullopt).draw);
    policy.on_frame(now, false);
    policy.on_event();
    const auto decision = policy.decide(now + 5ms, std::nullopt);
    CHECK_FALSE(decision.draw);
    REQUIRE(decision.until);
    CHECK(*decision.until == now + kInterval);
    CHECK(policy.decide(now + kInterval, std::nullopt).draw);
}

TEST_CASE("a deadline is slept for and drawn but never faster than the interval") {
    FramePolicy policy(kInterval);
    SteadyTime now = kStart;
    draw_all(policy, now);
    now += 1s;
    const auto sleep = policy.decide(now, now + 2s);
    CHECK_FALSE(sleep.draw);
    CHECK(*sleep.until == now + 2s);
    now += 2s;
    REQUIRE(policy.decide(now, now).draw);
    policy.on_frame(now, false);
    // A deadline that lies in the past, as an animation's does, waits for the interval.
    const auto next = policy.decide(now, now - 1s);
    CHECK_FALSE(next.draw);
    CHECK(*next.until == now + kInterval);
}

TEST_CASE("the nearer of settling and deadline counts") {
    FramePolicy policy(kInterval);
    policy.on_frame(kStart, false);
    const auto decision = policy.decide(kStart, kStart + 1h);
    CHECK_FALSE(decision.draw);
    CHECK(*decision.until == kStart + kInterval);
}

TEST_CASE("input that waits is drawn without waiting for the interval") {
    FramePolicy policy(kInterval);
    for (int frame = 0; frame < 26; ++frame) {
        CHECK(policy.decide(kStart, std::nullopt).draw);
        policy.on_frame(kStart, true);
    }
    policy.on_frame(kStart, false);
    CHECK_FALSE(policy.decide(kStart, std::nullopt).draw);
}

TEST_CASE("a hidden window has no frames whatever is due and is painted when it comes back") {
    FramePolicy policy(kInterval);
    SteadyTime now = kStart;
    draw_all(policy, now);
    policy.set_visible(false);
    policy.on_event();
    const auto hidden = policy.decide(now, now - 1s);
    CHECK_FALSE(hidden.draw);
    CHECK_FALSE(hidden.until);
    policy.set_visible(true);
    now += 1s;
    CHECK(draw_all(policy, now) == 3);
}
