// SPDX-License-Identifier: MIT
// X(7) display names, Wayland's socket names, and D-Bus server addresses (D-Bus Specification, "Server Addresses").
// Pure; any thread.
#include "core/platform/session_sockets.h"

#include "core/base/parse.h"

namespace portside::platform {

namespace {

std::optional<std::string> unescape(std::string_view text) {
    std::string plain;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] != '%') {
            plain += text[at];
            continue;
        }
        const auto value = text.size() - at > 2 ? base::parse_hex(text.substr(at + 1, 2)) : std::nullopt;
        if (!value) {
            return std::nullopt;
        }
        plain += static_cast<char>(*value);
        at += 2;
    }
    return plain;
}

void add_display(const Environment& environment, std::vector<SessionSocket>& sockets) {
    const auto value = environment("DISPLAY");
    if (!value) {
        return;
    }
    const auto colon = value->rfind(':');
    if (colon == std::string::npos) {
        return;
    }
    const auto host = std::string_view(*value).substr(0, colon);
    if (!host.empty() && host != "unix") {
        return; // of another machine, or forwarded by ssh: nothing to do with a process here
    }
    const auto rest = std::string_view(*value).substr(colon + 1);
    const auto number = base::parse_number<unsigned>(rest.substr(0, rest.find('.')));
    if (!number) {
        return;
    }
    const std::string path = "/tmp/.X11-unix/X" + std::to_string(*number);
    sockets.push_back({SessionPart::display, path, true});
    sockets.push_back({SessionPart::display, path, false});
}

void add_compositor(const Environment& environment, std::vector<SessionSocket>& sockets) {
    const std::string name = environment("WAYLAND_DISPLAY").value_or("wayland-0");
    const auto runtime = environment("XDG_RUNTIME_DIR");
    if (name.front() == '/') {
        sockets.push_back({SessionPart::compositor, name, false});
    } else if (runtime) {
        sockets.push_back({SessionPart::compositor, *runtime + "/" + name, false});
    }
}

} // namespace

std::vector<SessionSocket> parse_bus_address(std::string_view text, const Environment& environment) {
    std::vector<SessionSocket> sockets;
    for (const auto address : base::split_at(text, ';')) {
        constexpr std::string_view kUnix = "unix:";
        if (!address.starts_with(kUnix)) {
            continue;
        }
        for (const auto pair : base::split_at(address.substr(kUnix.size()), ',')) {
            const auto equals = pair.find('=');
            const auto key = pair.substr(0, equals);
            const auto value = equals == std::string_view::npos ? std::nullopt : unescape(pair.substr(equals + 1));
            if (!value || value->empty()) {
                continue;
            }
            const auto runtime = environment("XDG_RUNTIME_DIR");
            if (key == "path" || key == "abstract") {
                sockets.push_back({SessionPart::bus, *value, key == "abstract"});
            } else if (key == "runtime" && *value == "yes" && runtime) {
                sockets.push_back({SessionPart::bus, *runtime + "/bus", false});
            }
        }
    }
    return sockets;
}

std::vector<SessionSocket> session_sockets(const Environment& environment) {
    std::vector<SessionSocket> sockets;
    add_display(environment, sockets);
    add_compositor(environment, sockets);
    if (const auto address = environment("DBUS_SESSION_BUS_ADDRESS")) {
        const auto bus = parse_bus_address(*address, environment);
        sockets.insert(sockets.end(), bus.begin(), bus.end());
    } else if (const auto runtime = environment("XDG_RUNTIME_DIR")) {
        sockets.push_back({SessionPart::bus, *runtime + "/bus", false});
    }
    return sockets;
}

} // namespace portside::platform
