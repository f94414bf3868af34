// SPDX-License-Identifier: MIT
// What the person decided: the configuration that they write, and the arrangement that the window remembers. UI thread.
// Includes nothing of toml++, which settings.cpp alone reads.
#pragma once

#include "app/ui/preferences.h"
#include "app/ui/ui_state.h"
#include "core/base/result.h"
#include "core/base/window_place.h"
#include "core/snapshot/arrangement.h"

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace portside::session {

using ui::ConfirmKill;
using ui::ThemeChoice;

// $XDG_CONFIG_HOME/portside/config.toml; `autostart` is not in it.
using Settings = ui::Preferences;

// $XDG_STATE_HOME/portside/window.toml
struct WindowState {
    std::vector<base::WindowPlace> places; // where it was on each monitor, the newest first
    ui::ColumnLayout columns = ui::default_columns();
    snapshot::SortOrder sort;
    snapshot::View view = snapshot::View::all;
    ui::Grouping grouping = ui::Grouping::flat;
    bool owners_told = false; // that some owners may not be seen was read
    bool operator==(const WindowState&) const = default;
};

// The two files' paths by the XDG base directory specification; an unset or relative variable counts as its default.
[[nodiscard]] std::string settings_path();
[[nodiscard]] std::string window_state_path();

// malformed with the line and what is wrong there; unknown keys are an error too, as they are mostly slips.
[[nodiscard]] base::Result<Settings> parse_settings(std::string_view text);
// The text of the file with these settings in it: only values that differ are replaced, a key that is missing is added;
// comments, order and everything else stay as they are. malformed where the text cannot be read.
[[nodiscard]] base::Result<std::string> with_settings(std::string_view text, const Settings& wanted);
// Reads the file, puts these settings in and replaces it. A file that cannot be read or understood is left alone. Where
// the path is a symbolic link, what it leads to is replaced.
[[nodiscard]] base::Result<void> save_settings(const std::string& path, const Settings& wanted);
[[nodiscard]] base::Result<WindowState> parse_window_state(std::string_view text);
[[nodiscard]] std::string window_state_text(const WindowState& state);

} // namespace portside::session
