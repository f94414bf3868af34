// SPDX-License-Identifier: MIT
// The window without a frame: dragged, resized, found again where it was, never off the screen, and as large as the
// scale says.
#include "tests/display/desk.h"
#include "tests/support/wait.h"

#include <algorithm>
#include <cstdlib>
#include <doctest/doctest.h>
#include <string>

using portside::display_test::Desk;
using portside::display_test::Geometry;
using portside::support::Child;
using portside::support::wait_until;

namespace {

constexpr int kScreenWidth = 1600;
constexpr int kScreenHeight = 1000;

// Window managers move windows in steps of their own at screen edges.
bool near(int a, int b) {
    return std::abs(a - b) <= 3;
}

bool is_moved(const Geometry& before, const Geometry& now, int x, int y) {
    return near(now.x, before.x + x) && near(now.y, before.y + y) && now.width == before.width &&
           now.height == before.height;
}

// Drags from nothing above the search field until the window has moved.
bool drag_by(const Desk& desk, int x, int y) {
    const Geometry before = desk.settled();
    for (int attempt = 0; attempt < 5; ++attempt) {
        desk.drag(before.width / 2, 12, x, y);
        const Geometry now = desk.settled();
        if (now != before) {
            return is_moved(before, now, x, y);
        }
        // The hand was through before a slow frame had seen it: nothing was moved.
    }
    return false;
}

} // namespace

TEST_SUITE("display") {
    TEST_CASE("the window is dragged and resized and found again where it was") {
        Desk desk;
        Geometry kept;
        {
            Child overlay = desk.open_overlay();
            REQUIRE(drag_by(desk, -120, 90));
            const Geometry moved = desk.settled();
            desk.drag(moved.width - 3, moved.height - 3, -150, -100);
            CHECK(wait_until([&] {
                const Geometry now = desk.geometry();
                return near(now.width, moved.width - 150) && near(now.height, moved.height - 100) && now.x == moved.x &&
                       now.y == moved.y;
            }));
            desk.drag(2, 250, -40, 0); // the left edge
            CHECK(wait_until([&] { return near(desk.geometry().width, moved.width - 110); }));
            kept = desk.settled();
            CHECK(near(kept.x, moved.x - 40));
            // It is noted a moment after it stood still, though nothing else happens.
            CHECK(wait_until([&] {
                return desk.state().find("width = " + std::to_string(kept.width) + ".00") != std::string::npos;
            }));
            CHECK(desk.quit(overlay));
        }
        Child overlay = desk.open_overlay();
        CHECK(wait_until([&] { return desk.geometry() == kept; }));
        // And where it was when it is shown again.
        Child hide = desk.start({"--toggle"});
        CHECK(hide.wait() == 0);
        REQUIRE(wait_until([&] { return !desk.session().find_window("portside").has_value(); }));
        Child show = desk.start({"--toggle"});
        CHECK(show.wait() == 0);
        CHECK(wait_until([&] { return desk.session().find_window("portside").has_value(); }));
        CHECK(wait_until([&] { return desk.geometry() == kept; }));
    }

    TEST_CASE("a window manager that moves nothing by itself is not needed") {
        Desk desk;
        REQUIRE(desk.session().run({"xprop", "-root", "-remove", "_NET_SUPPORTED"}).status == 0);
        Child overlay = desk.open_overlay();
        CHECK(drag_by(desk, -60, 80));
        const Geometry before = desk.settled();
        desk.drag(before.width - 3, 250, -90, 0);
        CHECK(wait_until([&] { return near(desk.geometry().width, before.width - 90); }));
        CHECK(desk.geometry().height == before.height);
    }

    TEST_CASE("a click on nothing moves nothing and a double click fills the screen") {
        Desk desk;
        Child overlay = desk.open_overlay();
        const Geometry before = desk.settled();
        desk.click(before.width / 2, 12);
        desk.session().xdotool({"mousemove_relative", "--", "120", "150"}); // with no button held
        CHECK(desk.settled() == before);
        const auto maximised = [&] {
            return desk.property("_NET_WM_STATE").find("_NET_WM_STATE_MAXIMIZED_VERT") != std::string::npos;
        };
        const auto double_click = [&] {
            const Geometry now = desk.geometry();
            desk.session().xdotool({"mousemove", "--window", desk.window(), std::to_string(now.width / 2), "12",
                                    "sleep", "0.5", "click", "--repeat", "2", "--delay", "60", "1"});
        };
        CHECK(wait_until([&] {
            double_click();
            return wait_until(maximised, std::chrono::seconds(2));
        }));
        CHECK(desk.settled().width == kScreenWidth);
        REQUIRE(wait_until([&] { return desk.state().find("maximised = true") != std::string::npos; }));
        CHECK(desk.quit(overlay));
        Child again = desk.open_overlay();
        CHECK(wait_until(maximised));
        CHECK(wait_until([&] {
            double_click();
            return wait_until([&] { return !maximised(); }, std::chrono::seconds(2));
        }));
        CHECK(wait_until([&] { return desk.geometry() == before; }));
    }

    TEST_CASE("a place beyond the screen is pulled in whole") {
        Desk desk;
        std::string state;
        {
            Child overlay = desk.open_overlay();
            REQUIRE(drag_by(desk, 50, 50));
            REQUIRE(wait_until([&] { return desk.state().find("[[places]]") != std::string::npos; }));
            CHECK(desk.quit(overlay));
            state = desk.state();
        }
        const auto replace = [&](const std::string& key, const std::string& value) {
            const auto at = state.find(key, state.find("[[places]]"));
            state.replace(at, state.find('\n', at) - at, key + value);
        };
        replace("x = ", "5000.0");
        replace("y = ", "-900.0");
        replace("width = ", "9000.0");
        desk.write_state(state);
        Child overlay = desk.open_overlay();
        const Geometry now = desk.settled();
        CHECK(now.x >= 0);
        CHECK(now.y >= 0);
        CHECK(now.x + now.width <= kScreenWidth);
        CHECK(now.y + now.height <= kScreenHeight);
        CHECK(now.width == kScreenWidth);
    }

    TEST_CASE("a change of the scale makes the window larger at once") {
        Desk desk;
        Child overlay = desk.open_overlay();
        const Geometry before = desk.settled();
        desk.set_resources("Xft.dpi:\t120\n");
        const auto grown = [&](double by) {
            const Geometry now = desk.geometry();
            return near(now.width, static_cast<int>(before.width * by)) &&
                   near(now.height, static_cast<int>(before.height * by));
        };
        CHECK(wait_until([&] { return grown(1.25); }));
        desk.set_resources("Xcursor.size:\t24\nXft.dpi:\t96\n");
        CHECK(wait_until([&] { return grown(1); }));
        desk.set_resources("Xft.dpi:\t288\n"); // more than the screen holds
        CHECK(wait_until([&] { return desk.geometry().width == kScreenWidth; }));
        const Geometry now = desk.settled();
        CHECK(now.height <= kScreenHeight);
        CHECK(now.x >= 0);
    }
}
