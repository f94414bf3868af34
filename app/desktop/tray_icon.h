// SPDX-License-Identifier: MIT
// Portside's icon as pixels, for trays that do not find the installed one: assets/portside.svg in code. Pure; any
// thread.
#pragma once

#include <cstdint>
#include <vector>

namespace portside::desktop {

struct IconPixels {
    int side = 0;                   // pixels
    std::vector<std::uint8_t> argb; // four bytes a pixel, A R G B, not multiplied; rows from the top
};

// `side` of 8 pixels or more.
[[nodiscard]] IconPixels draw_icon(int side);

} // namespace portside::desktop
