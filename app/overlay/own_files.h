// SPDX-License-Identifier: MIT
// What the overlay reads of its own when it starts, and keeps while it runs. UI thread.
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

// Why it could not be kept, as a sentence for a person; empty where it was. `note`: told each time, as what was typed
// would else be lost without a word.
[[nodiscard]] std::string keep_note(snapshot::PortId port, const snapshot::PortNote& note);

// The window's arrangement, as it is in its file.
class KeptArrangement {
  public:
    explicit KeptArrangement(std::string& complaint) : state_(load_window_state(complaint)) {}
    [[nodiscard]] const session::WindowState& state() const { return state_; }
    // Writes it where it differs. The same as keep_note's, but told once.
    [[nodiscard]] std::string keep(const session::WindowState& state);

  private:
    session::WindowState state_;
    bool complained_ = false;
};

} // namespace portside::overlay
