// SPDX-License-Identifier: MIT
// What an engine's GET /containers/json tells, and which of them is meant. Pure; any thread.
#pragma once

#include "core/base/result.h"
#include "core/platform/port_forwarder.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace portside::supervisors {

struct PublishedPort {
    std::string host_address; // empty: not told
    std::uint16_t host_port = 0;
    std::uint16_t container_port = 0;
    platform::Protocol protocol = platform::Protocol::tcp;
    bool operator==(const PublishedPort&) const = default;
};

struct ListedContainer {
    std::string id;                     // hexadecimal
    std::string name;                   // safe to draw, without the leading slash
    std::string image;                  // safe to draw
    std::vector<std::string> addresses; // its own, in its networks
    std::vector<PublishedPort> ports;
    bool operator==(const ListedContainer&) const = default;
};

// The engine's answer is hostile input: bounded, and an entry that has not the documented form is malformed.
[[nodiscard]] base::Result<std::vector<ListedContainer>> container_list_from_json(std::string_view json);
// The "message" of an engine's error answer, safe to draw; empty where there is none.
[[nodiscard]] std::string message_from_json(std::string_view json);

// Lower-case hexadecimal, 12 to 64 digits: what may stand in a request's path.
[[nodiscard]] bool is_container_id(std::string_view id);

// Which container is meant.
struct ContainerWish {
    platform::Container container; // with an id: exactly that one
    platform::Protocol protocol = platform::Protocol::tcp;
    std::uint16_t port = 0;
    std::optional<platform::Forward> forward; // what the forwarder's arguments tell
};

// All that fit; one is the answer.
[[nodiscard]] std::vector<ListedContainer> matching(const std::vector<ListedContainer>& containers,
                                                    const ContainerWish& wish);

} // namespace portside::supervisors
