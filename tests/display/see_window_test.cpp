// SPDX-License-Identifier: MIT
// What helps to see, in the real window: projects are found by their folders, and a filter that hides everything is
// cleared by Enter.
#include "tests/display/window_scene.h"

#include <doctest/doctest.h>
#include <filesystem>
#include <string>

using portside::display_test::Listener;
using portside::display_test::WindowScene;
using portside::support::Child;
using portside::support::PolkitSandbox;

namespace {

// A listener that works in this folder.
Child listener_in(const WindowScene& scene, const std::string& folder) {
    return scene.sandbox().start(scene.sandbox().caller(), {"/bin/sh", "-c", "cd \"$1\" && exec \"$2\"", "sh", folder,
                                                            PolkitSandbox::program("test_listener")});
}

} // namespace

TEST_SUITE("display") {
    TEST_CASE("a process is found by the project that it works on and ended") {
        WindowScene scene;
        const std::string outside = scene.session().file("corner-shop"); // as it is called from outside of the sandbox
        std::filesystem::create_directories(outside + "/.git");
        std::filesystem::create_directories(outside + "/web/src");
        const std::string project = outside.substr(outside.find("/tmp/"));
        Listener other = scene.listener_of_caller();
        Child wanted = listener_in(scene, project + "/web/src");
        const int port = std::stoi(wanted.first_line());
        CHECK(scene.list(port).find("\"project\":\"" + project + "\"") != std::string::npos);
        Child overlay = scene.open_overlay();
        scene.type("project:corner-shop");
        scene.press("Down");
        CHECK(scene.press_until_ended({"Delete"}, wanted));
        CHECK(scene.untouched(other));
    }

    TEST_CASE("Enter clears a filter that hides everything") {
        WindowScene scene;
        Listener listener = scene.listener_of_caller();
        Child overlay = scene.open_overlay();
        scene.type("nothing-is-called-so");
        scene.press("Return");
        scene.type("port:" + std::to_string(listener.port));
        scene.press("Down");
        CHECK(scene.press_until_ended({"Delete"}, listener.process));
    }
}
