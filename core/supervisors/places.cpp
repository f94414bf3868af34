// SPDX-License-Identifier: MIT
// As systemctl and docker look for them: what the environment names, then the usual places. Any thread.
#include "core/supervisors/places.h"

#include "core/bus/address.h"

#include <cstdlib>
#include <fmt/format.h>
#include <string_view>
#include <unistd.h>

namespace portside::supervisors {

namespace {

std::string variable(const char* name) {
    const char* const value = std::getenv(name); // NOLINT(concurrency-mt-unsafe): nobody here sets any
    return value == nullptr ? std::string{} : std::string(value);
}

} // namespace

Places Places::from_environment() {
    Places places;
    places.uid = ::geteuid();
    places.runtime_dir = variable("XDG_RUNTIME_DIR");
    places.session_bus = variable("DBUS_SESSION_BUS_ADDRESS");
    places.system_bus = variable("DBUS_SYSTEM_BUS_ADDRESS");
    places.docker_host = variable("DOCKER_HOST");
    return places;
}

std::vector<BusAddress> Places::manager_addresses(const platform::Unit& unit) const {
    if (!unit.manager) {
        if (!system_bus.empty()) {
            return {{system_bus, false}};
        }
        std::vector<BusAddress> addresses;
        if (uid == 0) { // serves where no bus runs; it asks nobody, and root needs not be asked
            addresses.push_back({bus::unix_address("/run/systemd/private"), true});
        }
        addresses.push_back({bus::unix_address("/run/dbus/system_bus_socket"), false});
        return addresses;
    }
    const bool own = *unit.manager == uid;
    if (!own && uid != 0) {
        return {};
    }
    const std::string folder = own && !runtime_dir.empty() ? runtime_dir : fmt::format("/run/user/{}", *unit.manager);
    std::vector<BusAddress> addresses{{bus::unix_address(folder + "/systemd/private"), true}};
    if (own && !session_bus.empty()) {
        addresses.push_back({session_bus, false});
    }
    addresses.push_back({bus::unix_address(folder + "/bus"), false});
    return addresses;
}

std::vector<std::string> Places::engine_sockets(platform::Engine engine) const {
    std::vector<std::string> sockets;
    if (engine == platform::Engine::docker) {
        constexpr std::string_view kUnix = "unix://";
        if (docker_host.starts_with(kUnix)) {
            sockets.push_back(docker_host.substr(kUnix.size()));
        }
        if (!runtime_dir.empty()) {
            sockets.push_back(runtime_dir + "/docker.sock");
        }
        sockets.insert(sockets.end(), {"/run/docker.sock", "/var/run/docker.sock"});
        return sockets;
    }
    if (!runtime_dir.empty()) {
        sockets.push_back(runtime_dir + "/podman/podman.sock");
    }
    sockets.emplace_back("/run/podman/podman.sock");
    return sockets;
}

} // namespace portside::supervisors
