// SPDX-License-Identifier: MIT
// What the person decided: the configuration that they write, and the arrangement that the window remembers. UI thread.
// Includes nothing of toml++, which settings.cpp alone reads.
#pragma once

#include "app/ui/ui_state.h"
#include "core/base/result.h"
#include "core/snapshot/arrangement.h"

#include <chrono>
#include <string>
#include <string_view>

namespace portside::session {

enum class ConfirmKill : std::uint8_t { risky, always };
enum class ThemeChoice : std::uint8_t { desktop, dark, light }; // desktop: as it prefers; dark where it does not say

// $XDG_CONFIG_HOME/portside/config.toml
struct Settings {
    ConfirmKill confirm_kill = ConfirmKill::risky;
    std::chrono::milliseconds refresh{1000}; // between two scans; 100 ms to an hour
    ThemeChoice theme = ThemeChoice::desktop;
    bool operator==(const Settings&) const = default;
};

// $XDG_STATE_HOME/portside/window.toml
struct WindowState {
    ui::ColumnLayout columns = ui::default_columns();
    snapshot::SortOrder sort;
    bool operator==(const WindowState&) const = default;
};

// The two files' paths by the XDG base directory specification; an unset or relative variable counts as its default.
[[nodiscard]] std::string settings_path();
[[nodiscard]] std::string window_state_path();

// malformed with the line and what is wrong there; unknown keys are an error too, as they are mostly slips.
[[nodiscard]] base::Result<Settings> parse_settings(std::string_view text);
[[nodiscard]] base::Result<WindowState> parse_window_state(std::string_view text);
[[nodiscard]] std::string window_state_text(const WindowState& state);

} // namespace portside::session
