// SPDX-License-Identifier: MIT
// The tray on a private bus with a stand-in for a desktop's watcher and host.
#include "app/desktop/tray_icon.h"
#include "tests/desktop/first_on_bus.h"
#include "tests/support/wait.h"

#include <doctest/doctest.h>
#include <memory>
#include <unistd.h>

using namespace portside;
using desktop::Instance;
using desktop::Order;
using desktop::TrayText;
using support::Child;
using support::wait_until;

namespace {

const std::string kHost = PORTSIDE_BUILD "/tests/test_tray_host";
const std::string kMenu = "com.canonical.dbusmenu.";

struct TrayScene : desktop_test::FirstOnBus {
    [[nodiscard]] Child host(bool hosting = true) const {
        return desktop_test::start(bus.address(), hosting ? std::vector<std::string>{kHost}
                                                          : std::vector<std::string>{kHost, "hostless"});
    }
    [[nodiscard]] static std::string name() {
        return "org.kde.StatusNotifierItem-" + std::to_string(::getpid()) + "-1";
    }
    [[nodiscard]] std::string ask_item(std::vector<std::string> words) const {
        return desktop_test::ask(bus.address(), name(), "/StatusNotifierItem", std::move(words));
    }
    [[nodiscard]] std::string property(const std::string& property) const {
        return ask_item(
            {"org.freedesktop.DBus.Properties.Get", "string:org.kde.StatusNotifierItem", "string:" + property});
    }
    [[nodiscard]] std::string ask_menu(std::vector<std::string> words) const {
        return desktop_test::ask(bus.address(), name(), "/StatusNotifierItem/Menu", std::move(words));
    }
    [[nodiscard]] std::string layout() const {
        return ask_menu({kMenu + "GetLayout", "int32:0", "int32:-1", "array:string:"});
    }
    void click(int entry) const {
        static_cast<void>(ask_menu(
            {kMenu + "Event", "int32:" + std::to_string(entry), "string:clicked", "variant:string:", "uint32:0"}));
    }
    [[nodiscard]] bool on_the_bus() const {
        return desktop_test::ask(bus.address(), "org.freedesktop.DBus", "/",
                                 {"org.freedesktop.DBus.NameHasOwner", "string:" + name()})
                   .find("true") != std::string::npos;
    }
    [[nodiscard]] std::vector<Order> take(std::size_t count) const {
        std::vector<Order> taken;
        REQUIRE(wait_until([&] {
            const auto more = instance->take_orders();
            taken.insert(taken.end(), more.begin(), more.end());
            return taken.size() >= count;
        }));
        return taken;
    }
};

std::size_t count(const std::string& text, const std::string& word) {
    std::size_t found = 0;
    for (auto at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) {
        ++found;
    }
    return found;
}

bool holds(const std::string& text, const std::string& word) {
    return count(text, word) > 0;
}

} // namespace

TEST_SUITE("bus") {
    TEST_CASE("tray - it comes where a host is and says what there is") {
        TrayScene scene;
        Child host = scene.host();
        scene.start();
        host.expect("item " + TrayScene::name() + "\n");
        REQUIRE(wait_until([&] { return scene.instance->has_tray(); }));
        CHECK(scene.woken >= 1);
        CHECK(holds(scene.property("ToolTip"), "Nothing has been counted yet"));
        scene.instance->set_tray_text({.ports = 42, .tcp = 30, .udp = 12, .as_of = "12:03"});
        host.expect("signal NewToolTip\n");
        const std::string sentence = "42 ports (30 TCP, 12 UDP), as of 12:03";
        CHECK(holds(scene.property("ToolTip"), "string \"" + sentence + "\""));
        CHECK(holds(scene.property("Title"), sentence));
        CHECK(holds(scene.property("IconName"), "org.portside.Portside"));
        CHECK(holds(scene.property("Menu"), "/StatusNotifierItem/Menu"));
        CHECK(holds(scene.property("Nonsense"), "InvalidArgs"));
        const auto all =
            scene.ask_item({"org.freedesktop.DBus.Properties.GetAll", "string:org.kde.StatusNotifierItem"});
        for (const char* name : {"Category", "Id", "Title", "Status", "IconName", "IconPixmap", "ToolTip", "Menu"}) {
            CHECK(holds(all, "string \"" + std::string(name) + "\""));
        }
        CHECK(holds(scene.ask_item({"org.freedesktop.DBus.Introspectable.Introspect"}), "SecondaryActivate"));
    }

    TEST_CASE("tray - a click toggles and the menu does what it says") {
        TrayScene scene;
        Child host = scene.host();
        scene.start();
        host.expect("item ");
        static_cast<void>(scene.ask_item({"org.kde.StatusNotifierItem.Activate", "int32:3", "int32:4"}));
        CHECK(scene.take(1) == std::vector{Order::toggle});
        CHECK_FALSE(scene.instance->found_again()); // a tray is no other start
        CHECK(holds(scene.layout(), "string \"Hide Portside\""));
        scene.click(1);
        CHECK(scene.take(1) == std::vector{Order::hide});
        REQUIRE(wait_until([&] { return scene.instance->has_tray(); }));
        scene.instance->set_tray_text({.window_shown = false});
        host.expect("signal ItemsPropertiesUpdated\n");
        CHECK(holds(scene.layout(), "string \"Show Portside\""));
        CHECK(holds(scene.ask_menu({kMenu + "GetProperty", "int32:1", "string:label"}), "Show Portside"));
        scene.click(1);
        scene.click(2);
        scene.click(4);
        CHECK(scene.take(3) == std::vector{Order::show, Order::rescan, Order::quit});
        CHECK(holds(scene.ask_menu({kMenu + "AboutToShow", "int32:0"}), "boolean false"));
        CHECK(scene.take(1) == std::vector{Order::rescan}); // opening it looks again
    }

    TEST_CASE("tray - hosts that ask for what is not there are told so") {
        TrayScene scene;
        Child host = scene.host();
        scene.start();
        host.expect("item ");
        CHECK(holds(scene.ask_menu({kMenu + "GetLayout", "int32:99", "int32:-1", "array:string:"}), "InvalidArgs"));
        CHECK(holds(scene.ask_menu({kMenu + "GetProperty", "int32:1", "string:nonsense"}), "InvalidArgs"));
        CHECK(holds(scene.ask_menu({kMenu + "AboutToShow", "int32:-7"}), "InvalidArgs"));
        CHECK(holds(scene.ask_menu({kMenu + "Event", "int32:1"}), "InvalidArgs"));
        CHECK(holds(scene.ask_menu({kMenu + "Explode"}), "UnknownMethod"));
        const auto some = scene.ask_menu({kMenu + "GetGroupProperties", "array:int32:2,77,4", "array:string:label"});
        CHECK(holds(some, "\"Rescan\""));
        CHECK(holds(some, "\"Quit\""));
        CHECK_FALSE(holds(some, "Portside"));
        CHECK(scene.instance->take_orders().empty());
    }

    TEST_CASE("tray - it leaves no trace where there is no host and comes with one") {
        TrayScene scene;
        scene.start();
        CHECK_FALSE(scene.on_the_bus());
        Child host = scene.host(false);
        // What was asked after it came has been answered by then: the bus keeps the order.
        CHECK_FALSE(scene.on_the_bus());
        CHECK_FALSE(scene.instance->has_tray());
        for (int round = 0; round < 2; ++round) {
            host.write("host\n");
            host.expect("item " + TrayScene::name() + "\n");
            CHECK(wait_until([&] { return scene.instance->has_tray(); }));
            host.write("unhost\n");
            host.expect("gone " + TrayScene::name() + "\n");
            CHECK(wait_until([&] { return !scene.instance->has_tray(); }));
            CHECK_FALSE(scene.on_the_bus());
        }
    }

    TEST_CASE("tray - it comes back when the desktops watcher starts again") {
        TrayScene scene;
        scene.start();
        for (int round = 0; round < 3; ++round) {
            Child host = scene.host();
            host.expect("item " + TrayScene::name() + "\n");
            CHECK(wait_until([&] { return scene.instance->has_tray(); }));
            if (round % 2 == 0) {
                host.send_signal(9);
            } else {
                host.write("quit\n");
            }
            CHECK(host.wait().has_value());
            CHECK(wait_until([&] { return !scene.instance->has_tray(); }));
        }
    }

    TEST_CASE("tray - hosts are told of the newest text once a second at most and of the same text never") {
        TrayScene scene;
        Child host = scene.host();
        scene.start();
        host.expect("item ");
        REQUIRE(wait_until([&] { return scene.instance->has_tray(); }));
        constexpr std::size_t kTexts = 300;
        const auto begin = std::chrono::steady_clock::now();
        for (std::size_t ports = 1; ports <= kTexts; ++ports) {
            scene.instance->set_tray_text({.ports = ports, .tcp = ports, .udp = 0, .as_of = "12:03"});
            std::this_thread::sleep_for(std::chrono::milliseconds(5)); // what is sent too often would be sent by now
        }
        REQUIRE(wait_until([&] { return holds(scene.property("ToolTip"), "300 ports"); }));
        const auto told = [&] { return count(host.output(), "signal NewToolTip"); };
        REQUIRE(wait_until([&] { return told() >= 2; })); // the first at once, and what came after
        const auto times = told();
        const auto passed = std::chrono::steady_clock::now() - begin;
        CHECK(times <= static_cast<std::size_t>(passed / std::chrono::seconds(1)) + 1);
        CHECK(holds(scene.property("ToolTip"), "300 ports (300 TCP, 0 UDP), as of 12:03"));
    }

    TEST_CASE("tray - the bus may go") {
        TrayScene scene;
        Child host = scene.host();
        scene.start();
        REQUIRE(wait_until([&] { return scene.instance->has_tray(); }));
        CHECK(scene.instance->reachable());
        scene.bus.end();
        CHECK(wait_until([&] { return !scene.instance->has_tray() && !scene.instance->reachable(); }));
        scene.instance->set_tray_text({.ports = 1});
    }
}

TEST_CASE("tray - the sentence counts in words") {
    CHECK(desktop::tray_sentence({.ports = 42, .tcp = 30, .udp = 12, .as_of = "12:03"}) ==
          "42 ports (30 TCP, 12 UDP), as of 12:03");
    CHECK(desktop::tray_sentence({.ports = 1, .tcp = 1, .udp = 0, .as_of = "00:00"}) ==
          "1 port (1 TCP, 0 UDP), as of 00:00");
    CHECK(desktop::tray_sentence({}) == "Nothing has been counted yet");
}

TEST_CASE("tray - the icon is a porthole at each size") {
    for (const int side : {16, 22, 24, 48}) {
        const auto icon = desktop::draw_icon(side);
        REQUIRE(icon.argb.size() == static_cast<std::size_t>(side * side * 4));
        const auto pixel = [&](double x, double y) { // of the picture, 0 to 1
            const auto at = (static_cast<int>(y * side) * side + static_cast<int>(x * side)) * 4;
            return std::vector<int>(icon.argb.begin() + at, icon.argb.begin() + at + 4);
        };
        CHECK(pixel(0, 0)[0] == 0);       // a corner is round
        CHECK(pixel(0.5, 0.1)[0] == 255); // the board is not
        const auto ring = pixel(0.5, 0.22);
        CHECK(ring[3] > ring[1] + 60); // blue
        const auto light = pixel(0.41, 0.4);
        CHECK(light[1] > light[3] + 30); // red
    }
}
