// SPDX-License-Identifier: MIT
// What another start, the desktop or the tray asks the running Portside for. A plain value.
#pragma once

#include <cstdint>

namespace portside::desktop {

enum class Order : std::uint8_t { show, hide, toggle, rescan, quit };

} // namespace portside::desktop
