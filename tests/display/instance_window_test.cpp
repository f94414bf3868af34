// SPDX-License-Identifier: MIT
// One overlay on a desktop: a second start shows it, and --toggle hides and shows it.
#include "tests/display/window_scene.h"
#include "tests/support/wait.h"

#include <csignal>
#include <doctest/doctest.h>
#include <string>
#include <vector>

using portside::display_test::Listener;
using portside::display_test::WindowScene;
using portside::support::Child;
using portside::support::Outcome;
using portside::support::PolkitSandbox;
using portside::support::wait_until;

namespace {

// `portside` once more, to its end.
Outcome start_again(const WindowScene& scene, const std::vector<std::string>& words = {}) {
    std::vector<std::string> argv{PolkitSandbox::program("portside")};
    argv.insert(argv.end(), words.begin(), words.end());
    return scene.session().run(argv);
}

std::string focused(const WindowScene& scene) {
    return scene.session().xdotool({"getwindowfocus"});
}

} // namespace

TEST_SUITE("display") {
    TEST_CASE("a second start shows the window that is there and gives it the keyboard") {
        WindowScene scene;
        Listener target = scene.listener_of_caller();
        Child overlay = scene.open_overlay();
        const std::string focus = focused(scene);
        for (const bool minimised : {true, false}) {
            if (minimised) {
                scene.session().xdotool({"windowminimize", scene.window()});
            } else {
                CHECK(start_again(scene, {"--toggle"}).status == 0);
            }
            REQUIRE(wait_until([&] { return !scene.is_shown(); }));
            CHECK(overlay.running()); // hidden, not ended
            const Outcome second = start_again(scene);
            CHECK(second.status == 0);
            CHECK((second.output + second.errors).empty());
            CHECK(wait_until([&] { return scene.is_shown() && focused(scene) == focus; }));
        }
        // It is the same window at work: what is typed reaches it.
        scene.type("port:" + std::to_string(target.port));
        scene.press("Down");
        CHECK(scene.press_until_ended({"Delete"}, target.process));
        CHECK(overlay.running());
    }

    TEST_CASE("toggle opens the overlay where none runs and hides and shows it where one does") {
        WindowScene scene;
        Child overlay =
            scene.session().start({PolkitSandbox::program("portside"), "--toggle"},
                                  portside::support::window_environment(PolkitSandbox::program("no_dlclose.so")));
        scene.wait_for_window(overlay);
        for (int round = 0; round < 3; ++round) {
            CHECK(start_again(scene, {"--toggle"}).status == 0);
            CHECK(wait_until([&] { return !scene.is_shown(); }));
            CHECK(start_again(scene, {"--toggle"}).status == 0);
            CHECK(wait_until([&] { return scene.is_shown(); }));
        }
        CHECK(overlay.running());
    }

    TEST_CASE("without a session bus the overlay opens and says that a second start cannot find it") {
        WindowScene scene;
        Listener target = scene.listener_of_caller();
        Child overlay = scene.open_overlay_without_bus();
        scene.type("port:" + std::to_string(target.port));
        scene.press("Down");
        CHECK(scene.press_until_ended({"Delete"}, target.process));
        CHECK(overlay.running());
    }
}
