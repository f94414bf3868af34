// SPDX-License-Identifier: MIT
// A desktop in a sandbox, with listeners to find and the overlay to find them with. One thread: the test's own.
#pragma once

#include "tests/support/display_session.h"
#include "tests/support/polkit_sandbox.h"

#include <chrono>
#include <string>
#include <vector>

namespace portside::display_test {

inline constexpr std::chrono::milliseconds kBetweenLooks{150}; // at the window

// A file's; empty where there is none.
[[nodiscard]] std::string content(const std::string& path);

// A process that listens on loopback, and its port.
struct Listener {
    Listener(const support::PolkitSandbox& sandbox, const support::Place& place);
    support::Child process;
    int port;
};

class WindowScene {
  public:
    explicit WindowScene(support::Rule rule = support::Rule::no, support::Helper helper = support::Helper::none);

    [[nodiscard]] Listener listener_of_caller() const { return {sandbox_, sandbox_.caller()}; }
    [[nodiscard]] Listener listener_of_other_user() const { return {sandbox_, sandbox_.other_user()}; }
    // Whether it runs and holds its port.
    [[nodiscard]] bool untouched(Listener& listener) const;

    // `portside`, waiting for a line before it starts: its pid is known first.
    [[nodiscard]] support::Child start_waiting() const;
    // `portside` with its window open and focused.
    [[nodiscard]] support::Child open_overlay();
    // The same where there is no session bus, so that nobody could bring a hidden window back.
    [[nodiscard]] support::Child open_overlay_without_bus();
    void wait_for_window(support::Child& overlay);
    [[nodiscard]] bool is_shown() const { return session_.find_window("portside").has_value(); }

    void type(const std::string& text) const;
    void press(const std::string& key) const;
    // A click of the left (1) or another button at that place in the window, in pixels.
    void click(int x, int y, int button = 1) const;
    // The window's, in pixels.
    [[nodiscard]] int width() const;
    // Presses the keys one after another, up to `times` rounds, until the process has ended: a button reacts only when
    // its row has stood still for a while, so one press may come too early, and each is harmless.
    [[nodiscard]] bool press_until_ended(const std::vector<std::string>& keys, support::Child& process,
                                         int times = 30) const;

    // What `portside list --json` prints for the ordinary user.
    [[nodiscard]] std::string list(int port) const;

    [[nodiscard]] const support::PolkitSandbox& sandbox() const { return sandbox_; }
    [[nodiscard]] const support::DisplaySession& session() const { return session_; }
    [[nodiscard]] const std::string& window() const { return window_; }

  private:
    support::PolkitSandbox sandbox_;
    support::DisplaySession session_;
    std::string window_;
};

} // namespace portside::display_test
