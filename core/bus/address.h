// SPDX-License-Identifier: MIT
// Addresses of buses as D-Bus writes them. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

namespace portside::bus {

// Of the unix socket at `path`: "unix:path=/run/user/1000/bus".
[[nodiscard]] std::string unix_address(std::string_view path);

} // namespace portside::bus
