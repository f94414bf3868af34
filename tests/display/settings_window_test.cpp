// SPDX-License-Identifier: MIT
// The settings card in the real window: what it changes at once, what stays when the window is hidden, and what is
// kept.
#include "tests/display/desk.h"
#include "tests/support/wait.h"

#include <doctest/doctest.h>
#include <filesystem>
#include <string>

using portside::display_test::Desk;
using portside::support::Child;
using portside::support::wait_until;

namespace {

// Rows of the card, from its first one.
constexpr int kTheme = 0;
constexpr int kOpacity = 1;
constexpr int kOnTop = 2;
constexpr int kFrame = 3;
constexpr int kAutostart = 4;
constexpr int kRefresh = 6;

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

void toggle(const Desk& desk, bool shown) {
    Child other = desk.start({"--toggle"});
    CHECK(other.wait() == 0);
    REQUIRE(wait_until([&] { return desk.session().find_window("portside").has_value() == shown; }));
}

} // namespace

TEST_SUITE("display") {
    TEST_CASE("the settings card changes the window and keeps the persons file") {
        Desk desk("# my own words\nrefresh_seconds = 2.50   # slow\n");
        Child overlay = desk.open_overlay();
        REQUIRE(wait_until([&] { return desk.is_above(); }));
        desk.open_settings(kOnTop);
        desk.press("Return");
        CHECK(wait_until([&] { return !desk.is_above(); }));
        const std::string changed = "# my own words\nrefresh_seconds = 2.50   # slow\nalways_on_top = false\n";
        CHECK(wait_until([&] { return desk.config() == changed; }));
        desk.press("Escape"); // the card, and not the window
        toggle(desk, false);
        toggle(desk, true);
        CHECK_FALSE(desk.is_above());
        desk.session().focus(desk.window());
        desk.open_settings(kOnTop);
        desk.press("Return");
        CHECK(wait_until([&] { return desk.is_above(); }));
        desk.press("Escape");
        for (int round = 0; round < 2; ++round) { // and again after each show
            toggle(desk, false);
            toggle(desk, true);
            CHECK(wait_until([&] { return desk.is_above(); }));
        }
        desk.session().focus(desk.window());
        desk.open_settings(kRefresh);
        desk.press("Right"); // 2.5 s is none of the choices: the first one
        CHECK(wait_until([&] { return has(desk.config(), "\nrefresh_seconds = 0.5   # slow\n"); }));
        CHECK(desk.config().starts_with("# my own words\n"));
        CHECK(desk.quit(overlay));
    }

    TEST_CASE("a malformed configuration is never written over and the change applies all the same") {
        const std::string broken = "theme = pink # mine\n";
        Desk desk(broken);
        Child overlay = desk.open_overlay();
        REQUIRE(wait_until([&] { return desk.is_above(); }));
        desk.open_settings(kOnTop);
        desk.press("Return");
        CHECK(wait_until([&] { return !desk.is_above(); }));
        CHECK(desk.quit(overlay));
        CHECK(desk.config() == broken);
    }

    TEST_CASE("the theme is light at once and after a restart") {
        Desk desk;
        const std::string picture = desk.session().file("shot.png");
        const auto is_light = [&] { // the colour of a place where nothing is drawn
            desk.session().screenshot(picture);
            const auto place = desk.settled();
            const std::string point =
                "%[pixel:p{" + std::to_string(place.x + place.width / 2) + "," + std::to_string(place.y + 8) + "}]";
            const std::string at =
                desk.session()
                    .run({"convert", desk.session().folder() + "/screen.png", "-format", point, "info:"})
                    .output;
            return has(at, "251,251,253") || has(at, "FBFBFD") || has(at, "98.4");
        };
        {
            Child overlay = desk.open_overlay();
            CHECK_FALSE(is_light());
            desk.open_settings(kTheme);
            desk.press("Right");
            desk.press("Right");
            CHECK(wait_until([&] { return has(desk.config(), "theme = \"light\"\n"); }));
            desk.press("Escape");
            CHECK(wait_until(is_light, portside::support::kPatience, std::chrono::milliseconds(300)));
            CHECK(desk.quit(overlay));
        }
        Child overlay = desk.open_overlay();
        CHECK(wait_until(is_light, portside::support::kPatience, std::chrono::milliseconds(300)));
    }

    TEST_CASE("opacity applies while a compositor runs and is kept") {
        Desk desk("opacity = 80\n");
        Child overlay = desk.open_overlay();
        const std::string eighty = "= 34359"; // of 2^32 - 1, and more digits
        CHECK(wait_until([&] { return has(desk.property("_NET_WM_WINDOW_OPACITY"), eighty); }));
        desk.open_settings(kOpacity);
        desk.press("Left"); // without a compositor it does nothing; a slow window may see it when one runs
        desk.press("Escape");
        Child compositor = desk.session().start({"xcompmgr"});
        const auto faded = [&] {
            desk.open_settings(kOpacity);
            desk.press("Left");
            desk.press("Escape");
            return !has(desk.config(), "opacity = 80\n");
        };
        CHECK(wait_until(faded, portside::support::kPatience, std::chrono::milliseconds(300)));
        CHECK(wait_until([&] { return !has(desk.property("_NET_WM_WINDOW_OPACITY"), eighty); }));
    }

    TEST_CASE("the window has no frame until it is asked for") {
        Desk desk;
        Child overlay = desk.open_overlay();
        const auto framed = [&] { return !has(desk.property("_NET_FRAME_EXTENTS"), "= 0, 0, 0, 0"); };
        CHECK(wait_until([&] { return !framed(); }));
        desk.open_settings(kFrame);
        desk.press("Return");
        CHECK(wait_until(framed));
        desk.press("Return");
        CHECK(wait_until([&] { return !framed(); }));
    }

    TEST_CASE("the autostart switch writes and removes the desktops file") {
        Desk desk;
        Child overlay = desk.open_overlay();
        CHECK(desk.autostart().empty());
        desk.open_settings(kAutostart);
        desk.press("Return");
        CHECK(wait_until([&] { return has(desk.autostart(), "/portside --start-hidden\n"); }));
        desk.press("Down"); // start hidden
        desk.press("Left");
        CHECK(wait_until([&] { return has(desk.autostart(), "/portside\n"); }));
        desk.press("Up");
        desk.press("Return");
        CHECK(wait_until([&] { return desk.autostart().empty(); }));
        CHECK_FALSE(std::filesystem::exists(desk.session().file("config/autostart/org.portside.Portside.desktop")));
    }

    TEST_CASE("started hidden it waits until it is asked for") {
        Desk desk;
        Child overlay = desk.start({"--start-hidden"});
        const auto owned = [&] {
            return has(desk.session()
                           .run({"dbus-send", "--session", "--print-reply", "--dest=org.freedesktop.DBus", "/",
                                 "org.freedesktop.DBus.NameHasOwner", "string:org.portside.Portside"})
                           .output,
                       "boolean true");
        };
        REQUIRE(wait_until(owned, portside::support::kPatience, std::chrono::milliseconds(200)));
        Child again = desk.start({"--start-hidden"}); // leaves it as it is, and comes back when it has taken it in
        CHECK(again.wait() == 0);
        CHECK_FALSE(desk.session().find_window("portside").has_value());
        CHECK(overlay.running());
        Child second = desk.start({});
        CHECK(second.wait() == 0);
        desk.wait_for_window(overlay);
        CHECK(desk.is_above());
    }

    TEST_CASE("without a session bus a hidden start shows the window") {
        Desk desk;
        Child overlay = desk.start({"--start-hidden"}, {"DBUS_SESSION_BUS_ADDRESS=", "XDG_RUNTIME_DIR="});
        desk.wait_for_window(overlay);
        CHECK(overlay.running());
    }
}
