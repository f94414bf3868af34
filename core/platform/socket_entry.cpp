// SPDX-License-Identifier: MIT
// Addresses and names of sockets as text. Pure; any thread.
#include "core/platform/socket_entry.h"

#include <algorithm>
#include <arpa/inet.h>
#include <charconv>
#include <span>

namespace portside::platform {

namespace {

constexpr std::array<std::uint8_t, 12> kMappedPrefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};

bool is_mapped_ipv4(const Address& address) {
    return address.family == Family::ipv6 &&
           std::equal(kMappedPrefix.begin(), kMappedPrefix.end(), address.bytes.begin());
}

bool all_zero(std::span<const std::uint8_t> bytes) {
    return std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t b) { return b == 0; });
}

} // namespace

std::string to_string(const Address& address) {
    if (address.family == Family::ipv4) { // most are, and inet_ntop(3) is slow: it prints by format
        std::string dotted;
        std::array<char, 3> number;
        for (std::size_t i = 0; i < 4; ++i) {
            char* const end =
                std::to_chars(number.data(), number.data() + number.size(), unsigned{address.bytes[i]}).ptr;
            dotted.append(i == 0 ? "" : ".").append(number.data(), end);
        }
        return dotted;
    }
    std::array<char, INET6_ADDRSTRLEN> text{};
    // Fails only for an unknown family or a short buffer: neither can be here.
    ::inet_ntop(AF_INET6, address.bytes.data(), text.data(), text.size());
    return text.data();
}

bool is_loopback(const Address& address) {
    if (address.family == Family::ipv4) {
        return address.bytes[0] == 127;
    }
    if (is_mapped_ipv4(address)) {
        return address.bytes[12] == 127;
    }
    return all_zero(std::span(address.bytes).first(15)) && address.bytes[15] == 1;
}

bool is_wildcard(const Address& address) {
    const std::span bytes(address.bytes);
    if (address.family == Family::ipv4) {
        return all_zero(bytes.first(4));
    }
    return all_zero(is_mapped_ipv4(address) ? bytes.last(4) : bytes);
}

const char* to_string(Protocol protocol) {
    return protocol == Protocol::tcp ? "tcp" : "udp";
}

const char* to_string(Family family) {
    return family == Family::ipv4 ? "ipv4" : "ipv6";
}

} // namespace portside::platform
