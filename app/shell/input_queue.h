// SPDX-License-Identifier: MIT
// Input between the window's callbacks and ImGui, handed on one change a frame. ImGui 1.86 applies input at once, so
// that a key or click shorter than a frame is lost, and a click lands where the pointer went afterwards: on another
// row. Later versions queue by themselves, but then key presses would run ahead of the characters typed before them; so
// all versions are fed from here. Knows no window; UI thread.
#pragma once

#include "core/base/key_press.h"

#include <deque>
#include <vector>

namespace portside::shell {

struct InputEvent {
    enum class Kind { key, text, pointer, pointer_left, button, wheel, focus };
    Kind kind = Kind::key;
    bool down = false;         // key, button: pressed or released. focus: gained or lost
    bool own_frame = false;    // key: acts by being pressed, so nothing else may change in its frame
    int code = 0;              // key: GLFW's key token in the user's layout. button: its number
    int scancode = 0;          // key
    int mods = 0;              // key, button: GLFW's modifier bits at that moment
    bool press_counts = false; // key: `press` is to be handed to ui
    base::KeyPress press{};    // key
    char32_t text = 0;         // text
    double x = 0;              // pointer: position in pixels. wheel: steps
    double y = 0;
};

class InputQueue {
  public:
    void push(const InputEvent& event);
    [[nodiscard]] bool empty() const { return events_.empty(); }

    // What the next frame is told, in order: pointer motion before at most one change of a button, or a run of
    // characters, or one change of a key that acts. Keys that only type count as characters. Never empty while the
    // queue is not.
    [[nodiscard]] std::vector<InputEvent> take_frame();

  private:
    std::deque<InputEvent> events_;
};

} // namespace portside::shell
