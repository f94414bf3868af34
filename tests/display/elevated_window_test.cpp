// SPDX-License-Identifier: MIT
// Another user's listener in the real window: its row starts without an owner, is named, and is killed, through the
// real pkexec and polkitd.
#include "tests/display/window_scene.h"

#include <csignal>
#include <doctest/doctest.h>

using portside::display_test::Listener;
using portside::display_test::WindowScene;
using portside::support::Child;
using portside::support::Rule;

TEST_SUITE("display") {
    TEST_CASE("an ordinary user names and kills a second users listener as administrator") {
        WindowScene scene(Rule::yes);
        Listener bystander = scene.listener_of_other_user();
        Listener own = scene.listener_of_caller();
        Listener target = scene.listener_of_other_user();
        const std::string listed = scene.list(target.port);
        INFO(listed);
        REQUIRE(listed.find("not_permitted") != std::string::npos);
        Child overlay = scene.open_overlay();

        scene.type("port:" + std::to_string(target.port));
        scene.press("Down");
        // Delete asks who holds it, then asks to kill; Return says yes.
        const bool ended = scene.press_until_ended({"Delete", "Return"}, target.process);
        INFO("the overlay said: " << overlay.output() << overlay.errors());
        REQUIRE(ended);
        CHECK(target.process.wait() == 128 + SIGTERM);
        CHECK_FALSE(scene.sandbox().listens(target.port));
        CHECK(scene.untouched(bystander));
        CHECK(scene.untouched(own));
        CHECK(overlay.running());
    }

    TEST_CASE("a dismissed prompt leaves the other users listener alone and the window at work") {
        WindowScene scene(Rule::ask);
        Listener target = scene.listener_of_other_user();
        Listener own = scene.listener_of_caller();
        Child overlay = scene.start_waiting();
        Child agent = scene.sandbox().start_cancelling_agent(overlay.inner_pid());
        overlay.write("go\n");
        scene.wait_for_window(overlay);

        scene.type("port:" + std::to_string(target.port));
        scene.press("Down");
        const auto asked = [&] {
            scene.press("Delete");
            return agent.output().find("asked") != std::string::npos;
        };
        REQUIRE(portside::support::wait_until(asked, portside::support::kPatience, std::chrono::milliseconds(500)));
        CHECK(scene.untouched(target));
        // The window goes on: another filter, another kill.
        scene.press("Escape");
        scene.type("port:" + std::to_string(own.port));
        scene.press("Down");
        CHECK(scene.press_until_ended({"Delete"}, own.process));
        CHECK(scene.untouched(target));
    }

    TEST_CASE("while a password prompt is open the window kills an own process") {
        WindowScene scene(Rule::ask);
        Listener target = scene.listener_of_other_user();
        Listener own = scene.listener_of_caller();
        Child overlay = scene.start_waiting();
        Child agent = scene.sandbox().start_cancelling_agent(overlay.inner_pid(), true);
        overlay.write("go\n");
        scene.wait_for_window(overlay);

        scene.type("port:" + std::to_string(target.port));
        scene.press("Down");
        const auto asked = [&] {
            scene.press("Delete");
            return agent.output().find("asked") != std::string::npos;
        };
        REQUIRE(portside::support::wait_until(asked, portside::support::kPatience, std::chrono::milliseconds(500)));
        scene.press("Escape");
        scene.type("port:" + std::to_string(own.port));
        scene.press("Down");
        CHECK(scene.press_until_ended({"Delete"}, own.process));
        CHECK(scene.untouched(target));
        CHECK(overlay.running());
    }
}
