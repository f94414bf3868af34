// SPDX-License-Identifier: MIT
// What the settings card offers, row by row. Pure.
#include "app/ui/settings_rows.h"

#include <algorithm>
#include <array>

namespace portside::ui {

namespace {

using namespace std::chrono_literals;
using Kind = SettingRow::Kind;

constexpr int kOpacityStep = 5;

constexpr std::array<std::string_view, 3> kThemes{"Desktop", "Dark", "Light"}; // in ThemeChoice's order
constexpr std::array<std::string_view, 4> kRefreshNames{"0.5 s", "1 s", "2 s", "5 s"};
constexpr std::array<std::chrono::milliseconds, 4> kRefreshes{500ms, 1000ms, 2000ms, 5000ms};

int refresh_of(const Preferences& preferences) {
    const auto* const found = std::ranges::find(kRefreshes, preferences.refresh);
    return found == kRefreshes.end() ? -1 : static_cast<int>(found - kRefreshes.begin());
}

template <bool Preferences::*kMember>
constexpr SettingRow toggle(const char* title, const char* sentence) {
    SettingRow row;
    row.title = title;
    row.sentence = sentence;
    row.value = [](const Preferences& p) { return p.*kMember ? 1 : 0; };
    row.set = [](Preferences& p, int value) { p.*kMember = value != 0; };
    return row;
}

constexpr SettingRow limited(SettingRow row, std::string PreferenceLimits::*limit) {
    row.limit = limit;
    return row;
}

constexpr std::array kRows{
    SettingRow{.kind = Kind::choice,
               .title = "Theme",
               .sentence = "Follows the desktop, or stays as it is.",
               .choices = kThemes,
               .value = [](const Preferences& p) { return static_cast<int>(p.theme); },
               .set = [](Preferences& p, int value) { p.theme = static_cast<ThemeChoice>(value); }},
    SettingRow{.kind = Kind::slider,
               .title = "Opacity",
               .sentence = "How much of what is behind the window is hidden.",
               .limit = &PreferenceLimits::opacity,
               .value = [](const Preferences& p) { return p.opacity; },
               .set = [](Preferences& p, int value) { p.opacity = value; }},
    limited(toggle<&Preferences::always_on_top>("Always on top", "Stays above other windows."),
            &PreferenceLimits::always_on_top),
    limited(toggle<&Preferences::window_frame>("Window frame", "The desktop's own title bar around the window."),
            &PreferenceLimits::window_frame),
    toggle<&Preferences::autostart>("Start with my session", "Runs as soon as you have logged in."),
    limited(toggle<&Preferences::start_hidden>("Start hidden", "Started with the session, it waits until you call it."),
            &PreferenceLimits::start_hidden),
    SettingRow{.kind = Kind::choice,
               .title = "Refresh",
               .sentence = "How often the list is read again; closed sockets show at once.",
               .choices = kRefreshNames,
               .value = refresh_of,
               .set = [](Preferences& p, int value) { p.refresh = kRefreshes.at(static_cast<std::size_t>(value)); }},
    toggle<&Preferences::hide_system_ports>(
        "Hide system ports", "Those of the system's own services; the status bar says how many. Ctrl H."),
    SettingRow{.title = "Ask before each kill",
               .sentence = "Off: only before what is risky.",
               .value = [](const Preferences& p) { return p.confirm_kill == ConfirmKill::always ? 1 : 0; },
               .set = [](Preferences& p,
                         int value) { p.confirm_kill = value != 0 ? ConfirmKill::always : ConfirmKill::risky; }},
};

} // namespace

std::span<const SettingRow> setting_rows() {
    return kRows;
}

int stepped(const SettingRow& row, int value, int steps) {
    switch (row.kind) {
    case Kind::toggle:
        return steps > 0 ? 1 : 0;
    case Kind::choice:
        return std::clamp(value + steps, 0, static_cast<int>(row.choices.size()) - 1);
    case Kind::slider:
        break;
    }
    return std::clamp(value + steps * kOpacityStep, kLeastOpacity, 100);
}

int switched(const SettingRow& row, int value) {
    switch (row.kind) {
    case Kind::toggle:
        return 1 - value;
    case Kind::choice:
        return (value + 1) % static_cast<int>(row.choices.size());
    case Kind::slider:
        break;
    }
    return value;
}

} // namespace portside::ui
