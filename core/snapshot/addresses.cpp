// SPDX-License-Identifier: MIT
// What the sockets of one row listen on, as a person reads it. Pure; any thread.
#include "core/snapshot/addresses.h"

#include <algorithm>
#include <compare>

namespace portside::snapshot {

namespace {

// A v4-mapped wildcard (::ffff:0.0.0.0) takes IPv4 only, so it is no wildcard of its own family.
bool is_family_wildcard(const platform::Address& address) {
    return std::all_of(address.bytes.begin(), address.bytes.end(), [](std::uint8_t byte) { return byte == 0; });
}

struct Shown {
    bool one_family = true; // false: "*"
    platform::Address address;
    std::string interface;
    auto operator<=>(const Shown&) const = default;
};

Shown shown(const platform::SocketEntry& socket) {
    const bool both =
        socket.family == platform::Family::ipv6 && socket.v6only == false && is_family_wildcard(socket.local.address);
    return both ? Shown{false, {}, socket.interface} : Shown{true, socket.local.address, socket.interface};
}

std::string text_of(const Shown& place, AddressTexts& texts) {
    std::string text = place.one_family ? texts.of(place.address) : "*";
    if (!place.interface.empty()) {
        text += '%';
        text += place.interface;
    }
    return text;
}

Exposure exposure_of_one(const platform::SocketEntry& socket) {
    if (platform::is_loopback(socket.local.address) || socket.interface == "lo") {
        return Exposure::loopback;
    }
    return platform::is_wildcard(socket.local.address) && socket.interface.empty() ? Exposure::all
                                                                                   : Exposure::interface;
}

} // namespace

const std::string& AddressTexts::of(const platform::Address& address) {
    std::size_t sum = static_cast<std::size_t>(address.family);
    for (const std::uint8_t byte : address.bytes) {
        sum = sum * 31 + byte;
    }
    Known& known = known_[sum % known_.size()];
    if (known.text.empty() || known.address != address) {
        known = {address, platform::to_string(address)};
    }
    return known.text;
}

std::vector<std::string> merged_addresses(std::span<const platform::SocketEntry> sockets, AddressTexts& texts) {
    if (sockets.size() == 1) { // most rows
        std::vector<std::string> only;
        only.push_back(text_of(shown(sockets.front()), texts));
        return only;
    }
    std::vector<Shown> places;
    places.reserve(sockets.size());
    for (const auto& socket : sockets) {
        places.push_back(shown(socket));
    }
    std::sort(places.begin(), places.end());
    places.erase(std::unique(places.begin(), places.end()), places.end());
    // "*" says all that a wildcard of one family on the same device says.
    const auto both_end =
        std::find_if(places.begin(), places.end(), [](const Shown& place) { return place.one_family; });
    const auto covered = [&](const Shown& place) {
        return place.one_family && is_family_wildcard(place.address) &&
               std::any_of(places.begin(), both_end,
                           [&](const Shown& both) { return both.interface == place.interface; });
    };
    std::vector<std::string> merged;
    for (const auto& place : places) {
        if (!covered(place)) {
            merged.push_back(text_of(place, texts));
        }
    }
    return merged;
}

Exposure exposure_of(std::span<const platform::SocketEntry> sockets) {
    Exposure widest = Exposure::loopback;
    for (const auto& socket : sockets) {
        widest = std::max(widest, exposure_of_one(socket));
    }
    return widest;
}

} // namespace portside::snapshot
