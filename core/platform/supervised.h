// SPDX-License-Identifier: MIT
// What keeps a process besides its parent: the systemd unit or the container that it belongs to. Plain values; any
// thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <sys/types.h>

namespace portside::platform {

struct Unit {
    std::string name;             // "nginx.service"
    std::optional<uid_t> manager; // the user whose manager runs it; nothing: the system manager
    bool operator==(const Unit&) const = default;
};

enum class Engine : std::uint8_t { docker, podman };

struct Container {
    Engine engine = Engine::docker;
    std::string id;   // hexadecimal, as long as it is known; empty where only a forwarder's arguments speak of it
    std::string name; // as the engine told it; empty until then
    bool operator==(const Container&) const = default;
};

} // namespace portside::platform
