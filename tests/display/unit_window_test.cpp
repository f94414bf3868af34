// SPDX-License-Identifier: MIT
// A port that a user's systemd holds for a service, in the real window: its socket unit is found and stopped, and
// neither systemd nor anything else ends.
#include "tests/display/window_scene.h"
#include "tests/support/wait.h"

#include <doctest/doctest.h>
#include <filesystem>
#include <sstream>
#include <string>

using portside::display_test::Listener;
using portside::display_test::WindowScene;
using portside::support::Child;
using portside::support::wait_until;

namespace {

// The stand-in for systemd's manager as the caller's own, on the socket where systemd has one.
struct Manager {
    explicit Manager(const WindowScene& scene) : process(start(scene)) { process.expect("ready\n"); }
    static Child start(const WindowScene& scene) {
        const auto& session = scene.session();
        std::filesystem::copy_file(PORTSIDE_BUILD "/tests/test_manager", session.file("systemd"));
        const std::string runtime = session.variable("XDG_RUNTIME_DIR");
        REQUIRE(session.run({"mkdir", "-p", runtime + "/systemd"}).status == 0);
        // Its parent is process 1, as a manager's is.
        return session.start({"sh", "-c", "(\"$@\" <&0 &); exec sleep 1000", "sh", session.folder() + "/systemd",
                              "--user", "direct", runtime + "/systemd/private"});
    }
    // Of a unit: the third word of its line.
    int port_of(const std::string& unit) {
        std::istringstream lines(process.output());
        std::string name;
        int pid = 0;
        int port = 0;
        while (lines >> name) {
            if (name == unit && lines >> pid >> port) {
                return port;
            }
            lines.ignore(1000, '\n');
        }
        FAIL("no line of " << unit << " in: " << process.output());
        return 0;
    }
    Child process;
};

} // namespace

TEST_SUITE("display") {
    TEST_CASE("a port that systemd holds for a service is freed by stopping its socket unit") {
        WindowScene scene;
        Listener other = scene.listener_of_caller();
        Manager manager(scene);
        const int port = manager.port_of("lone.socket");
        REQUIRE(scene.sandbox().listens(port));
        Child overlay = scene.open_overlay();
        scene.type("port:" + std::to_string(port));
        scene.press("Down");
        bool asked = false;
        for (int round = 0; round < 15 && !asked; ++round) {
            scene.press("Delete"); // Stop unit; the question names it once the manager has told which one listens
            for (int i = 0; i < 3 && !asked; ++i) {
                scene.press("Return");
                asked = wait_until([&] { return manager.process.output().find("stop ") != std::string::npos; },
                                   std::chrono::milliseconds(400));
            }
        }
        INFO("the overlay said: " << overlay.output() << overlay.errors());
        REQUIRE(asked);
        CHECK(wait_until([&] { return !scene.sandbox().listens(port); }));
        const std::string& said = manager.process.output();
        CHECK(said.find("stop ") == said.find("stop lone.socket\n"));
        CHECK(scene.sandbox().listens(manager.port_of("plain.service")));
        CHECK(scene.untouched(other));
        CHECK(overlay.running());
    }
}
