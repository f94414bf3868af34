// SPDX-License-Identifier: MIT
// How big a load is, what each of its processes holds, and whether the limits allow it. One thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace portside::bench {

struct Load {
    std::string name;
    std::uint32_t sockets = 0;              // listening TCP and unconnected UDP sockets, over all ordinary processes
    std::uint32_t processes = 0;            // ordinary ones
    std::uint32_t others = 0;               // descriptors beside the sockets, in each ordinary process
    std::uint32_t big_processes = 0;        // further ones, without sockets
    std::uint32_t big_descriptors = 0;      // in each of those
    std::uint32_t connection_processes = 0; // further ones again, without listening sockets
    std::uint32_t connections = 0;          // established TCP connections, both ends, over those
};

[[nodiscard]] std::optional<Load> load_named(std::string_view name);

// What the process number `index` holds; the big ones come after the ordinary ones, and those with connections last.
struct Share {
    std::uint32_t index = 0;
    std::uint32_t first_socket = 0; // numbers of sockets; the number says which kind a socket is
    std::uint32_t last_socket = 0;  // one behind
    std::uint32_t connections = 0;
    std::uint32_t others = 0;
    bool ipv6 = true; // whether this machine has an IPv6 loopback
};

[[nodiscard]] inline std::uint32_t process_count(const Load& load) {
    return load.processes + load.big_processes + load.connection_processes;
}
[[nodiscard]] Share share_of(const Load& load, std::uint32_t index, bool ipv6);

// Raises RLIMIT_NOFILE to its hard limit and lowers the big processes' descriptors to what that allows (said on the
// error stream). A sentence where the load cannot be; nothing where it may.
[[nodiscard]] std::optional<std::string> fit_to_limits(Load& load);
// What the load needs and where the limits stand, for the sentence that follows a failure.
[[nodiscard]] std::string needs_of(const Load& load);

} // namespace portside::bench
