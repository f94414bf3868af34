// SPDX-License-Identifier: MIT
// What the overlay reads of its own when it starts. UI thread.
#pragma once

#include "app/session/settings.h"
#include "core/snapshot/port_book.h"

#include <string>

namespace portside::overlay {

// `portside` itself: beside us, or in bin/ of the same installation. What an administrator's "Who holds it?" runs, and
// what the desktop starts with the session.
[[nodiscard]] std::string command_line_program();

// Files of ours: their defaults where there is none; where one cannot be used, `complaint` says why. `autostart` is
// what the desktop's file says.
[[nodiscard]] session::Settings load_settings(std::string& complaint);
[[nodiscard]] session::WindowState load_window_state(std::string& complaint);
[[nodiscard]] snapshot::PortBook load_port_book(std::string& complaint);

} // namespace portside::overlay
