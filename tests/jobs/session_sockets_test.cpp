// SPDX-License-Identifier: MIT
// core/platform/session_sockets: the environment's own notations.
#include "core/platform/session_sockets.h"

#include <doctest/doctest.h>
#include <map>

using namespace portside::platform;

namespace {
Environment environment(std::map<std::string, std::string> values) {
    return [values = std::move(values)](const char* name) -> std::optional<std::string> {
        const auto found = values.find(name);
        return found == values.end() ? std::nullopt : std::optional(found->second);
    };
}

using Sockets = std::vector<SessionSocket>;
Sockets display(const std::string& number) {
    return {{SessionPart::display, "/tmp/.X11-unix/X" + number, true},
            {SessionPart::display, "/tmp/.X11-unix/X" + number, false}};
}
} // namespace

TEST_CASE("session_sockets - X displays of this machine") {
    CHECK(session_sockets(environment({{"DISPLAY", ":0"}})) == display("0"));
    CHECK(session_sockets(environment({{"DISPLAY", ":12.3"}})) == display("12"));
    CHECK(session_sockets(environment({{"DISPLAY", "unix:1.0"}})) == display("1"));
    for (const char* other : {"localhost:10.0", "far.example:0", "", ":", ":x", ":-1", "0", ":.0"}) {
        CHECK(session_sockets(environment({{"DISPLAY", other}})).empty());
    }
}

TEST_CASE("session_sockets - Wayland by name by path and by default") {
    const auto compositor = [](const std::map<std::string, std::string>& values) {
        Sockets found;
        for (const auto& socket : session_sockets(environment(values))) {
            if (socket.part == SessionPart::compositor) {
                found.push_back(socket);
            }
        }
        return found;
    };
    CHECK(compositor({{"WAYLAND_DISPLAY", "wayland-1"}, {"XDG_RUNTIME_DIR", "/run/user/7"}}) ==
          Sockets{{SessionPart::compositor, "/run/user/7/wayland-1", false}});
    CHECK(compositor({{"WAYLAND_DISPLAY", "/tmp/w"}}) == Sockets{{SessionPart::compositor, "/tmp/w", false}});
    CHECK(compositor({{"XDG_RUNTIME_DIR", "/run/user/7"}}) ==
          Sockets{{SessionPart::compositor, "/run/user/7/wayland-0", false}});
    CHECK(compositor({{"WAYLAND_DISPLAY", "wayland-1"}}).empty());
}

TEST_CASE("session_sockets - bus addresses") {
    const auto none = environment({});
    CHECK(parse_bus_address("unix:path=/run/user/7/bus,guid=0123", none) ==
          Sockets{{SessionPart::bus, "/run/user/7/bus", false}});
    CHECK(parse_bus_address("tcp:host=localhost,port=1;unix:guid=1,abstract=/tmp/a%2cb%20c;unix:path=/d", none) ==
          Sockets{{SessionPart::bus, "/tmp/a,b c", true}, {SessionPart::bus, "/d", false}});
    CHECK(parse_bus_address("unix:runtime=yes", environment({{"XDG_RUNTIME_DIR", "/run/user/7"}})) ==
          Sockets{{SessionPart::bus, "/run/user/7/bus", false}});
    for (const char* broken : {"", ";;", "unix", "unix:", "unix:path", "unix:path=", "unix:path=/a%", "unix:path=/a%2",
                               "unix:path=/a%zz", "unix:runtime=yes", "autolaunch:"}) {
        CHECK(parse_bus_address(broken, none).empty());
    }
}

TEST_CASE("session_sockets - the bus has a place by default") {
    const auto sockets = session_sockets(environment({{"XDG_RUNTIME_DIR", "/run/user/7"}}));
    REQUIRE(sockets.size() == 2);
    CHECK(sockets[1] == SessionSocket{SessionPart::bus, "/run/user/7/bus", false});
    CHECK(session_sockets(environment({})).empty());
}
