// SPDX-License-Identifier: MIT
// What the tray says. Plain values.
#pragma once

#include <cstddef>
#include <string>

namespace portside::desktop {

struct TrayText {
    std::size_t ports = 0;
    std::size_t tcp = 0;
    std::size_t udp = 0;
    std::string as_of{}; // "12:03"; empty: nothing has been counted yet
    bool window_shown = true;
    bool operator==(const TrayText&) const = default;
};

// "42 ports (30 TCP, 12 UDP), as of 12:03"
[[nodiscard]] std::string tray_sentence(const TrayText& text);

} // namespace portside::desktop
