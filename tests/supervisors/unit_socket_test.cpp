// SPDX-License-Identifier: MIT
// Ports that a manager holds for a service: its socket unit is found by where it listens, and stopped or left alone.
#include "core/supervisors/unit_facts.h"
#include "tests/supervisors/manager_scene.h"

#include <doctest/doctest.h>

using namespace portside;
using namespace manager_scene;
using jobs::Problem;

namespace {

// As a row of a user manager that holds the port shows it.
platform::ManagerSockets held_at(const std::string& port) {
    platform::Endpoint endpoint{{platform::Family::ipv4, {127, 0, 0, 1}}, static_cast<std::uint16_t>(std::stoi(port))};
    return {::geteuid(), platform::Protocol::tcp, {endpoint}};
}

} // namespace

TEST_SUITE("bus") {
    TEST_CASE("unit_socket - a port without a known unit leads to the socket unit that listens there") {
        Scene scene;
        const auto& lone = scene.manager.of("lone.socket");
        jobs::LookUpRequest request;
        request.shown.activated = held_at(lone.port);
        const auto told = scene.jobs.wait_for_end(scene.jobs.thread().start(request));
        REQUIRE(told.facts != nullptr);
        REQUIRE(told.facts->unit.has_value());
        CHECK(told.facts->unit->unit == platform::Unit{"lone.socket", ::geteuid()});
        CHECK(told.facts->unit->starts == std::vector<std::string>{"lone.service"});
        CHECK(told.facts->unit->services.empty()); // it does not run
        CHECK(told.facts->unit->also_listening.empty());
        CHECK_FALSE(is_free(lone.port)); // a look changes nothing

        jobs::StopUnitRequest stop;
        stop.unit = told.facts->unit->unit;
        stop.shown.activated = request.shown.activated;
        CHECK(scene.jobs.wait_for_end(scene.jobs.thread().start(stop)).sentence == "lone.socket was stopped");
        CHECK(is_free(lone.port));
    }

    TEST_CASE("unit_socket - a socket unit whose service runs is stopped with it") {
        Scene scene;
        jobs::StopUnitRequest stop;
        stop.unit = {"lazy.socket", ::geteuid()};
        stop.shown.activated = held_at(scene.manager.of("lazy.service").port);
        CHECK(scene.jobs.wait_for_end(scene.jobs.thread().start(stop)).sentence ==
              "lazy.socket was stopped, and lazy.service with it");
        CHECK(is_free(scene.manager.of("lazy.service").port));
    }

    TEST_CASE("unit_socket - a socket unit that does not listen on the port is not stopped") {
        Scene scene;
        jobs::StopUnitRequest stop;
        stop.unit = {"lazy.socket", ::geteuid()};
        stop.shown.activated = held_at(scene.manager.of("lone.socket").port);
        const auto event = scene.jobs.wait_for_end(scene.jobs.thread().start(stop));
        CHECK(event.problem == Problem::identity_changed);
        CHECK(says(event, "lazy.socket does not listen on port "));
        CHECK(says(event, "nothing was stopped"));
        CHECK_FALSE(scene.manager.was_asked_to_stop("lazy.socket"));
        CHECK_FALSE(scene.manager.was_asked_to_stop("lone.socket"));
    }

    TEST_CASE("unit_socket - a port that no socket unit listens on names none") {
        Scene scene;
        jobs::LookUpRequest request;
        request.shown.activated = held_at(scene.manager.of("plain.service").port); // a service's own
        const auto told = scene.jobs.wait_for_end(scene.jobs.thread().start(request));
        REQUIRE(told.facts != nullptr);
        CHECK_FALSE(told.facts->unit.has_value());
        CHECK(told.facts->unit_problem.starts_with("None of the socket units of your user manager listens on port "));
        jobs::StopUnitRequest stop;
        stop.shown.activated = request.shown.activated;
        CHECK(scene.jobs.wait_for_end(scene.jobs.thread().start(stop)).problem == Problem::never_signalled);
    }
}
