// SPDX-License-Identifier: MIT
// What the person can set from the window. Session keeps it in config.toml, but for `autostart`, which is a file of the
// desktop's. Plain values; any thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace portside::ui {

enum class ThemeChoice : std::uint8_t {
    desktop,
    dark,
    light
}; // desktop: as the desktop prefers; dark where it does not say
enum class ConfirmKill : std::uint8_t { risky, always };

inline constexpr int kLeastOpacity = 60; // percent: below that text cannot be read on every ground

struct Preferences {
    ConfirmKill confirm_kill = ConfirmKill::risky;
    std::chrono::milliseconds refresh{1000}; // between two scans; 100 ms to an hour
    ThemeChoice theme = ThemeChoice::desktop;
    bool always_on_top = true;
    bool window_frame = false; // the desktop's own title bar
    int opacity = 100;         // percent, from kLeastOpacity
    bool autostart = false;    // with the session
    bool start_hidden = true;  // where it is started with the session
    bool hide_system_ports = false;
    bool operator==(const Preferences&) const = default;
};

// Why a preference does nothing here, as a sentence for the settings card; empty where it works.
struct PreferenceLimits {
    std::string always_on_top{};
    std::string window_frame{};
    std::string opacity{};
    std::string start_hidden{};
    bool operator==(const PreferenceLimits&) const = default;
};

} // namespace portside::ui
