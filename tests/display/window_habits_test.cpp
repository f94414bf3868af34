// SPDX-License-Identifier: MIT
// How the window behaves as a program: it opens and quits as it should, keeps what was arranged where it belongs, and
// rests while nothing happens.
#include "tests/display/window_scene.h"

#include <algorithm>
#include <chrono>
#include <doctest/doctest.h>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>
#include <unistd.h>

using portside::display_test::content;
using portside::display_test::Listener;
using portside::display_test::WindowScene;
using portside::support::Child;
using portside::support::Outcome;
using portside::support::PolkitSandbox;
using portside::support::Rule;

namespace {

// Processor time that a process has used, of all its threads: fields 14 and 15 of /proc/PID/stat.
std::chrono::milliseconds processor_time(pid_t pid) {
    const std::string stat = content("/proc/" + std::to_string(pid) + "/stat");
    std::istringstream fields(stat.substr(stat.rfind(')') + 1));
    std::string skipped;
    for (int number = 3; number < 14; ++number) {
        fields >> skipped;
    }
    long user = 0;
    long system = 0;
    fields >> user >> system;
    return std::chrono::milliseconds((user + system) * 1000 / sysconf(_SC_CLK_TCK));
}

// Clicks on the header of the processes' names until it shows; the headers lie somewhere in the window's upper part.
template <typename Predicate>
bool click_headers_until(const WindowScene& scene, Predicate holds) {
    for (int round = 0; round < 3; ++round) {
        for (int y = 122; y < 200; y += 12) {
            scene.click(300, y);
            if (portside::support::wait_until(holds, std::chrono::milliseconds(700))) {
                return true;
            }
        }
    }
    return false;
}

} // namespace

TEST_SUITE("display") {
    TEST_CASE("the window says what it is") {
        WindowScene scene;
        Child overlay = scene.open_overlay();
        CHECK(scene.session().title(scene.window()) == "Portside");
        const std::string state = scene.session().run({"xprop", "-id", scene.window(), "_NET_WM_STATE"}).output;
        CHECK(state.find("_NET_WM_STATE_ABOVE") != std::string::npos);
    }

    TEST_CASE("without a session bus Escape clears the filter first and then quits with 0") {
        WindowScene scene;
        Child overlay = scene.open_overlay_without_bus();
        scene.type("node");
        scene.press("Escape");
        CHECK_FALSE(overlay.wait(std::chrono::milliseconds(500)));
        scene.press("Escape");
        CHECK(overlay.wait() == 0);
        INFO(overlay.errors());
        CHECK(overlay.errors().empty());
    }

    TEST_CASE("without a session bus the window managers close button quits with 0") {
        WindowScene scene;
        Child overlay = scene.open_overlay_without_bus();
        scene.press("alt+F4");
        CHECK(overlay.wait() == 0);
    }

    TEST_CASE("without a display one sentence names portside list and the exit code is 1") {
        const PolkitSandbox sandbox(Rule::no);
        const Outcome outcome = sandbox.run(sandbox.caller(), {PolkitSandbox::program("portside")});
        CHECK(outcome.status == 1);
        CHECK(outcome.output.empty());
        CHECK(outcome.errors.find("portside list") != std::string::npos);
        CHECK(std::count(outcome.errors.begin(), outcome.errors.end(), '\n') == 1);
    }

    TEST_CASE("with a display that does not answer one sentence names portside list and the exit code is 1") {
        const PolkitSandbox sandbox(Rule::no);
        const Outcome outcome =
            sandbox.run(sandbox.caller(), {"env", "DISPLAY=:77", PolkitSandbox::program("portside")});
        CHECK(outcome.status == 1);
        CHECK(outcome.output.empty());
        CHECK(outcome.errors.find("portside list") != std::string::npos);
        CHECK(std::count(outcome.errors.begin(), outcome.errors.end(), '\n') == 1);
    }

    TEST_CASE("the arrangement of columns is kept in the state folder and the working directory stays clean") {
        WindowScene scene;
        Listener listener = scene.listener_of_caller();
        const std::string kept = scene.session().file("state/portside/window.toml");
        {
            Child overlay = scene.open_overlay();
            CHECK(content(kept).empty()); // nothing was arranged yet
            REQUIRE(click_headers_until(scene, [&] { return !content(kept).empty(); }));
            CHECK(scene.untouched(listener));
            scene.press("ctrl+q");
            CHECK(overlay.wait() == 0);
        }
        const std::string shown = "name = \"pid\"\nvisible = true";
        const std::string hidden = "name = \"pid\"\nvisible = false";
        std::string arranged = content(kept);
        CHECK(arranged.find("by = \"process\"") != std::string::npos);
        REQUIRE(arranged.find(shown) != std::string::npos);
        arranged.replace(arranged.find(shown), shown.size(), hidden);
        std::ofstream(kept) << arranged;
        {
            Child overlay = scene.open_overlay();
            REQUIRE(click_headers_until(scene, [&] { return content(kept) != arranged; }));
            scene.press("ctrl+q");
            CHECK(overlay.wait() == 0);
        }
        CHECK(content(kept).find(hidden) != std::string::npos); // it was read, and written again with the new order
        CHECK_FALSE(std::filesystem::exists(scene.session().file("imgui.ini")));
        CHECK_FALSE(std::filesystem::exists(scene.session().file("home/imgui.ini")));
    }

    TEST_CASE("a window that nobody touches rests") {
        WindowScene scene;
        Listener listener = scene.listener_of_caller();
        Child overlay = scene.open_overlay();
        const auto used_in = [&](std::chrono::milliseconds time) {
            const auto before = processor_time(overlay.pid());
            std::this_thread::sleep_for(time); // the time over which is measured, not a wait
            return processor_time(overlay.pid()) - before;
        };
        // A busy loop takes all of a processor; scanning once a second and drawing nothing takes next to none of it.
        const std::chrono::milliseconds bound(PORTSIDE_SANITIZED ? 1200 : 500);
        CHECK(portside::support::wait_until([&] { return used_in(std::chrono::seconds(2)) < bound; },
                                            std::chrono::seconds(20)));
        CHECK(overlay.running());
    }
}
