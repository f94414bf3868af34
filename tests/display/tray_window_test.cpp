// SPDX-License-Identifier: MIT
// The tray with the real window: on a stand-in for a desktop's watcher and host, and in the panel of a real desktop.
#include "tests/display/window_scene.h"
#include "tests/support/wait.h"

#include <doctest/doctest.h>
#include <filesystem>
#include <fstream>

using portside::display_test::kBetweenLooks;
using portside::display_test::Listener;
using portside::display_test::WindowScene;
using portside::support::Child;
using portside::support::PolkitSandbox;
using portside::support::wait_until;

namespace {

// A desktop with a tray, and what a person does to the item in it.
class TrayScene : public WindowScene {
  public:
    [[nodiscard]] Child start_host() const {
        Child host = session().start({PolkitSandbox::program("test_tray_host")});
        host.expect("ready\n");
        return host;
    }
    // Waits for the item that registers, and remembers its name.
    void wait_for_item(Child& host) {
        host.expect("item ");
        REQUIRE(
            wait_until([&] { return host.output().find('\n', host.output().rfind("item ")) != std::string::npos; }));
        const auto at = host.output().rfind("item ") + 5;
        item_ = host.output().substr(at, host.output().find('\n', at) - at);
    }
    [[nodiscard]] std::string ask(const std::string& path, std::vector<std::string> words) const {
        std::vector<std::string> argv{"dbus-send", "--session", "--print-reply", "--dest=" + item_, path};
        argv.insert(argv.end(), words.begin(), words.end());
        return session().run(std::move(argv)).output;
    }
    void activate() const {
        CHECK_FALSE(ask("/StatusNotifierItem", {"org.kde.StatusNotifierItem.Activate", "int32:0", "int32:0"}).empty());
    }
    void click(int entry) const {
        CHECK_FALSE(ask("/StatusNotifierItem/Menu", {"com.canonical.dbusmenu.Event", "int32:" + std::to_string(entry),
                                                     "string:clicked", "variant:string:", "uint32:0"})
                        .empty());
    }
    [[nodiscard]] std::string label() const {
        return ask("/StatusNotifierItem/Menu", {"com.canonical.dbusmenu.GetProperty", "int32:1", "string:label"});
    }
    [[nodiscard]] bool says(const std::string& text) const {
        return ask("/StatusNotifierItem",
                   {"org.freedesktop.DBus.Properties.Get", "string:org.kde.StatusNotifierItem", "string:ToolTip"})
                   .find(text) != std::string::npos;
    }
    [[nodiscard]] bool gets_shown(bool shown) const {
        return wait_until([&] { return is_shown() == shown; }, portside::support::kPatience, kBetweenLooks);
    }

  private:
    std::string item_;
};

// xfce4-panel with nothing but its tray, in the upper left corner.
class PanelScene : public TrayScene {
  public:
    PanelScene() {
        const std::string folder = session().file("config/xfce4/xfconf/xfce-perchannel-xml");
        std::filesystem::create_directories(folder);
        std::ofstream(folder + "/xfce4-panel.xml") << R"(<?xml version="1.0" encoding="UTF-8"?>
<channel name="xfce4-panel" version="1.0">
  <property name="configver" type="int" value="2"/>
  <property name="panels" type="array">
    <value type="int" value="1"/>
    <property name="panel-1" type="empty">
      <property name="position" type="string" value="p=6;x=0;y=0"/>
      <property name="length" type="uint" value="10"/>
      <property name="position-locked" type="bool" value="true"/>
      <property name="size" type="uint" value="32"/>
      <property name="plugin-ids" type="array"><value type="int" value="1"/></property>
    </property>
  </property>
  <property name="plugins" type="empty"><property name="plugin-1" type="string" value="systray"/></property>
</channel>
)";
    }
    [[nodiscard]] Child start_panel() const {
        return session().start({"xfce4-panel", "--disable-wm-check", "--sm-client-disable"}, {"NO_AT_BRIDGE=1"});
    }
    [[nodiscard]] bool in_a_tray() const {
        const auto names = session().run({"dbus-send", "--session", "--print-reply", "--dest=org.freedesktop.DBus", "/",
                                          "org.freedesktop.DBus.ListNames"});
        return names.output.find("org.kde.StatusNotifierItem-") != std::string::npos;
    }
    // Clicks where the icon stands, until the window is as wanted: it is drawn some time after it registered.
    [[nodiscard]] bool click_until_shown(bool shown) const {
        return wait_until(
            [&] {
                session().xdotool({"mousemove", "13", "16", "sleep", "0.1", "click", "1"});
                return wait_until([&] { return is_shown() == shown; }, std::chrono::seconds(2), kBetweenLooks);
            },
            portside::support::kPatience, kBetweenLooks);
    }
};

} // namespace

TEST_SUITE("display") {
    TEST_CASE("with a tray Escape hides at once and the trays click and menu bring the window back") {
        TrayScene scene;
        Child host = scene.start_host();
        Child overlay = scene.open_overlay();
        scene.wait_for_item(host);
        // The first may come before the watcher's answer; the next closes the question. None may be left to come when
        // the window is shown again.
        REQUIRE(wait_until([&] {
            scene.press("Escape");
            return wait_until([&] { return !scene.is_shown(); }, std::chrono::seconds(5), kBetweenLooks);
        }));
        scene.activate();
        CHECK(scene.gets_shown(true));
        scene.activate();
        CHECK(scene.gets_shown(false));
        CHECK(wait_until([&] { return scene.label().find("Show Portside") != std::string::npos; }));
        scene.click(1);
        CHECK(scene.gets_shown(true));
        CHECK(wait_until([&] { return scene.label().find("Hide Portside") != std::string::npos; }));
        scene.click(1);
        CHECK(scene.gets_shown(false));
        CHECK(overlay.running());
        scene.click(4);
        CHECK(overlay.wait() == 0);
        host.expect("gone ");
    }

    TEST_CASE("opening the trays menu looks again while the window is hidden") {
        TrayScene scene;
        Child host = scene.start_host();
        Child overlay = scene.open_overlay();
        scene.wait_for_item(host);
        REQUIRE(wait_until([&] { return scene.says("0 ports (0 TCP, 0 UDP), as of "); }));
        scene.activate();
        REQUIRE(scene.gets_shown(false));
        Listener listener = scene.listener_of_caller();
        CHECK(wait_until([&] {
            static_cast<void>(scene.ask("/StatusNotifierItem/Menu", {"com.canonical.dbusmenu.AboutToShow", "int32:0"}));
            return scene.says("1 port (1 TCP, 0 UDP), as of ");
        }));
        CHECK_FALSE(scene.is_shown());
    }

    TEST_CASE("in a real panel the icons click toggles the window and a panel that starts again has it again") {
        PanelScene scene;
        Child overlay = scene.open_overlay();
        for (int round = 0; round < 2; ++round) {
            Child panel = scene.start_panel();
            const bool joined =
                wait_until([&] { return scene.in_a_tray(); }, portside::support::kPatience, kBetweenLooks);
            INFO(panel.output() << panel.errors());
            REQUIRE(joined);
            CHECK(scene.click_until_shown(false));
            CHECK(scene.click_until_shown(true));
            panel.send_signal(15);
            REQUIRE(panel.wait().has_value());
            CHECK(wait_until([&] { return !scene.in_a_tray(); }, portside::support::kPatience, kBetweenLooks));
        }
        CHECK(overlay.running());
    }
}
