// SPDX-License-Identifier: MIT
// The overlay's window on its desktop: its place, its state, and a hand that drags it. One thread: the test's own.
#pragma once

#include "tests/display/window_scene.h"

#include <string>
#include <vector>

namespace portside::display_test {

struct Geometry {
    int x = 0;
    int y = 0;
    int width = 0;
    int height = 0;
    bool operator==(const Geometry&) const = default;
};

class Desk : public WindowScene {
  public:
    // `settings`: what config.toml holds at first; empty: there is none.
    explicit Desk(const std::string& settings = {});

    [[nodiscard]] std::string config() const; // config.toml
    [[nodiscard]] std::string state() const;  // window.toml
    void write_state(const std::string& text) const;
    [[nodiscard]] std::string autostart() const;

    [[nodiscard]] Geometry geometry() const;
    // Waits until it has stood still for a moment.
    [[nodiscard]] Geometry settled() const;
    // A property of the window, as xprop prints it.
    [[nodiscard]] std::string property(const std::string& name) const;
    [[nodiscard]] bool is_above() const;

    // From one point of the window, and by so much.
    void drag(int x, int y, int by_x, int by_y) const;
    // Of the X server; a scale of 1.5 is "Xft.dpi: 144".
    void set_resources(const std::string& text) const;
    // Opens the settings card and goes down to that row of it.
    void open_settings(int row) const;
    // Escape until the overlay has ended.
    [[nodiscard]] bool quit(support::Child& overlay) const;
    // Starts `portside` with these words and further environment; waits for no window.
    [[nodiscard]] support::Child start(const std::vector<std::string>& words,
                                       const std::vector<std::string>& environment = {}) const;
};

} // namespace portside::display_test
