// SPDX-License-Identifier: MIT
#include "app/session/settings.h"

#include <cstdlib>
#include <doctest/doctest.h>

using namespace portside;
using session::parse_settings;
using session::parse_window_state;

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
          "refresh_seconds = 1e300", "refresh_seconds = \"fast\"", "theme = \"pink\"", "colour = 1", "= broken",
          "[unclosed", "theme = \"dark\"\ntheme = \"dark\""}) {
        CAPTURE(text);
        const auto settings = parse_settings(text);
        REQUIRE_FALSE(settings.has_value());
        CHECK(settings.error().what.starts_with("line "));
    }
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
