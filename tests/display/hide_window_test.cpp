// SPDX-License-Identifier: MIT
// Leaving the window: it hides where it can be brought back, asks where nobody has shown that yet, and quitting asks
// about kills under way also from where it cannot be seen.
#include "tests/display/window_scene.h"
#include "tests/support/wait.h"

#include <doctest/doctest.h>

using portside::display_test::Listener;
using portside::display_test::WindowScene;
using portside::support::Child;
using portside::support::PolkitSandbox;
using portside::support::wait_until;

namespace {

constexpr std::chrono::milliseconds kBetweenKeys{150};

void run(const WindowScene& scene, const std::string& option) {
    std::vector<std::string> argv{PolkitSandbox::program("portside")};
    if (!option.empty()) {
        argv.push_back(option);
    }
    CHECK(scene.session().run(argv).status == 0);
}

void order_quit(const WindowScene& scene) {
    const auto outcome = scene.session().run({"dbus-send", "--session", "--print-reply", "--dest=org.portside.Portside",
                                              "/org/portside/Portside", "org.freedesktop.Application.ActivateAction",
                                              "string:quit", "array:string:", "dict:string:string:"});
    INFO(outcome.errors);
    CHECK(outcome.status == 0);
}

// Presses until the window is hidden: a card takes an answer only after it has been seen for a while.
bool press_until_hidden(const WindowScene& scene, const std::string& key) {
    return wait_until(
        [&] {
            scene.press(key);
            return !scene.is_shown();
        },
        portside::support::kPatience, kBetweenKeys);
}

} // namespace

TEST_SUITE("display") {
    TEST_CASE("without a tray the first Escape asks and what was answered holds") {
        WindowScene scene;
        Child overlay = scene.open_overlay();
        scene.press("Return"); // means nothing in an empty field
        scene.press("Escape");
        REQUIRE(press_until_hidden(scene, "Return"));
        CHECK(overlay.running());
        run(scene, "");
        REQUIRE(wait_until([&] { return scene.is_shown(); }));
        scene.session().focus(scene.window());
        scene.press("Escape"); // no question any more
        CHECK(wait_until([&] { return !scene.is_shown(); }));
        CHECK(overlay.running());
    }

    TEST_CASE("the question before hiding quits where that is wanted") {
        WindowScene scene;
        Child overlay = scene.open_overlay();
        scene.press("alt+F4"); // the window manager's close button asks, too
        scene.press("ctrl+q");
        CHECK(overlay.wait() == 0);
    }

    TEST_CASE("Escape hides at once after a toggle has been received") {
        WindowScene scene;
        Child overlay = scene.open_overlay();
        run(scene, "--toggle");
        REQUIRE(wait_until([&] { return !scene.is_shown(); }));
        run(scene, "--toggle");
        REQUIRE(wait_until([&] { return scene.is_shown(); }));
        scene.session().focus(scene.window());
        scene.press("Escape");
        CHECK(wait_until([&] { return !scene.is_shown(); }));
        CHECK(overlay.running());
    }

    TEST_CASE("asked over the bus to quit while a kill is under way the hidden window shows itself and asks") {
        WindowScene scene;
        Child target =
            scene.sandbox().start(scene.sandbox().caller(), {PolkitSandbox::program("test_listener"), "telling"});
        const std::string port = target.first_line();
        Child overlay = scene.open_overlay();
        scene.type("port:" + port);
        scene.press("Down");
        const auto asked = [&] {
            scene.press("Delete");
            return target.output().find("asked") != std::string::npos;
        };
        REQUIRE(wait_until(asked, portside::support::kPatience, kBetweenKeys));
        run(scene, "--toggle");
        REQUIRE(wait_until([&] { return !scene.is_shown(); }));
        order_quit(scene);
        REQUIRE(wait_until([&] { return scene.is_shown(); }));
        CHECK(overlay.running());
        CHECK(target.running());
        scene.session().focus(scene.window());
        // Its question is answered by Enter once it has been seen for a while.
        CHECK(wait_until(
            [&] {
                if (overlay.running()) {
                    static_cast<void>(scene.session().run({"xdotool", "key", "Return"}));
                }
                return !overlay.running();
            },
            portside::support::kPatience, kBetweenKeys));
        CHECK(overlay.wait() == 0);
    }

    TEST_CASE("a hidden window shows itself when the session bus goes as nobody could bring it back") {
        WindowScene scene;
        Child overlay = scene.open_overlay();
        run(scene, "--toggle");
        REQUIRE(wait_until([&] { return !scene.is_shown(); }));
        const auto ended = scene.session().run(
            {"sh", "-c",
             "kill -9 $(dbus-send --session --print-reply=literal --dest=org.freedesktop.DBus /org/freedesktop/DBus "
             "org.freedesktop.DBus.GetConnectionUnixProcessID string:org.freedesktop.DBus | sed 's/.* //')"});
        INFO(ended.errors);
        REQUIRE(ended.status == 0);
        CHECK(wait_until([&] { return scene.is_shown(); }));
        scene.session().focus(scene.window());
        scene.press("Escape"); // hiding would lose it
        CHECK(overlay.wait() == 0);
    }

    TEST_CASE("asked over the bus to quit a hidden window with nothing under way just quits") {
        WindowScene scene;
        Child overlay = scene.open_overlay();
        run(scene, "--toggle");
        REQUIRE(wait_until([&] { return !scene.is_shown(); }));
        order_quit(scene);
        CHECK(overlay.wait() == 0);
    }
}
