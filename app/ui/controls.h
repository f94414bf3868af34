// SPDX-License-Identifier: MIT
// What a setting is changed with: a switch, a row of choices, a slider; and small buttons with a drawing. UI thread.
#pragma once

#include "app/ui/paint.h"

#include <optional>
#include <span>
#include <string_view>

namespace portside::ui {

// Each has its right edge at `right` and its middle at `middle_y`, stands on a panel and returns the value that the
// pointer gave it. Not `enabled`: it is seen, and does nothing.
struct ControlSpot {
    float right = 0;
    float middle_y = 0;
    bool enabled = true;
};
[[nodiscard]] std::optional<int> draw_switch(Frame& frame, const char* id, const ControlSpot& spot, int value);
[[nodiscard]] std::optional<int> draw_choices(Frame& frame, const char* id, const ControlSpot& spot, int value,
                                              std::span<const std::string_view> choices);

struct Slid {
    int value = 0;
    bool settled = false; // it was let go
};
// In percent, from `least` to 100.
[[nodiscard]] std::optional<Slid> draw_slider(Frame& frame, const char* id, const ControlSpot& spot, int value,
                                              int least);
// How wide the widest of them is, in design units.
inline constexpr float kControlWidth = 230;

enum class Icon : std::uint8_t { gear, cross };
inline constexpr float kIconButton = 32; // design units
// A quiet square button; true when it was clicked.
bool draw_icon_button(Frame& frame, const char* id, ImVec2 middle, Icon icon);

} // namespace portside::ui
