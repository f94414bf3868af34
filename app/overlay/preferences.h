// SPDX-License-Identifier: MIT
// What the settings card changes, done: to the window, to config.toml and to the desktop's autostart file. UI thread.
#pragma once

#include "app/session/settings.h"
#include "app/shell/window.h"
#include "app/ui/intents.h"

#include <string>

namespace portside::overlay {

class PreferenceKeeper {
  public:
    // `kept`: as the files have it.
    explicit PreferenceKeeper(const session::Settings& kept) : kept_(kept) {}

    // Returns what there is to tell, or nothing.
    [[nodiscard]] std::string carry_out(const ui::SetPreferences& wanted, shell::Window& window);

    // Whether the desktop starts us, as its file says.
    [[nodiscard]] bool autostart() const { return kept_.autostart; }

  private:
    [[nodiscard]] std::string keep_autostart(const session::Settings& wanted);

    session::Settings kept_;
    bool complained_ = false; // that config.toml cannot be written: once until it can
};

void set_up(shell::WindowOptions& options, const ui::Preferences& preferences);

// What this desktop cannot do, in sentences.
[[nodiscard]] ui::PreferenceLimits limits_of(const shell::Window::Abilities& abilities, bool can_come_back);

} // namespace portside::overlay
