// SPDX-License-Identifier: MIT
#include "core/snapshot/activation.h"

#include "core/snapshot/respawner.h"

#include <algorithm>

namespace portside::snapshot {

std::optional<platform::ManagerSockets> manager_sockets_of(const Snapshot& snapshot, const Row& row) {
    const auto& known = row.owners.empty() ? row.candidates : row.owners;
    const auto process_of = [&](const Owner& owner) { return snapshot.find_process(owner.id); };
    const bool managers_only = !known.empty() && std::all_of(known.begin(), known.end(), [&](const Owner& owner) {
        const auto* const process = process_of(owner);
        return process != nullptr && is_service_manager(*process);
    });
    if (!managers_only) {
        return std::nullopt;
    }
    const auto& manager = *process_of(known.front());
    platform::ManagerSockets sockets;
    if (manager.id.pid != 1) {
        sockets.manager = manager.uid.value_or(row.sockets.front().uid);
    }
    sockets.protocol = row.key.protocol;
    for (const auto& socket : row.sockets) {
        sockets.endpoints.push_back(socket.local);
    }
    return sockets;
}

// A manager may itself run in somebody else's unit (a container's): that one is not meant.
std::optional<platform::Unit> unit_to_stop(const Snapshot& snapshot, const Row& row) {
    const bool is_socket = row.unit && row.unit->name.ends_with(".socket");
    return !is_socket && manager_sockets_of(snapshot, row) ? std::nullopt : row.unit;
}

} // namespace portside::snapshot
