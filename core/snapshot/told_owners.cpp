// SPDX-License-Identifier: MIT
// Numbers of sockets become sockets. Pure; any thread.
#include "core/snapshot/told_owners.h"

#include <unordered_map>

namespace portside::snapshot {

base::Result<std::vector<PrivilegedOwner>> told_owners(std::span<const platform::SocketOwner> owners,
                                                       const SnapshotPtr& snapshot, WallTime seen_at) {
    if (!snapshot) {
        return base::failed(base::ErrorKind::not_found,
                            "The administrator told who holds the ports, but no port could be listed.");
    }
    std::unordered_map<std::uint64_t, const platform::SocketEntry*> sockets;
    for (const auto& row : snapshot->rows) {
        for (const auto& socket : row.sockets) {
            sockets.emplace(socket.inode, &socket);
        }
    }
    std::vector<PrivilegedOwner> told;
    for (const auto& owner : owners) {
        const auto found = owner.inode == 0 ? sockets.end() : sockets.find(owner.inode);
        if (found != sockets.end()) {
            told.push_back({owner.inode, found->second->uid, found->second->local, owner.process, seen_at});
        }
    }
    return told;
}

} // namespace portside::snapshot
