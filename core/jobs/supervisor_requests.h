// SPDX-License-Identifier: MIT
// Requests to what keeps a process, and what it told: plain values. Any thread.
#pragma once

#include "core/jobs/job.h"
#include "core/platform/manager_sockets.h"
#include "core/supervisors/unit_facts.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace portside::jobs {

// Which process a row showed, and on which port. Pid 0: none is known, so none is checked.
struct Shown {
    platform::SignalTarget target; // its signal is not used: nothing is sent to it
    platform::Protocol protocol = platform::Protocol::tcp;
    std::uint16_t port = 0;
    // Where a service manager alone holds the port: the sockets that a .socket unit of its must be listening on.
    std::optional<platform::ManagerSockets> activated{};
};

// Asks the unit's manager to stop it, and the .socket units that keep its port. Same stages as a kill; `authorising`
// always comes, since whether the manager asks polkit cannot be seen.
struct StopUnitRequest {
    platform::Unit unit;
    Shown shown;
    std::chrono::milliseconds patience{5000}; // after this the job says "still running"; it goes on waiting
};

// Asks Docker or Podman to stop the container: the one with its id, else the one that publishes the port.
struct StopContainerRequest {
    platform::Container container;
    Shown shown;
    std::chrono::milliseconds patience{5000};
};

// What is said before: whether the unit comes back, the container's name; without a unit, which one `shown.activated`
// belongs to. Asks for no password and changes nothing.
struct LookUpRequest {
    std::optional<platform::Unit> unit;
    std::optional<platform::Container> container;
    Shown shown;
};

// Asks the engines for the names of these containers, now and, for what was not told, twice again within seconds: a
// port may be there before its container is listed. Asks for no password and changes nothing.
struct NameContainersRequest {
    struct Nameless {
        std::uint64_t inode = 0; // of a socket that the row showed: for the answer only
        platform::Container container;
        Shown shown;
    };
    std::vector<Nameless> nameless;
    std::vector<std::chrono::milliseconds> again{std::chrono::seconds(1), std::chrono::seconds(5)}; // ascending
};

struct NamedContainer {
    std::uint64_t inode = 0;
    platform::Container container; // with id and name, safe to draw
};

// All text is safe to draw.
struct LookedUp {
    std::optional<supervisors::UnitFacts> unit;   // nothing: not asked for, or see unit_problem
    std::string unit_problem;                     // a sentence: why its manager tells nothing
    std::optional<platform::Container> container; // with id and name
    std::string container_image;
    std::string container_problem;
};

// "the system manager to stop nginx.service (Restart=always)", or "Docker to stop the container web".
[[nodiscard]] std::string what_is_asked(const LookedUp& told);
// "nginx.service has Restart=always: systemd will start it again." Empty where a plain kill frees the port.
[[nodiscard]] std::string why_stop(const LookedUp& told);

} // namespace portside::jobs
