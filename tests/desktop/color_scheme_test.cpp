// SPDX-License-Identifier: MIT
// What the desktop prefers, by a stand-in for the settings portal on a private bus.
#include "app/desktop/instance.h"
#include "tests/desktop/bus_programs.h"
#include "tests/support/wait.h"

#include <atomic>
#include <doctest/doctest.h>
#include <memory>

using namespace portside;
using desktop::ColorScheme;
using desktop::Instance;
using desktop::Order;
using support::Child;
using support::wait_until;

namespace {

struct Scene {
    support::ScratchFolder folder;
    support::PrivateBus bus{folder};
    std::atomic<int> woken = 0;
    std::unique_ptr<Instance> instance;

    void start() {
        auto claim = Instance::claim(
            Order::show, [this] { ++woken; }, bus.address());
        REQUIRE(std::holds_alternative<std::unique_ptr<Instance>>(claim));
        instance = std::move(std::get<std::unique_ptr<Instance>>(claim));
    }
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
        Scene scene;
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
        Scene scene;
        Child portal = scene.portal({"2", "old"});
        scene.start();
        CHECK(scene.becomes(ColorScheme::light));
        portal.write("1\n");
        CHECK(scene.becomes(ColorScheme::dark));
    }

    TEST_CASE("color scheme - a portal that comes later is asked and one that went keeps its word") {
        Scene scene;
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
        Scene scene;
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
