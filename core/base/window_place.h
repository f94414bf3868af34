// SPDX-License-Identifier: MIT
// Where a window was on one monitor, as it is remembered between two starts. Any thread.
#pragma once

#include <string>

namespace portside::base {

struct WindowPlace {
    std::string monitor; // its name; another program's text
    // In units of scale 1; the position counts from the monitor's upper left corner.
    float x = 0;
    float y = 0;
    float width = 0;
    float height = 0;
    bool maximised = false; // the rest is then what it had before
    bool operator==(const WindowPlace&) const = default;
};

} // namespace portside::base
