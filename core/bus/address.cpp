// SPDX-License-Identifier: MIT
#include "core/bus/address.h"

#include <fmt/format.h>

namespace portside::bus {

// D-Bus specification, "Server Addresses": every other byte is written as %XX.
std::string unix_address(std::string_view path) {
    std::string address = "unix:path=";
    for (const char c : path) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                           c == '_' || c == '/' || c == '\\' || c == '*' || c == '.';
        address += plain ? std::string(1, c) : fmt::format("%{:02x}", static_cast<unsigned char>(c));
    }
    return address;
}

} // namespace portside::bus
