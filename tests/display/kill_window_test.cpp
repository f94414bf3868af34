// SPDX-License-Identifier: MIT
// The overlay's main job in the real window: type a port, kill what holds it, touch nothing else.
#include "tests/display/window_scene.h"

#include <csignal>
#include <doctest/doctest.h>

using portside::display_test::Listener;
using portside::display_test::WindowScene;
using portside::support::Child;

TEST_SUITE("display") {
    TEST_CASE("type a port and press Delete in the table - the listener ends and nothing else does") {
        WindowScene scene;
        Listener before = scene.listener_of_caller();
        Listener target = scene.listener_of_caller();
        Listener after = scene.listener_of_caller();
        Child overlay = scene.open_overlay();

        scene.type("port:" + std::to_string(target.port));
        scene.press("Down");
        const bool ended = scene.press_until_ended({"Delete"}, target.process);
        INFO("the overlay said: " << overlay.output() << overlay.errors());
        REQUIRE(ended);
        CHECK(target.process.wait() == 128 + SIGTERM);
        CHECK_FALSE(scene.sandbox().listens(target.port));
        CHECK(scene.untouched(before));
        CHECK(scene.untouched(after));
        CHECK(overlay.running());
    }

    TEST_CASE("one click on a rows Kill button ends the listener and nothing else") {
        WindowScene scene;
        Listener before = scene.listener_of_caller();
        Listener target = scene.listener_of_caller();
        Listener after = scene.listener_of_caller();
        Child overlay = scene.open_overlay();

        scene.type("port:" + std::to_string(target.port));
        // The button stands at the row's right end; the row lies below the headers.
        bool ended = false;
        for (int round = 0; round < 3 && !ended; ++round) {
            for (int y = 100; y < 260 && !ended; y += 12) {
                scene.click(scene.width() - 40, y);
                ended = target.process.wait(std::chrono::milliseconds(600)).has_value();
            }
        }
        INFO("the overlay said: " << overlay.output() << overlay.errors());
        REQUIRE(ended);
        CHECK(target.process.wait() == 128 + SIGTERM);
        CHECK_FALSE(scene.sandbox().listens(target.port));
        CHECK(scene.untouched(before));
        CHECK(scene.untouched(after));
        CHECK(overlay.running());
    }

    TEST_CASE("Delete in the filter edits the text and kills nobody") {
        WindowScene scene;
        Listener target = scene.listener_of_caller();
        Child overlay = scene.open_overlay();

        scene.type("port:" + std::to_string(target.port));
        for (int round = 0; round < 5; ++round) {
            scene.press("Delete");
            scene.press("Return");
            CHECK_FALSE(target.process.wait(std::chrono::milliseconds(300)));
        }
        CHECK(scene.untouched(target));
        // And the same keys in the same window do kill where the table has the focus: the window did hear them.
        scene.press("Down");
        CHECK(scene.press_until_ended({"Delete"}, target.process));
        CHECK(overlay.running());
    }

    TEST_CASE("another users listener cannot be killed without an administrator") {
        WindowScene scene(portside::support::Rule::no);
        Listener own = scene.listener_of_caller();
        Listener target = scene.listener_of_other_user();
        Child overlay = scene.open_overlay();

        scene.type("port:" + std::to_string(target.port));
        scene.press("Down");
        CHECK_FALSE(scene.press_until_ended({"Delete", "Return"}, target.process, 4));
        CHECK(scene.untouched(target));
        CHECK(scene.untouched(own));
        CHECK(overlay.running());
    }
}
