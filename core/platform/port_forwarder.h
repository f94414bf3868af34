// SPDX-License-Identifier: MIT
// Programs that hold a port for a container and pass its traffic on: docker-proxy, and the forwarders of rootless
// engines. Killing one frees the port and leaves the container running without it. Pure; any thread.
#pragma once

#include "core/platform/socket_entry.h"
#include "core/platform/supervised.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace portside::platform {

// For whom a port is held, as far as the program's own arguments tell (docker-proxy's tell all).
struct Forward {
    Engine engine = Engine::docker;
    std::optional<Protocol> protocol;
    std::string host_address; // "0.0.0.0"
    std::optional<std::uint16_t> host_port;
    std::string container_address; // "172.17.0.2"
    std::optional<std::uint16_t> container_port;
    bool operator==(const Forward&) const = default;
};

// `program`: the executable's base name ("docker-proxy"); `arguments`: the whole command line, argv[0] first. Text of
// another process: what comes back holds nothing that is not an address or a number.
[[nodiscard]] std::optional<Forward> forwarded_by(std::string_view program, std::span<const std::string> arguments);

} // namespace portside::platform
