// SPDX-License-Identifier: MIT
// The theme follows the desktop's preference, live, in the real window's pixels.
#include "tests/display/window_scene.h"
#include "tests/support/wait.h"

#include <doctest/doctest.h>
#include <filesystem>
#include <fstream>

using portside::display_test::kBetweenLooks;
using portside::display_test::WindowScene;
using portside::support::Child;
using portside::support::PolkitSandbox;
using portside::support::wait_until;

namespace {

Child portal(const WindowScene& scene, const std::string& value) {
    Child started = scene.session().start({PolkitSandbox::program("test_portal"), value});
    started.expect("ready\n");
    return started;
}

// Whether the window's ground, left of the list, gets that colour.
bool becomes(const WindowScene& scene, const std::string& rgb) {
    return wait_until(
        [&] {
            const auto looked = scene.session().run(
                {"import", "-window", scene.window(), "-crop", "1x1+5+300", "-depth", "8", "txt:-"});
            return looked.output.find("#" + rgb) != std::string::npos;
        },
        portside::support::kPatience, kBetweenLooks);
}

constexpr const char* kDark = "14161B";
constexpr const char* kLight = "FBFBFD";

} // namespace

TEST_SUITE("display") {
    TEST_CASE("the theme follows the desktop live and while it is hidden") {
        WindowScene scene;
        Child desktop = portal(scene, "2");
        Child overlay = scene.open_overlay();
        CHECK(becomes(scene, kLight));
        desktop.write("1\n");
        CHECK(becomes(scene, kDark));
        desktop.write("2\n");
        CHECK(becomes(scene, kLight));
        const auto toggle = [&] {
            return scene.session().run({PolkitSandbox::program("portside"), "--toggle"}).status;
        };
        CHECK(toggle() == 0);
        REQUIRE(wait_until([&] { return !scene.is_shown(); }));
        desktop.write("0\n"); // no preference: dark
        CHECK(toggle() == 0);
        REQUIRE(wait_until([&] { return scene.is_shown(); }));
        CHECK(becomes(scene, kDark));
        CHECK(overlay.running());
    }

    TEST_CASE("without a portal the window is dark and becomes light when one comes that says so") {
        WindowScene scene;
        Child overlay = scene.open_overlay();
        CHECK(becomes(scene, kDark));
        Child desktop = portal(scene, "2");
        CHECK(becomes(scene, kLight));
    }

    TEST_CASE("a theme that was chosen stays whatever the desktop says") {
        WindowScene scene;
        std::filesystem::create_directories(scene.session().file("config/portside"));
        std::ofstream(scene.session().file("config/portside/config.toml")) << "theme = \"light\"\n";
        Child desktop = portal(scene, "1");
        Child overlay = scene.open_overlay();
        CHECK(becomes(scene, kLight));
        desktop.write("0\n");
        desktop.write("1\n");
        CHECK(becomes(scene, kLight));
    }
}
