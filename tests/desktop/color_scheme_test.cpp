// SPDX-License-Identifier: MIT
// What the desktop prefers, by a stand-in for the settings portal on a private bus.
#include "tests/desktop/first_on_bus.h"
#include "tests/support/wait.h"

#include <doctest/doctest.h>
#include <memory>

using namespace portside;
using desktop::ColorScheme;
using desktop::Instance;
using desktop::Order;
using support::Child;
using support::wait_until;

namespace {

struct PortalScene : desktop_test::FirstOnBus {
    [[nodiscard]] Child portal(std::vector<std::string> words) const {
        words.insert(words.begin(), PORTSIDE_BUILD "/tests/test_portal");
        return desktop_test::start(bus.address(), std::move(words));
    }
    [[nodiscard]] bool becomes(ColorScheme scheme) const {
        return wait_until([&] { return instance->color_scheme() == scheme; });
    }
};

} // namespace

TEST_SUITE("bus") {
    TEST_CASE("color scheme - what the portal says is followed live") {
        PortalScene scene;
        Child portal = scene.portal({"2"});
        scene.start();
        CHECK(scene.becomes(ColorScheme::light));
        CHECK(wait_until([&] { return scene.woken == 1; }));
        portal.write("1\n");
        CHECK(scene.becomes(ColorScheme::dark));
        portal.write("0\n");
        CHECK(scene.becomes(ColorScheme::no_preference));
        CHECK(wait_until([&] { return scene.woken == 3; }));
    }

    TEST_CASE("color scheme - a portal of the first version is asked its way") {
        PortalScene scene;
        Child portal = scene.portal({"2", "old"});
        scene.start();
        CHECK(scene.becomes(ColorScheme::light));
        portal.write("1\n");
        CHECK(scene.becomes(ColorScheme::dark));
    }

    TEST_CASE("color scheme - a portal that comes later is asked and one that went keeps its word") {
        PortalScene scene;
        scene.start();
        CHECK(scene.instance->color_scheme() == ColorScheme::unknown);
        {
            Child portal = scene.portal({"2", "old"});
            CHECK(scene.becomes(ColorScheme::light));
        }
        Child portal = scene.portal({"1"});
        CHECK(scene.becomes(ColorScheme::dark));
    }

    TEST_CASE("color scheme - a signal alone is not believed") {
        PortalScene scene;
        Child portal = scene.portal({"1"});
        scene.start();
        CHECK(scene.becomes(ColorScheme::dark));
        portal.write("lie\n");
        portal.write("0\n"); // the answer to the first question comes before that to the second
        CHECK(scene.becomes(ColorScheme::no_preference));
        CHECK(wait_until([&] { return scene.woken >= 2; }));
        CHECK(scene.woken == 2);
    }
}
