// SPDX-License-Identifier: MIT
// A stand-in for systemd's manager on a private bus, and jobs that ask it. One thread: the test's own.
#pragma once

#include "core/platform/process.h"
#include "tests/jobs/job_support.h"
#include "tests/support/manager_stand_in.h"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace portside::manager_scene {

using support::ManagedProcess;
using support::ManagerStandIn;
using support::PrivateBus;
using support::ScratchFolder;
using tests::Jobs;
using tests::says;

inline jobs::JobSystem system_with(const supervisors::Places& places) {
    auto system = tests::system_with("/nonexistent");
    system.places = places;
    return system;
}

inline supervisors::Places places_of(const ScratchFolder& folder, const std::string& session_bus) {
    supervisors::Places places;
    places.uid = ::geteuid();
    places.runtime_dir = folder.path("runtime");
    places.session_bus = session_bus;
    places.system_bus = session_bus;
    return places;
}

// A manager on a private bus, and jobs that ask it.
struct Scene {
    Scene() : bus(folder), manager("bus", bus.address()), jobs(system_with(places_of(folder, bus.address()))) {}

    // As a row that shows the unit's first process would ask.
    [[nodiscard]] jobs::StopUnitRequest request(const std::string& unit, const std::string& process_of = "") const {
        jobs::StopUnitRequest made;
        made.unit = {unit, ::geteuid()};
        made.patience = std::chrono::minutes(5);
        const auto stat = platform::read_stat(manager.of(process_of.empty() ? unit : process_of).pid);
        REQUIRE(stat.has_value());
        made.shown.target.process = stat->id;
        return made;
    }
    jobs::JobEvent stop(const std::string& unit) { return jobs.wait_for_end(jobs.thread().start(request(unit))); }

    ScratchFolder folder;
    PrivateBus bus;
    ManagerStandIn manager;
    Jobs jobs;
};

inline bool runs(const ManagedProcess& process) {
    const auto stat = platform::read_stat(process.pid);
    return stat && stat->state != 'Z';
}

// Whether a program may take the port now.
inline bool is_free(const std::string& port) {
    const base::UniqueFd probe(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<std::uint16_t>(std::stoi(port)));
    return ::bind(probe.get(), reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0;
}

} // namespace portside::manager_scene
