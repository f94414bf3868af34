// SPDX-License-Identifier: MIT
// Where a window goes, as arithmetic: monitors that come, go and differ, edges, and the scale of an X server.
#include "app/shell/place.h"

#include <doctest/doctest.h>

using namespace portside;
using namespace portside::shell;

namespace {

const Monitor kLeft{"DP-1", {0, 0, 1920, 1080}, {0, 30, 1920, 1050}};
const Monitor kRight{"HDMI-1", {1920, 0, 2560, 1440}, {1920, 0, 2560, 1440}};
const std::vector<Monitor> kBoth{kLeft, kRight};
constexpr Sizes kSizes{1240, 694, 480, 280};

bool is_inside(const Area& window, const Area& room) {
    return window.x >= room.x && window.y >= room.y && window.x + window.width <= room.x + room.width &&
           window.y + window.height <= room.y + room.height;
}

} // namespace

TEST_CASE("the monitor is the one under the pointer or the nearest one") {
    CHECK(monitor_at(kBoth, {10, 10}) == 0);
    CHECK(monitor_at(kBoth, {1920, 10}) == 1);
    CHECK(monitor_at(kBoth, {100, 5000}) == 0);
    CHECK(monitor_at(kBoth, {9000, 1200}) == 1);
    CHECK(monitor_of(kBoth, {1800, 100, 1000, 500}) == 1);
    CHECK(monitor_of(kBoth, {1000, 100, 1000, 500}) == 0);
    CHECK(monitor_of(kBoth, {-5000, 0, 100, 100}) == 0); // on none
}

TEST_CASE("a window that was never placed is in the middle of the work area and fits") {
    const Area area = area_on(kLeft, {}, kSizes, 1);
    CHECK(area == Area{340, 30 + (1050 - 694) / 3, 1240, 694});
    const Monitor small{"small", {0, 0, 800, 600}, {}};
    CHECK(area_on(small, {}, kSizes, 1) == Area{32, (600 - 536) / 3, 736, 536});
    const Monitor tiny{"tiny", {0, 0, 300, 200}, {0, 0, 300, 200}};
    CHECK(area_on(tiny, {}, kSizes, 2) == Area{0, 0, 300, 200});
}

TEST_CASE("a place is kept at each monitor and survives another scale") {
    const Area window{2000, 100, 900, 600};
    std::vector<base::WindowPlace> places;
    remember(places, place_on(kRight, window, 1));
    remember(places, place_on(kLeft, {10, 40, 700, 500}, 1));
    CHECK(area_on(kRight, places, kSizes, 1) == window);
    CHECK(area_on(kLeft, places, kSizes, 1) == Area{10, 40, 700, 500});
    CHECK(area_on(kRight, places, kSizes, 1.5F) == Area{1920 + 120, 150, 1350, 900});
    // An unknown monitor: in the middle, as large as it was last.
    const Monitor other{"eDP-1", {0, 0, 1600, 900}, {0, 0, 1600, 900}};
    CHECK(area_on(other, places, kSizes, 1) == Area{450, (900 - 500) / 3, 700, 500});
    remember(places, place_on(kRight, {1930, 0, 800, 400}, 1));
    CHECK(places.size() == 2);
    CHECK(places[0].monitor == "HDMI-1");
    for (int i = 0; i < 100; ++i) {
        remember(places, {.monitor = std::to_string(i)});
    }
    CHECK(places.size() == 16);
    CHECK(places[0].monitor == "99");
}

TEST_CASE("a window is never beyond the edges of its monitor") {
    for (const base::WindowPlace& place : std::initializer_list<base::WindowPlace>{{"DP-1", 5000, 5000, 800, 600},
                                                                                   {"DP-1", -5000, -5000, 800, 600},
                                                                                   {"DP-1", 100, 100, 9000, 9000},
                                                                                   {"DP-1", 1e6F, -1e6F, 1e6F, 1e6F},
                                                                                   {"DP-1", 0, 0, 1, 1},
                                                                                   {"gone", 7000, 0, 5000, 3000}}) {
        for (const float unit : {0.5F, 1.0F, 3.0F}) {
            CAPTURE(place.x);
            CAPTURE(unit);
            CHECK(is_inside(area_on(kLeft, {&place, 1}, kSizes, unit), kLeft.work));
        }
    }
}

TEST_CASE("edges are thin and corners are easy to catch") {
    const Point size{800, 500};
    CHECK(grip_at({400, 250}, size, 6) == Grip::none);
    CHECK(grip_at({0, 250}, size, 6) == Grip::left);
    CHECK(grip_at({6, 250}, size, 6) == Grip::none);
    CHECK(grip_at({799, 250}, size, 6) == Grip::right);
    CHECK(grip_at({400, 5}, size, 6) == Grip::top);
    CHECK(grip_at({400, 494}, size, 6) == Grip::bottom);
    CHECK(grip_at({3, 15}, size, 6) == Grip::top_left);
    CHECK(grip_at({790, 2}, size, 6) == Grip::top_right);
    CHECK(grip_at({798, 490}, size, 6) == Grip::bottom_right);
    CHECK(grip_at({10, 499}, size, 6) == Grip::bottom_left);
    CHECK(grip_at({10, 10}, size, 6) == Grip::none); // near the corner, but on no edge
    CHECK(grip_at({-1, 250}, size, 6) == Grip::none);
    CHECK(grip_at({800, 250}, size, 6) == Grip::none);
}

TEST_CASE("a drag moves the window or the edge that was caught") {
    const Area start{100, 100, 800, 500};
    const Point least{480, 280};
    CHECK(dragged(start, Grip::move, {10, -20}, least) == Area{110, 80, 800, 500});
    CHECK(dragged(start, Grip::right, {50, 70}, least) == Area{100, 100, 850, 500});
    CHECK(dragged(start, Grip::left, {50, 70}, least) == Area{150, 100, 750, 500});
    CHECK(dragged(start, Grip::top_left, {-50, -70}, least) == Area{50, 30, 850, 570});
    CHECK(dragged(start, Grip::bottom_right, {10, 20}, least) == Area{100, 100, 810, 520});
    // The other edge stays where it is, also where it can get no smaller.
    CHECK(dragged(start, Grip::left, {5000, 0}, least) == Area{420, 100, 480, 500});
    CHECK(dragged(start, Grip::top, {0, 5000}, least) == Area{100, 320, 800, 280});
    CHECK(dragged(start, Grip::bottom, {0, -5000}, least) == Area{100, 100, 800, 280});
}

TEST_CASE("the scale is read from the servers resources") {
    CHECK(scale_in("Xft.dpi:\t144\n") == 1.5F);
    CHECK(scale_in("Xcursor.size:\t24\nXft.dpi:  192\nXft.hinting: 1") == 2.0F);
    CHECK(scale_in("Xft.dpi:120.5") == doctest::Approx(1.2552));
    for (const char* text :
         {"", "Xft.dpi:", "Xft.dpi: x", "Xft.dpi: -5", "Xft.dpi: 0", "OtherXft.dpi: 144", "Xft.dpi"}) {
        CAPTURE(text);
        CHECK(scale_in(text) == 1.0F);
    }
}
