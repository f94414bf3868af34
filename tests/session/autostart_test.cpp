// SPDX-License-Identifier: MIT
// The autostart file: what it means, what is written, and what of the person's own stays.
#include "app/session/autostart.h"

#include <doctest/doctest.h>
#include <filesystem>
#include <unistd.h>

using namespace portside;
using session::Autostart;
using session::autostart_in;
using session::with_autostart;

namespace {

const std::string kProgram = "/usr/bin/portside";

} // namespace

TEST_CASE("a fresh autostart file starts portside and is removed again") {
    const auto text = with_autostart("", {true, true}, kProgram);
    CHECK(text.starts_with("[Desktop Entry]\nType=Application\n"));
    CHECK(text.find("\nExec=/usr/bin/portside --start-hidden\n") != std::string::npos);
    CHECK(autostart_in(text) == Autostart{true, true});
    const auto shown = with_autostart(text, {true, false}, kProgram);
    CHECK(shown.find("\nExec=/usr/bin/portside\n") != std::string::npos);
    CHECK(autostart_in(shown) == Autostart{true, false});
    CHECK(with_autostart(text, {false, true}, kProgram).empty());
    CHECK(with_autostart(shown, {false, true}, kProgram).empty());
    CHECK(with_autostart("", {false, true}, kProgram).empty());
}

TEST_CASE("of an autostart file that the person changed only the keys concerned are touched") {
    const std::string own = "# mine\n\n[Desktop Entry]\nName=My ports\n Exec = env A=1 portside\nX-Delay=5\n\n"
                            "[Desktop Action other]\nExec=true\nHidden=true\n";
    CHECK(autostart_in(own).on);
    const auto off = with_autostart(own, {false, true}, kProgram);
    CHECK(off == "# mine\n\n[Desktop Entry]\nName=My ports\n Exec = env A=1 portside\nX-Delay=5\nHidden=true\n\n"
                 "[Desktop Action other]\nExec=true\nHidden=true\n");
    CHECK_FALSE(autostart_in(off).on);
    CHECK(with_autostart(off, {false, true}, kProgram) == off);
    const auto on = with_autostart(off, {true, true}, kProgram);
    CHECK(on == "# mine\n\n[Desktop Entry]\nName=My ports\nExec=/usr/bin/portside --start-hidden\nX-Delay=5\n"
                "Hidden=false\n\n[Desktop Action other]\nExec=true\nHidden=true\n");
    CHECK(autostart_in(on) == Autostart{true, true});
}

TEST_CASE("what a desktop switched off is off until it is switched on here") {
    const std::string gnome = "[Desktop Entry]\nExec=portside\nX-GNOME-Autostart-enabled=false\n";
    CHECK_FALSE(autostart_in(gnome).on);
    const auto on = with_autostart(gnome, {true, false}, kProgram);
    CHECK(autostart_in(on) == Autostart{true, false});
    CHECK(on.find("X-GNOME-Autostart-enabled=true\n") != std::string::npos);
    for (const char* text : {"", "[Desktop Entry]\n", "[Desktop Entry]\nExec=\n", "Exec=portside\n",
                             "[Other]\nExec=a\n", "[Desktop Entry]\nExec=portside\nHidden=true"}) {
        CAPTURE(text);
        CHECK_FALSE(autostart_in(text).on);
        CHECK(autostart_in(with_autostart(text, {true, true}, kProgram)) == Autostart{true, true});
        CHECK(with_autostart(text, {false, true}, kProgram) == text);
    }
}

TEST_CASE("a program in any folder is quoted as desktop entries want it") {
    const auto exec = [](const std::string& program) {
        const auto text = with_autostart("", {true, false}, program);
        const auto at = text.find("\nExec=") + 6;
        return text.substr(at, text.find('\n', at) - at);
    };
    CHECK(exec("/opt/a b/portside") == "\"/opt/a b/portside\"");
    CHECK(exec("/opt/50%/portside") == "\"/opt/50%%/portside\"");
    CHECK(exec("/opt/$x`y\"z/portside") == "\"/opt/\\\\$x\\\\`y\\\\\"z/portside\"");
    CHECK(exec("/opt/back\\slash") == "\"/opt/back\\\\\\\\slash\"");
}

TEST_CASE("the autostart file is written and removed and a folder in its place is told") {
    const auto folder = std::filesystem::temp_directory_path() / ("portside-autostart-" + std::to_string(::getpid()));
    const std::string path = folder / "autostart/org.portside.Portside.desktop";
    CHECK_FALSE(session::read_autostart(path).on);
    CHECK(session::write_autostart(path, {true, true}, kProgram).has_value());
    CHECK(session::read_autostart(path) == Autostart{true, true});
    CHECK(session::write_autostart(path, {false, true}, kProgram).has_value());
    CHECK_FALSE(std::filesystem::exists(path));
    CHECK(session::write_autostart(path, {false, true}, kProgram).has_value());
    std::filesystem::create_directories(path);
    const auto written = session::write_autostart(path, {true, true}, kProgram);
    REQUIRE_FALSE(written.has_value());
    CHECK(written.error().what.find(path) != std::string::npos);
    std::filesystem::remove_all(folder);
}
