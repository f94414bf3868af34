// SPDX-License-Identifier: MIT
// core/supervisors/places: where managers and engines are looked for.
#include "core/supervisors/places.h"

#include <algorithm>
#include <doctest/doctest.h>

using portside::platform::Engine;
using portside::platform::Unit;
using portside::supervisors::BusAddress;
using portside::supervisors::Places;

namespace {
Places user_places() {
    Places places;
    places.uid = 1000;
    places.runtime_dir = "/run/user/1000";
    places.session_bus = "unix:path=/tmp/dbus-x";
    return places;
}
const Unit kSystem{"nginx.service", std::nullopt};
} // namespace

TEST_CASE("places - the system manager is asked over its bus where polkit can ask") {
    CHECK(user_places().manager_addresses(kSystem) ==
          std::vector<BusAddress>{{"unix:path=/run/dbus/system_bus_socket", false}});
}

TEST_CASE("places - root asks the system manager straight and an address that is given is the only one") {
    Places places;
    CHECK(places.manager_addresses(kSystem).front() == BusAddress{"unix:path=/run/systemd/private", true});
    places.system_bus = "unix:path=/tmp/system";
    CHECK(places.manager_addresses(kSystem) == std::vector<BusAddress>{{"unix:path=/tmp/system", false}});
}

TEST_CASE("places - the own manager is asked straight and then over the session bus") {
    CHECK(user_places().manager_addresses({"x.service", 1000}) ==
          std::vector<BusAddress>{{"unix:path=/run/user/1000/systemd/private", true},
                                  {"unix:path=/tmp/dbus-x", false},
                                  {"unix:path=/run/user/1000/bus", false}});
}

TEST_CASE("places - another users manager is out of reach but for root") {
    CHECK(user_places().manager_addresses({"x.service", 1001}).empty());
    const auto addresses = Places().manager_addresses({"x.service", 1001});
    CHECK(addresses == std::vector<BusAddress>{{"unix:path=/run/user/1001/systemd/private", true},
                                               {"unix:path=/run/user/1001/bus", false}});
}

TEST_CASE("places - bytes that an address cannot hold are escaped") {
    auto places = user_places();
    places.runtime_dir = "/tmp/a b,c;d=e%";
    CHECK(places.manager_addresses({"x.service", 1000}).front().address ==
          "unix:path=/tmp/a%20b%2cc%3bd%3de%25/systemd/private");
}

TEST_CASE("places - sockets of the engines") {
    auto places = user_places();
    places.docker_host = "unix:///tmp/docker.sock";
    const auto docker = places.engine_sockets(Engine::docker);
    CHECK(docker.front() == "/tmp/docker.sock");
    CHECK(std::find(docker.begin(), docker.end(), "/run/user/1000/docker.sock") != docker.end());
    CHECK(std::find(docker.begin(), docker.end(), "/var/run/docker.sock") != docker.end());
    places.docker_host = "tcp://10.0.0.1:2375"; // another machine's ports are not ours
    CHECK(places.engine_sockets(Engine::docker).front() == "/run/user/1000/docker.sock");
    CHECK(places.engine_sockets(Engine::podman) ==
          std::vector<std::string>{"/run/user/1000/podman/podman.sock", "/run/podman/podman.sock"});
}
