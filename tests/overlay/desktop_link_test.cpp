// SPDX-License-Identifier: MIT
// app/overlay/desktop_link: what is told to the desktop, and what follows from what it says.
#include "app/overlay/desktop_link.h"

#include <cstdlib>
#include <ctime>
#include <doctest/doctest.h>

using namespace portside;
using overlay::DesktopLink;
using session::ThemeChoice;

TEST_CASE("without a session bus there is no way back and no preference") {
    DesktopLink link(nullptr);
    CHECK(link.way_back() == session::WayBack::none);
    CHECK(link.take_orders().empty());
    CHECK_FALSE(link.is_light(ThemeChoice::desktop));
    CHECK_FALSE(link.is_light(ThemeChoice::dark));
    CHECK(link.is_light(ThemeChoice::light));
    link.tell({}, true);
}

TEST_CASE("a time is told by hours and minutes of the persons own clock") {
    setenv("TZ", "UTC-2", 1); // NOLINT(concurrency-mt-unsafe): no other thread runs
    tzset();
    CHECK(overlay::clock_text(snapshot::WallTime{}) == "02:00");
    CHECK(overlay::clock_text(snapshot::WallTime{} + std::chrono::minutes(605)) == "12:05");
    unsetenv("TZ"); // NOLINT(concurrency-mt-unsafe)
    tzset();
}
