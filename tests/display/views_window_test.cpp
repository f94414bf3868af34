// SPDX-License-Identifier: MIT
// Which ports are seen, in the real window: views, system ports, favourites and names, and what of it is kept.
#include "tests/display/desk.h"
#include "tests/support/wait.h"

#include <doctest/doctest.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

using portside::display_test::Desk;
using portside::display_test::Listener;
using portside::support::Child;
using portside::support::PolkitSandbox;
using portside::support::wait_until;

namespace {

bool holds(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

std::string notes_path(const Desk& desk) {
    return desk.session().file("config/portside/ports.toml");
}

std::string notes(const Desk& desk) {
    std::ifstream file(notes_path(desk));
    return {std::istreambuf_iterator<char>(file), {}};
}

// What `portside list` with these words prints in the session.
std::string listed(const Desk& desk, std::vector<std::string> words) {
    words.insert(words.begin(), {PolkitSandbox::program("portside"), "list"});
    return desk.session().run(std::move(words)).output;
}

} // namespace

TEST_SUITE("display") {
    TEST_CASE("a view shows its rows only and is still chosen after a restart") {
        Desk desk;
        const std::string outside = desk.session().file("corner-shop");
        std::filesystem::create_directories(outside + "/.git");
        const std::string project = outside.substr(outside.find("/tmp/"));
        Listener other = desk.listener_of_caller(); // works on nothing
        Child wanted =
            desk.sandbox().start(desk.sandbox().caller(), {"/bin/sh", "-c", "cd \"$1\" && exec \"$2\"", "sh", project,
                                                           PolkitSandbox::program("test_listener")});
        const std::string port = wanted.first_line();
        const std::string dev = listed(desk, {"--view", "dev"});
        CHECK(holds(dev, port));
        CHECK_FALSE(holds(dev, std::to_string(other.port)));
        {
            Child overlay = desk.open_overlay();
            desk.press("ctrl+3");
            CHECK(wait_until([&] { return holds(desk.state(), "view = \"dev\"\n"); }));
            CHECK(desk.quit(overlay));
        }
        Child overlay = desk.open_overlay();
        desk.press("Down"); // the one row that there is
        CHECK(desk.press_until_ended({"Delete"}, wanted));
        CHECK(desk.untouched(other));
        desk.press("ctrl+1");
        CHECK(wait_until([&] { return holds(desk.state(), "view = \"all\"\n"); }));
    }

    TEST_CASE("a port is starred and named and found by its name after a restart") {
        Desk desk;
        Listener other = desk.listener_of_caller();
        Listener listener = desk.listener_of_caller();
        const std::string port = std::to_string(listener.port);
        {
            Child overlay = desk.open_overlay();
            desk.type("port:" + port);
            desk.press("Down");
            desk.press("ctrl+d");
            CHECK(wait_until([&] { return holds(notes(desk), "[tcp." + port + "]\nfavourite = true\n"); }));
            desk.press("F2");
            desk.type("corner kiosk");
            desk.press("Return");
            CHECK(wait_until([&] { return holds(notes(desk), "label = \"corner kiosk\"\n"); }));
            CHECK(holds(listed(desk, {"label:kiosk"}), port));
            CHECK(holds(listed(desk, {"is:favourite", "--json"}), "\"label\":\"corner kiosk\",\"favourite\":true"));
            CHECK(desk.quit(overlay));
        }
        std::ofstream(notes_path(desk), std::ios::app) << "# by hand\n";
        Child overlay = desk.open_overlay();
        desk.type("kiosk");
        desk.press("Down");
        desk.press("ctrl+d"); // no longer
        CHECK(wait_until([&] { return !holds(notes(desk), "favourite = true"); }));
        CHECK(holds(notes(desk), "# by hand\n"));
        CHECK(desk.press_until_ended({"Delete"}, listener.process));
        CHECK(desk.untouched(other));
    }

    TEST_CASE("a file of port notes that cannot be read is told and left alone") {
        Desk desk;
        Listener listener = desk.listener_of_caller();
        std::filesystem::create_directories(std::filesystem::path(notes_path(desk)).parent_path());
        const std::string broken = "[tcp.3000\nlabel = mine\n";
        std::ofstream(notes_path(desk)) << broken;
        const auto told = desk.session().run({PolkitSandbox::program("portside"), "list"});
        CHECK(told.status == 0);
        CHECK(holds(told.output, std::to_string(listener.port)));
        CHECK(holds(told.errors, "ports.toml, line 1"));
        Child overlay = desk.open_overlay();
        desk.type("port:" + std::to_string(listener.port));
        desk.press("Down");
        desk.press("ctrl+d");
        desk.press("F2");
        desk.type("kiosk");
        desk.press("Return");
        desk.press("ctrl+k");
        desk.type("kiosk"); // it works for this run
        desk.press("Down");
        CHECK(desk.press_until_ended({"Delete"}, listener.process));
        CHECK(notes(desk) == broken);
    }

    TEST_CASE("system ports are hidden on a key and a filter that finds only those shows them on Enter") {
        Desk desk("# mine\n");
        Child system =
            desk.sandbox().start(desk.sandbox().root(), {PolkitSandbox::program("test_listener"), "-host-port", "79"});
        const std::string port = system.first_line();
        Child overlay = desk.open_overlay();
        desk.press("ctrl+h");
        CHECK(wait_until([&] { return desk.config() == "# mine\nhide_system_ports = true\n"; }));
        desk.press("ctrl+h");
        CHECK(wait_until([&] { return desk.config() == "# mine\nhide_system_ports = false\n"; }));
        desk.press("ctrl+h");
        CHECK(wait_until([&] { return desk.config() == "# mine\nhide_system_ports = true\n"; }));
        CHECK(holds(listed(desk, {}), port)); // the command line shows all
        CHECK(holds(listed(desk, {"is:system"}), port));
        desk.type("port:" + port);
        desk.press("Return"); // shows them; with rows on the screen it would do nothing
        CHECK(wait_until([&] { return desk.config() == "# mine\nhide_system_ports = false\n"; }));
    }
}
