// SPDX-License-Identifier: MIT
// How it looks: the fonts (owned by the window room), the theme and the scale. UI thread.
#pragma once

#include "app/ui/theme.h"

struct ImFont;

namespace portside::ui {

struct Look {
    ImFont* text = nullptr;   // 15 at scale 1
    ImFont* strong = nullptr; // 15 semi-bold
    ImFont* search = nullptr; // 18
    ImFont* small = nullptr;  // 11.5 semi-bold
    ImFont* mono = nullptr;   // 14.5
    Theme theme;
    float scale = 1.0F;
};

} // namespace portside::ui
