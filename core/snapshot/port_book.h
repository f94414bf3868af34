// SPDX-License-Identifier: MIT
// What the person noted of ports: favourites and labels, by protocol and port, whoever holds them. Plain values; any
// thread.
#pragma once

#include "core/platform/socket_entry.h"

#include <compare>
#include <cstdint>
#include <map>
#include <memory>
#include <string>

namespace portside::snapshot {

struct PortId {
    platform::Protocol protocol = platform::Protocol::tcp;
    std::uint16_t port = 0;
    auto operator<=>(const PortId&) const = default;
};

struct PortNote {
    bool favourite = false;
    std::string label; // safe to draw; empty: none
    [[nodiscard]] bool empty() const { return !favourite && label.empty(); }
    bool operator==(const PortNote&) const = default;
};

inline constexpr std::size_t kLongestLabel = 60; // bytes

// Only notes that say something are in it.
using PortBook = std::map<PortId, PortNote>;
using PortBookPtr = std::shared_ptr<const PortBook>;

// The note of this port, or one that says nothing.
[[nodiscard]] inline PortNote note_of(const PortBook& book, PortId port) {
    const auto found = book.find(port);
    return found == book.end() ? PortNote{} : found->second;
}

} // namespace portside::snapshot
