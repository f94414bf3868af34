// SPDX-License-Identifier: MIT
// What the window costs while nothing happens: seen, its main thread sleeps through every scan; hidden, the scanner
// sleeps too. Counted in the threads' own sleeps, not in time.
#include "tests/display/window_scene.h"

#include <array>
#include <doctest/doctest.h>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <utility>

using portside::display_test::Listener;
using portside::display_test::WindowScene;
using portside::support::Child;
using portside::support::PolkitSandbox;
using portside::support::wait_until;

namespace {

// How often the process's thread of that name has gone to sleep (proc(5), voluntary_ctxt_switches).
long sleeps_of(pid_t pid, const std::string& name) {
    for (const auto& task : std::filesystem::directory_iterator("/proc/" + std::to_string(pid) + "/task")) {
        std::string comm;
        std::getline(std::ifstream(task.path() / "comm"), comm);
        if (comm != name) {
            continue;
        }
        const std::string field = "voluntary_ctxt_switches:";
        std::ifstream status(task.path() / "status");
        for (std::string line; std::getline(status, line);) {
            if (line.starts_with(field)) {
                return std::stol(line.substr(field.size()));
            }
        }
    }
    FAIL("no thread " << name);
    return 0;
}

// A window that scans ten times a second.
struct QuickScene : WindowScene {
    QuickScene() {
        const std::string folder = session().file("config/portside");
        std::filesystem::create_directories(folder);
        std::ofstream(folder + "/config.toml") << "refresh_seconds = 0.1\n";
    }
};

constexpr int kScans = 30;
const std::string kMain = "portside-overla"; // its process's name, cut at 15 bytes
const std::string kScanner = "scanner";
const std::string kBus = "bus";

// Whether the main thread sleeps without one interruption while the scanner does that many scans.
bool sleeps_through_scans(pid_t pid) {
    const long before = sleeps_of(pid, kMain);
    const long scans = sleeps_of(pid, kScanner);
    const bool scanned = wait_until([&] { return sleeps_of(pid, kScanner) >= scans + kScans; });
    return scanned && sleeps_of(pid, kMain) == before;
}

// Whether no thread did anything in a time in which a window that is seen scans twenty times.
bool rests(pid_t pid) {
    const auto sleeps = [&] {
        return std::array{sleeps_of(pid, kMain), sleeps_of(pid, kScanner), sleeps_of(pid, kBus)};
    };
    const auto before = sleeps();
    std::this_thread::sleep_for(std::chrono::seconds(2)); // the time over which is measured, not a wait
    return before == sleeps();
}

} // namespace

TEST_SUITE("display") {
    TEST_CASE("a window that is seen draws no frame while scans find nothing new") {
        QuickScene scene;
        Listener listener = scene.listener_of_caller();
        Child overlay = scene.open_overlay();
        CHECK(wait_until([&] { return sleeps_through_scans(overlay.pid()); }));
        // And the main thread is woken when they do find something.
        const long before = sleeps_of(overlay.pid(), kMain);
        Listener another = scene.listener_of_caller();
        CHECK(wait_until([&] { return sleeps_of(overlay.pid(), kMain) > before; }));
    }

    TEST_CASE("hidden with a tray nothing is scanned and told") {
        QuickScene scene;
        Child host = scene.session().start({PolkitSandbox::program("test_tray_host")});
        host.expect("ready\n");
        Child overlay = scene.open_overlay();
        host.expect("item ");
        CHECK(wait_until([&] {
            scene.press("Escape");
            return !scene.is_shown();
        }));
        CHECK(wait_until([&] { return rests(overlay.pid()); }));
        Listener unseen = scene.listener_of_caller();
        const auto told = host.output().size();
        CHECK(rests(overlay.pid()));
        CHECK(host.output().substr(told) == "");
    }

    TEST_CASE("a minimised window scans and draws nothing and is renewed when it is shown") {
        QuickScene scene;
        Listener listener = scene.listener_of_caller();
        Child overlay = scene.open_overlay();
        scene.session().xdotool({"windowminimize", scene.window()});
        CHECK(wait_until([&] { return rests(overlay.pid()); }));
        Listener target = scene.listener_of_caller(); // nobody is told
        CHECK(rests(overlay.pid()));
        scene.session().focus(scene.window());
        scene.type("port:" + std::to_string(target.port));
        scene.press("Down");
        CHECK(scene.press_until_ended({"Delete"}, target.process));
        CHECK(scene.untouched(listener));
    }
}
