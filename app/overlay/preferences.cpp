// SPDX-License-Identifier: MIT
#include "app/overlay/preferences.h"

#include "app/overlay/own_files.h"
#include "app/session/autostart.h"

#include <fmt/format.h>

namespace portside::overlay {

std::string PreferenceKeeper::carry_out(const ui::SetPreferences& wanted, shell::Window& window) {
    const auto& now = wanted.preferences;
    window.set_opacity(now.opacity);
    window.set_frame(now.window_frame);
    if (now.always_on_top != kept_.always_on_top) {
        window.set_always_on_top(now.always_on_top);
    }
    if (!wanted.settled) {
        return {}; // a slider is held: nothing is written for each of its steps
    }
    auto told = keep_autostart(now);
    const auto saved = session::save_settings(session::settings_path(), now);
    if (!saved && !complained_) {
        told +=
            fmt::format("{}The settings apply until Portside ends: {}.", told.empty() ? "" : " ", saved.error().what);
    }
    complained_ = !saved;
    kept_ = now;
    kept_.autostart = session::read_autostart(session::autostart_path()).on;
    return told;
}

std::string PreferenceKeeper::keep_autostart(const session::Settings& wanted) {
    const bool hides = wanted.autostart && wanted.start_hidden != kept_.start_hidden;
    if (wanted.autostart == kept_.autostart && !hides) {
        return {};
    }
    const auto path = session::autostart_path();
    const auto written =
        session::write_autostart(path, {wanted.autostart, wanted.start_hidden}, command_line_program());
    return written ? std::string()
                   : fmt::format("Starting with the session could not be changed. {}.", written.error().what);
}

void set_up(shell::WindowOptions& options, const ui::Preferences& preferences) {
    options.frame = preferences.window_frame;
    options.always_on_top = preferences.always_on_top;
    options.opacity = preferences.opacity;
}

ui::PreferenceLimits limits_of(const shell::Window::Abilities& abilities, bool can_come_back) {
    ui::PreferenceLimits limits;
    if (!abilities.on_top) {
        limits.always_on_top = "Not on Wayland: no window may put itself above others there.";
    }
    if (!abilities.frameless) {
        limits.window_frame = "Always on Wayland: without it the window could not be moved.";
    }
    if (!abilities.opacity) {
        limits.opacity = abilities.on_top ? "Needs a compositor, and none runs on this display."
                                          : "Not on Wayland: windows cannot ask for it there.";
    }
    if (!can_come_back) {
        limits.start_hidden = "Needs a session bus: nothing could call the window back.";
    }
    return limits;
}

} // namespace portside::overlay
