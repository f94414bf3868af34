// SPDX-License-Identifier: MIT
// A desktop of a test's own: X server, window manager, session bus, HOME and XDG folders. Nothing of the user's own
// session is read or written. One thread. Throws std::runtime_error where a part is missing: such a test fails.
#pragma once

#include "tests/support/child.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace portside::support {

class DisplaySession {
  public:
    // `place`: where all of it runs (see PolkitSandbox); by default here, as this user. `screen`: in pixels.
    explicit DisplaySession(Place place = {}, const std::string& screen = "1600x1000");
    DisplaySession(const DisplaySession&) = delete;
    DisplaySession& operator=(const DisplaySession&) = delete;
    ~DisplaySession();

    // ":7", as DISPLAY takes it.
    [[nodiscard]] const std::string& display() const { return display_; }
    // The whole environment for a program in this session, NAME=value.
    [[nodiscard]] const std::vector<std::string>& environment() const { return environment_; }
    // The value of one of its variables; throws where it is not set.
    [[nodiscard]] std::string variable(const std::string& name) const;
    // The session's own folder as programs in it name it; HOME is in it.
    [[nodiscard]] const std::string& folder() const { return folder_; }
    // The same folder's `name`, as this process names it.
    [[nodiscard]] std::string file(const std::string& name) const { return place_.files + folder_ + "/" + name; }

    [[nodiscard]] Child start(std::vector<std::string> argv) const;
    // With further or other variables.
    [[nodiscard]] Child start(std::vector<std::string> argv, const std::vector<std::string>& more_environment) const;
    [[nodiscard]] Outcome run(std::vector<std::string> argv) const;
    // Runs xdotool and returns what it printed; throws when it fails.
    std::string xdotool(std::vector<std::string> words) const;

    // The first visible window of this class, as xdotool names windows.
    [[nodiscard]] std::optional<std::string> find_window(const std::string& window_class) const;
    // Waits until there is one; throws with `owner`'s output when none comes or `owner` ends first.
    [[nodiscard]] std::string wait_for_window(const std::string& window_class, Child& owner) const;
    // Gives the window the keyboard focus and waits until it has it.
    void focus(const std::string& window) const;
    [[nodiscard]] std::string title(const std::string& window) const;

    // The whole screen as PNG at `path`, as this process names it.
    void screenshot(const std::string& path) const;

  private:
    void make_folders();
    void start_display(const std::string& screen);
    void start_bus();

    Place place_;
    std::string folder_, display_;
    std::vector<std::string> environment_;
    std::unique_ptr<Child> bus_, server_, window_manager_; // ended in the opposite order
};

// What a sanitizer build's window programs need beside the session's environment; nothing in other builds.
// `no_dlclose`: that module, as programs in the session name it.
[[nodiscard]] std::vector<std::string> window_environment(const std::string& no_dlclose);

} // namespace portside::support
