// SPDX-License-Identifier: MIT
// Units, containers and candidates of rows. Pure; one thread.
#include "core/snapshot/keepers.h"

#include "core/platform/port_forwarder.h"

#include <algorithm>

namespace portside::snapshot {

namespace {

// Where every process could be looked into, none of the cgroup's holds the socket either.
bool may_have_candidates(const Row& row) {
    return row.unknown == Unknown::not_permitted || row.unknown == Unknown::gone;
}

std::optional<platform::Forward> forward_of(const platform::ProcessFacts& process) {
    return process.command_line ? platform::forwarded_by(platform::process_name(process), *process.command_line)
                                : std::nullopt;
}

} // namespace

// A process that is somewhere else by now, or another one, is no candidate.
const Keepers::Group& Keepers::of_cgroup(std::uint64_t id) {
    const auto [at, is_new] = groups_.try_emplace(id);
    const auto group =
        std::lower_bound(facts_.groups.begin(), facts_.groups.end(), id,
                         [](const platform::ControlGroup& known, std::uint64_t wanted) { return known.id < wanted; });
    if (!is_new || group == facts_.groups.end() || group->id != id) {
        return at->second;
    }
    at->second.keeper = platform::keeper_of(group->path);
    for (const ProcessId& member : group->members) {
        const auto facts = facts_.processes.find(member.pid);
        if (facts != facts_.processes.end() && facts->second.stat.id == member && facts->second.cgroup == group->path) {
            at->second.candidates.push_back(Owner{member, Knowledge::candidate, std::nullopt});
        }
    }
    return at->second;
}

// docker-proxy is root's, so its descriptors are not ours to read; but its arguments name the port that it holds.
void Keepers::add_forwarded(Row& row) const {
    for (const auto& candidate : row.candidates) {
        const auto& process = facts_.processes.at(candidate.id.pid);
        const auto forward = forward_of(process);
        if (!row.container && forward && forward->host_port == row.key.port && forward->protocol == row.key.protocol) {
            row.container = platform::Container{forward->engine, {}, {}};
        }
    }
}

void Keepers::add_to(Row& row) {
    find_keeper(row);
    name_container(row, facts_.containers);
}

void Keepers::find_keeper(Row& row) {
    if (!row.owners.empty()) {
        const platform::Keeper& keeper = known_.of(facts_.processes.at(row.owners.front().id.pid));
        row.unit = keeper.unit;
        row.container = keeper.container;
        return;
    }
    const std::uint64_t id = std::get<RowKey::Unowned>(row.key.holder).cgroup_id;
    if (id == 0) {
        return;
    }
    const Group& group = of_cgroup(id);
    row.unit = group.keeper.unit;
    row.container = group.keeper.container;
    if (may_have_candidates(row)) {
        row.candidates = group.candidates;
        add_forwarded(row);
    }
}

} // namespace portside::snapshot
