// SPDX-License-Identifier: MIT
// Rows in groups, and the connections of a row, in the real window.
#include "tests/display/desk.h"
#include "tests/support/wait.h"

#include <doctest/doctest.h>
#include <string>
#include <utility>

using portside::display_test::Desk;
using portside::display_test::kBetweenLooks;
using portside::display_test::Listener;
using portside::display_test::WindowScene;
using portside::support::Child;
using portside::support::PolkitSandbox;
using portside::support::wait_until;

namespace {

Child server(const WindowScene& scene, const std::string& kind) {
    return scene.sandbox().start(scene.sandbox().caller(), {PolkitSandbox::program("test_server"), kind});
}

bool is_kept(const Desk& desk, const std::string& grouping) {
    return wait_until([&] { return desk.state().find("[groups]\nby = \"" + grouping + "\"\n") != std::string::npos; });
}

// What stands in the second line of the list, below the names of the processes.
std::string second_line(const WindowScene& scene) {
    return scene.session()
        .run({"import", "-window", scene.window(), "-crop", "240x20+190+186", "-depth", "8", "txt:-"})
        .output;
}

// Waits until that line has stood still for some looks and is another one than `before`.
std::string second_line_after(const WindowScene& scene, const std::string& before) {
    constexpr int kStill = 4;
    std::string last;
    int still = 0;
    CHECK(wait_until(
        [&] {
            std::string now = second_line(scene);
            still = now == last && now != before ? still + 1 : 0;
            last = std::move(now);
            return still == kStill;
        },
        portside::support::kPatience, kBetweenLooks));
    return last;
}

} // namespace

TEST_SUITE("display") {
    TEST_CASE("how rows are grouped is remembered by the next start") {
        Desk desk;
        Listener listener = desk.listener_of_caller();
        {
            Child overlay = desk.open_overlay();
            desk.press("ctrl+g");
            CHECK(is_kept(desk, "process"));
            CHECK(desk.quit(overlay));
        }
        {
            Child overlay = desk.open_overlay();
            desk.press("ctrl+g"); // on from there
            CHECK(is_kept(desk, "project"));
            CHECK(desk.quit(overlay));
        }
        Child overlay = desk.open_overlay();
        desk.press("ctrl+g");
        CHECK(is_kept(desk, "nothing"));
        CHECK(desk.untouched(listener));
    }

    TEST_CASE("a process is ended on the line of its group and a project is not") {
        WindowScene scene;
        Listener other = scene.listener_of_caller();
        Child wanted = server(scene, "two");
        const std::string port = wanted.first_line();
        wanted.expect("\n"); // the second one
        Child overlay = scene.open_overlay();
        scene.type("test_server");
        scene.press("ctrl+g");
        scene.press("ctrl+g"); // by project: all of these are without
        scene.press("Down");
        for (int i = 0; i < 3; ++i) {
            scene.press("Delete");
            CHECK_FALSE(wanted.wait(std::chrono::milliseconds(500)).has_value());
        }
        scene.press("ctrl+g");
        scene.press("ctrl+g"); // by process
        scene.press("Home");
        scene.press("Left"); // folded: its line is all there is
        CHECK(scene.press_until_ended({"Delete"}, wanted));
        CHECK(scene.untouched(other));
    }

    TEST_CASE("the connections of a row show a real client and no longer when it has closed") {
        WindowScene scene;
        Child wanted = server(scene, "answering");
        const std::string port = wanted.first_line();
        Child overlay = scene.open_overlay();
        scene.type("port:" + port);
        scene.press("Down");
        const std::string folded = second_line_after(scene, {});
        scene.press("ctrl+e");
        const std::string none = second_line_after(scene, folded);
        const std::string client_program = "exec 3<>/dev/tcp/127.0.0.1/" + port + "; echo there; read -r _";
        Child client = scene.sandbox().start(scene.sandbox().caller(), {"/bin/bash", "-c", client_program});
        client.expect("there\n");
        const std::string connected = second_line_after(scene, none);
        const bool is_folded = connected == folded; // pixels say nothing in a failure's text
        CHECK_FALSE(is_folded);
        client.close_input();
        CHECK(client.wait().has_value());
        CHECK(wait_until([&] { return second_line(scene) == none; }, portside::support::kPatience, kBetweenLooks));
        scene.press("ctrl+e");
        CHECK(wait_until([&] { return second_line(scene) == folded; }, portside::support::kPatience, kBetweenLooks));
        CHECK(overlay.running());
    }
}
