// SPDX-License-Identifier: MIT
// Key presses as values, from the window to what is drawn in it: ImGui 1.86 knows 22 keys, and every version loses
// chords when a frame is slow. Any thread.
#pragma once

#include <cstdint>

namespace portside::base {

enum class Key : std::uint8_t {
    up,
    down,
    page_up,
    page_down,
    home,
    end,
    left,
    right,
    tab,
    enter,
    escape,
    del,
    f1,
    f2,
    f5,
    f10,
    menu,
    a,
    c,
    d,
    e,
    f,
    g,
    h,
    k,
    q,
    comma,
    digit_1,
    digit_2,
    digit_3,
    digit_4,
    digit_5,
    space,
    other,
};

struct KeyPress {
    Key key = Key::other;
    bool control = false;
    bool shift = false;
    bool alt = false;
    bool repeat = false; // the key is held down; never starts or confirms a kill
};

} // namespace portside::base
