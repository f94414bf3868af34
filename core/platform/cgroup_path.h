// SPDX-License-Identifier: MIT
// What a cgroup's path says: the systemd unit or the container that keeps its processes. The path is other people's
// text: who may make cgroups chooses their names. Pure; any thread.
#pragma once

#include "core/platform/supervised.h"

#include <optional>
#include <string>
#include <string_view>

namespace portside::platform {

// Nothing is named where the path does not say it beyond doubt. In particular:
// - Slices only group units. A login session (session-N.scope) and a manager (init.scope, user@UID.service itself) keep
//   nothing that one would stop or restart to free a port.
// - Of nested units the outermost counts: what is below it is its own affair (a container's own systemd, say).
// - A container's own scope (docker-ID.scope, libpod-ID.scope) is the engine's: the container is named, not the unit.
//   conmon, which watches a container, is not in it. Other engines' scopes (cri-containerd-ID.scope) are units.
// - ".." means a cgroup outside of our cgroup namespace (cgroup_namespaces(7)), whose place is not known.
struct Keeper {
    std::optional<Unit> unit;
    std::optional<Container> container;
    // The cgroup's processes belong together: a unit's, a container's or a manager's, not whatever a person runs.
    bool is_one_thing = false;
};
[[nodiscard]] Keeper keeper_of(std::string_view path);

// The cgroup2 path in the text of /proc/PID/cgroup (cgroups(7)), as seen from our cgroup namespace; where systemd does
// not use that hierarchy, the path in its own one. A view into `text`.
[[nodiscard]] std::optional<std::string_view> parse_process_cgroup(std::string_view text);

struct CgroupMount {
    std::string point;
    std::string root; // the cgroup that is mounted there, as /proc/PID/cgroup names it
    bool operator==(const CgroupMount&) const = default;
};
// Where the cgroup2 hierarchy is mounted, by the text of /proc/PID/mountinfo (proc(5)): the widest of several mounts.
[[nodiscard]] std::optional<CgroupMount> parse_cgroup_mount(std::string_view mountinfo);

} // namespace portside::platform
