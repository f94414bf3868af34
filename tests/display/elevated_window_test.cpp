// SPDX-License-Identifier: MIT
// Another user's listener in the real window: its row starts without an owner, is named, and is killed, through the
// real pkexec and polkitd.
#include "tests/display/window_scene.h"

#include <csignal>
#include <doctest/doctest.h>

using portside::display_test::Listener;
using portside::display_test::WindowScene;
using portside::support::Child;
using portside::support::Helper;
using portside::support::PolkitSandbox;
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

    TEST_CASE("an ordinary user kills a second users whole tree as administrator") {
        WindowScene scene(Rule::keep, Helper::installed);
        Listener bystander = scene.listener_of_other_user();
        // A listener and two descendants; none of them ends because another one does.
        Child root =
            scene.sandbox().start(scene.sandbox().other_user(), {PolkitSandbox::program("test_server"), "storm", "2"});
        const int port = std::stoi(root.first_line());
        Child overlay = scene.start_waiting();
        Child agent = scene.sandbox().start_answering_agent(overlay.inner_pid(), 2); // who holds it, and the kills
        overlay.write("go\n");
        scene.wait_for_window(overlay);
        const std::string filter = "port:" + std::to_string(port);
        scene.type(filter);
        scene.press("Down");
        const auto revealing = [&] {
            scene.press("Delete"); // too early it does nothing, and nor does it a second time
            return agent.output().find("asked org.portside.Portside.owners") != std::string::npos;
        };
        REQUIRE(portside::support::wait_until(revealing, portside::support::kPatience, std::chrono::milliseconds(500)));
        agent.expect("accepted");
        bool ended = false;
        for (int round = 0; round < 10 && !ended; ++round) {
            scene.press("ctrl+k"); // wherever the last round has led
            scene.type(filter);
            scene.press("Down");
            scene.press("Menu");
            scene.press("Down"); // Kill as administrator, Kill tree as administrator
            for (int i = 0; i < 5 && !ended; ++i) {
                scene.press("Return"); // of the menu, then of the question; too early it does nothing
                ended = root.wait(std::chrono::milliseconds(600)).has_value();
            }
        }
        INFO("the overlay said: " << overlay.output() << overlay.errors());
        REQUIRE(ended);
        CHECK(root.wait() == 128 + SIGTERM);
        // Its descendants have inherited the socket: while one of them runs, the port is held.
        CHECK(portside::support::wait_until([&] { return !scene.sandbox().listens(port); }));
        const std::string& said = agent.output();
        CHECK(said.find("asked org.portside.Portside.kill") == said.rfind("asked org.portside.Portside.kill"));
        CHECK(scene.untouched(bystander));
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
