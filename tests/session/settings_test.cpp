// SPDX-License-Identifier: MIT
#include "app/session/settings.h"

#include <cstdlib>
#include <doctest/doctest.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <unistd.h>

using namespace portside;
using session::parse_settings;
using session::parse_window_state;
using session::with_settings;

namespace {

std::string content(const std::filesystem::path& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
}

} // namespace

TEST_CASE("an empty file means the defaults") {
    CHECK(parse_settings("").value() == session::Settings{});
    CHECK(parse_window_state("").value() == session::WindowState{});
}

TEST_CASE("settings are taken from the file") {
    const auto settings =
        parse_settings("confirm_kill = \"always\"\nrefresh_seconds = 2.5\ntheme = \"light\"\n").value();
    CHECK(settings.confirm_kill == session::ConfirmKill::always);
    CHECK(settings.refresh == std::chrono::milliseconds(2500));
    CHECK(settings.theme == session::ThemeChoice::light);
    CHECK(parse_settings("theme = \"dark\"").value().theme == session::ThemeChoice::dark);
    CHECK(parse_settings("theme = \"desktop\"").value().theme == session::ThemeChoice::desktop);
    CHECK(session::Settings{}.theme == session::ThemeChoice::desktop);
    CHECK(parse_settings("refresh_seconds = 3").value().refresh == std::chrono::seconds(3));
}

TEST_CASE("what is wrong in a file is told with its line") {
    for (const char* text :
         {"confirm_kill = \"never\"", "confirm_kill = 1", "refresh_seconds = 0", "refresh_seconds = nan",
          "refresh_seconds = 1e300", "opacity = 59", "opacity = 80.5", "always_on_top = 1", "window_frame = \"no\"",
          "refresh_seconds = \"fast\"", "theme = \"pink\"", "colour = 1", "= broken", "[unclosed",
          "theme = \"dark\"\ntheme = \"dark\""}) {
        CAPTURE(text);
        const auto settings = parse_settings(text);
        REQUIRE_FALSE(settings.has_value());
        CHECK(settings.error().what.starts_with("line "));
    }
}

TEST_CASE("every setting survives being written and read") {
    session::Settings wanted;
    wanted.confirm_kill = session::ConfirmKill::always;
    wanted.refresh = std::chrono::milliseconds(2500);
    wanted.theme = session::ThemeChoice::light;
    wanted.always_on_top = !wanted.always_on_top;
    wanted.window_frame = !wanted.window_frame;
    wanted.start_hidden = !wanted.start_hidden;
    wanted.opacity = 75;
    const auto text = with_settings("", wanted).value();
    CHECK(parse_settings(text).value() == wanted);
    CHECK(with_settings(text, wanted).value() == text);
    CHECK(parse_settings(with_settings(text, {}).value()).value() == session::Settings{});
}

TEST_CASE("writing a setting keeps what the person wrote") {
    session::Settings wanted;
    wanted.theme = session::ThemeChoice::light;
    wanted.refresh = std::chrono::seconds(5);
    wanted.opacity = 80;
    CHECK(with_settings("# mine \u00e4\n\n  theme='dark'# not light\r\n\"refresh_seconds\"   =  2.50   # slow\n"
                        "confirm_kill = \"risky\" # as it is",
                        wanted)
              .value() == "# mine \u00e4\n\n  theme=\"light\"# not light\r\n\"refresh_seconds\"   =  5   # slow\n"
                          "confirm_kill = \"risky\" # as it is\nopacity = 80\n");
    // What is as it should be stays in the person's own form; many lines become one value.
    wanted = {};
    CHECK(with_settings("refresh_seconds = 1.00 # a second", wanted).value() == "refresh_seconds = 1.00 # a second");
    CHECK(with_settings("theme = \"\"\"\nlight\"\"\" # three\nopacity = 70\n", wanted).value() ==
          "theme = \"desktop\" # three\nopacity = 100\n");
    CHECK(with_settings("", wanted).value().empty());
}

TEST_CASE("a malformed file is not written over") {
    const auto path = std::filesystem::temp_directory_path() / ("portside-settings-" + std::to_string(::getpid()));
    std::ofstream(path) << "theme = pink # mine\n";
    session::Settings wanted;
    wanted.theme = session::ThemeChoice::light;
    const auto saved = session::save_settings(path.string(), wanted);
    REQUIRE_FALSE(saved.has_value());
    CHECK(saved.error().what.find("line 1") != std::string::npos);
    CHECK(content(path) == "theme = pink # mine\n");
    // A link to the file goes on being one.
    const std::string link = path.string() + "-link";
    std::ofstream(path) << "# mine\n";
    std::filesystem::create_symlink(path, link);
    CHECK(session::save_settings(link, wanted).has_value());
    CHECK(std::filesystem::is_symlink(link));
    CHECK(content(path) == "# mine\ntheme = \"light\"\n");
    std::filesystem::remove(link);
    std::filesystem::remove(path);
    CHECK_FALSE(session::save_settings("/proc/no/such/config.toml", wanted).has_value());
}

TEST_CASE("the windows state survives being written and read") {
    session::WindowState state;
    state.sort = {snapshot::SortColumn::user, true};
    std::swap(state.columns[1], state.columns[3]);
    state.columns[2].visible = false;
    state.columns[0].width = 4.5F;
    CHECK(parse_window_state(session::window_state_text(state)).value() == state);
}

TEST_CASE("a damaged window state keeps every column once") {
    const auto state = parse_window_state("[[columns]]\nname = \"pid\"\n[[columns]]\nname = \"pid\"\n"
                                          "[[columns]]\nname = \"nonsense\"\nwidth = -5\n[sort]\nby = \"nothing\"\n")
                           .value();
    CHECK(state.columns[0].column == ui::Column::pid);
    for (const auto& known : ui::default_columns()) {
        int times = 0;
        for (const auto& column : state.columns) {
            times += column.column == known.column ? 1 : 0;
        }
        CHECK(times == 1);
    }
    CHECK(state.sort == snapshot::SortOrder{});
    CHECK_FALSE(parse_window_state("columns = [").has_value());
}

TEST_CASE("paths follow the XDG base directory specification") {
    ::setenv("HOME", "/home/me", 1);
    ::unsetenv("XDG_CONFIG_HOME");
    ::setenv("XDG_STATE_HOME", "relative/is/invalid", 1);
    CHECK(session::settings_path() == "/home/me/.config/portside/config.toml");
    CHECK(session::window_state_path() == "/home/me/.local/state/portside/window.toml");
    ::setenv("XDG_STATE_HOME", "/state", 1);
    CHECK(session::window_state_path() == "/state/portside/window.toml");
}

TEST_CASE("how rows are grouped survives being written and read and nonsense means flat") {
    for (const auto grouping : {ui::Grouping::flat, ui::Grouping::process, ui::Grouping::project}) {
        session::WindowState state;
        state.grouping = grouping;
        CHECK(parse_window_state(session::window_state_text(state)).value() == state);
    }
    CHECK(parse_window_state("[groups]\nby = \"colour\"\n").value().grouping == ui::Grouping::flat);
    CHECK(parse_window_state("groups = 3\n").value().grouping == ui::Grouping::flat);
}

TEST_CASE("that a hint was read is kept") {
    session::WindowState state;
    CHECK_FALSE(parse_window_state(window_state_text(state)).value().owners_told);
    state.owners_told = true;
    CHECK(parse_window_state(window_state_text(state)).value() == state);
    CHECK_FALSE(parse_window_state("read = 3\n").value().owners_told);
}
