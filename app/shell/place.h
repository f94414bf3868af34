// SPDX-License-Identifier: MIT
// Where a window goes: on which monitor, and never beyond its edges; which edge the pointer is on. Pure.
#pragma once

#include "core/base/window_place.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace portside::shell {

// In the window system's own units.
struct Area {
    int x = 0;
    int y = 0;
    int width = 0;
    int height = 0;
    bool operator==(const Area&) const = default;
};
struct Point {
    int x = 0;
    int y = 0;
};

struct Monitor {
    std::string name;
    Area whole;
    Area work; // without panels and docks
};

// The monitor that holds the point, else the nearest one. There must be one.
[[nodiscard]] std::size_t monitor_at(std::span<const Monitor> monitors, Point point);
// The one that most of the window is on.
[[nodiscard]] std::size_t monitor_of(std::span<const Monitor> monitors, const Area& window);

struct Sizes { // at scale 1
    float width = 0;
    float height = 0;
    float min_width = 0;
    float min_height = 0;
};
// Where the window is to be on this monitor: where it was remembered there, whole and inside, else in the middle, a
// little above it, as large as it was anywhere (`remembered`, the newest first). `unit`: what a unit of scale 1 is.
[[nodiscard]] Area area_on(const Monitor& monitor, std::span<const base::WindowPlace> remembered, const Sizes& sizes,
                           float unit);
[[nodiscard]] base::WindowPlace place_on(const Monitor& monitor, const Area& window, float unit);
// Puts the place first, and forgets what was remembered of its monitor, and of the one longest ago where there are
// many.
void remember(std::vector<base::WindowPlace>& places, const base::WindowPlace& place);

// In the order in which _NET_WM_MOVERESIZE counts them.
enum class Grip : std::uint8_t { top_left, top, top_right, right, bottom_right, bottom, bottom_left, left, move, none };
// Which edge or corner of a window of this size the point is on; `margin` wide, corners three times as long.
[[nodiscard]] Grip grip_at(Point point, Point size, int margin);
// The window after the pointer has moved so far with this grip; no smaller than `least`.
[[nodiscard]] Area dragged(const Area& start, Grip grip, Point moved, Point least);

// Of an X server's resources ("Xft.dpi:\t144\n"); 1 where they do not say.
[[nodiscard]] float scale_in(std::string_view resources);

} // namespace portside::shell
