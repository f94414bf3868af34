// SPDX-License-Identifier: MIT
// Where this session's display, compositor and bus listen, told by the environment. Pure; any thread.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace portside::platform {

enum class SessionPart : std::uint8_t { display, compositor, bus };

// One address of an AF_UNIX socket (unix(7)).
struct SessionSocket {
    SessionPart part = SessionPart::display;
    std::string path;
    bool abstract = false; // in the abstract namespace: a NUL byte comes before `path`
    bool operator==(const SessionSocket&) const = default;
};

// A variable's value; nothing where it is not set or empty.
using Environment = std::function<std::optional<std::string>(const char* name)>;

// From DISPLAY (":0", "unix:0.0"; a display of another machine has no local socket), WAYLAND_DISPLAY (default
// wayland-0) below XDG_RUNTIME_DIR, and DBUS_SESSION_BUS_ADDRESS (default $XDG_RUNTIME_DIR/bus).
[[nodiscard]] std::vector<SessionSocket> session_sockets(const Environment& environment);

// The AF_UNIX sockets of a D-Bus address list ("unix:path=/a,guid=1;unix:abstract=/b"), %-escapes undone. Entries of
// other kinds, and broken ones, are left out.
[[nodiscard]] std::vector<SessionSocket> parse_bus_address(std::string_view text, const Environment& environment);

} // namespace portside::platform
