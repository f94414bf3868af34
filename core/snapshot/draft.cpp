// SPDX-License-Identifier: MIT
#include "core/snapshot/draft.h"

#include "core/snapshot/lineage.h"
#include "core/snapshot/respawner.h"

#include <algorithm>
#include <tuple>

namespace portside::snapshot {

namespace {

bool is_alive(const ScanFacts& facts, const ProcessId& id) {
    const auto found = facts.processes.find(id.pid);
    return found != facts.processes.end() && found->second.stat.id == id;
}

bool has_owner(const std::vector<Owner>& owners, const ProcessId& id) {
    const auto found =
        std::lower_bound(owners.begin(), owners.end(), id, [](const Owner& a, const ProcessId& b) { return a.id < b; });
    return found != owners.end() && found->id == id;
}

// A manager that activates sockets holds them only to hand them on: what it started is the one to end.
bool is_manager(const ScanFacts& facts, const ProcessId& id) {
    const auto found = facts.processes.find(id.pid);
    return found != facts.processes.end() &&
           is_service_manager(id.pid, found->second.stat.parent, found->second.executable, found->second.command_line);
}

ProcessId topmost_of(const ScanFacts& facts, const std::vector<Owner>& owners) {
    if (owners.size() == 1) {
        return owners.front().id;
    }
    const auto has_ancestor_among = [&](const ProcessId& id) {
        bool among = false;
        visit_lineage(facts, id.pid, [&](const platform::ProcessFacts& process) {
            among = process.stat.id != id && has_owner(owners, process.stat.id) && !is_manager(facts, process.stat.id);
            return !among;
        });
        return among;
    };
    const auto age = [](const ProcessId& id) { return std::tie(id.start_time, id.pid); };
    const Owner* best = nullptr;
    for (const auto& owner : owners) {
        const bool older = best == nullptr || age(owner.id) < age(best->id);
        if (older && !is_manager(facts, owner.id) && !has_ancestor_among(owner.id)) {
            best = &owner;
        }
    }
    return best != nullptr ? best->id : owners.front().id; // a ring of parents has no topmost; any of it is as good
}

void sort_owners(std::vector<Owner>& owners) {
    std::sort(owners.begin(), owners.end(), [](const Owner& a, const Owner& b) {
        return std::tie(a.id, a.knowledge, b.seen_at) < std::tie(b.id, b.knowledge, a.seen_at); // newest first
    });
    const auto same = [](const Owner& a, const Owner& b) { return a.id == b.id; };
    owners.erase(std::unique(owners.begin(), owners.end(), same), owners.end());
}

} // namespace

Drafter::Drafter(const ScanFacts& facts) : facts_(facts) {
    for (const auto& told : facts.privileged) {
        privileged_.emplace(told.inode, &told);
    }
}

Draft Drafter::draft(const platform::SocketEntry& socket) const {
    Draft draft;
    draft.socket = &socket;
    bool ended = false; // an owner was known, but its process is no longer there
    if (socket.inode != 0) {
        add_holders(draft, ended);
        if (draft.owners.empty()) {
            add_told(draft, ended);
        }
    }
    draft.key.protocol = socket.protocol;
    draft.key.port = socket.local.port;
    if (draft.owners.empty()) {
        draft.key.holder = RowKey::Unowned{socket.uid, socket.cgroup_id.value_or(0)};
        draft.unknown = ended ? Unknown::gone : why_unknown(socket);
    } else {
        draft.key.holder = topmost_of(facts_, draft.owners);
    }
    return draft;
}

void Drafter::add_holders(Draft& draft, bool& ended) const {
    for (const auto& owner : facts_.walk.owners.of(draft.socket->inode)) { // by pid
        if (is_alive(facts_, owner.process)) {
            draft.owners.push_back(Owner{owner.process, Knowledge::holds, std::nullopt});
        } else {
            ended = true;
        }
    }
}

void Drafter::add_told(Draft& draft, bool& ended) const {
    const auto [first, last] = privileged_.equal_range(draft.socket->inode);
    for (auto at = first; at != last; ++at) {
        const PrivilegedOwner& told = *at->second;
        if (told.uid != draft.socket->uid || told.local != draft.socket->local) {
            continue;
        }
        if (is_alive(facts_, told.process)) {
            draft.owners.push_back(Owner{told.process, Knowledge::administrator, told.seen_at});
        } else {
            ended = true;
        }
    }
    sort_owners(draft.owners);
}

Unknown Drafter::why_unknown(const platform::SocketEntry& socket) const {
    const auto& searching = facts_.walk.searching;
    if (!facts_.owners_wanted || !facts_.walk.complete ||
        std::binary_search(searching.begin(), searching.end(), socket.inode)) {
        return Unknown::searching;
    }
    // Without an inode no descriptor leads to it: looking with more privilege would not help.
    return facts_.walk.denied > 0 && socket.inode != 0 ? Unknown::not_permitted : Unknown::not_found;
}

} // namespace portside::snapshot
