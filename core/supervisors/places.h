// SPDX-License-Identifier: MIT
// Where systemd's managers and the container engines are reached. Plain values; any thread.
#pragma once

#include "core/platform/supervised.h"

#include <chrono>
#include <string>
#include <sys/types.h>
#include <vector>

namespace portside::supervisors {

struct BusAddress {
    std::string address; // as D-Bus writes one: "unix:path=/run/dbus/system_bus_socket"
    bool direct = false; // the manager itself answers there: no bus between
    bool operator==(const BusAddress&) const = default;
};

struct Places {
    uid_t uid = 0;           // who we are
    std::string runtime_dir; // $XDG_RUNTIME_DIR, or empty
    std::string session_bus; // $DBUS_SESSION_BUS_ADDRESS, or empty
    std::string system_bus;  // $DBUS_SYSTEM_BUS_ADDRESS, or empty
    std::string docker_host; // $DOCKER_HOST, or empty
    // One that does not answer a question in this time is stuck; a stop takes as long as it takes.
    std::chrono::milliseconds answer_limit{15000};

    // Reads the environment: call it before other threads might change that.
    [[nodiscard]] static Places from_environment();

    // In the order in which they are tried. Empty: another user's manager, which we cannot reach.
    [[nodiscard]] std::vector<BusAddress> manager_addresses(const platform::Unit& unit) const;
    // Paths of sockets that the engine may answer on.
    [[nodiscard]] std::vector<std::string> engine_sockets(platform::Engine engine) const;
};

} // namespace portside::supervisors
