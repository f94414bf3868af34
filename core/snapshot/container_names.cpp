// SPDX-License-Identifier: MIT
#include "core/snapshot/container_names.h"

#include <algorithm>

namespace portside::snapshot {

namespace {

bool has_socket(std::span<const platform::SocketEntry> sockets, std::uint64_t inode) {
    return std::any_of(sockets.begin(), sockets.end(), [&](const auto& socket) { return socket.inode == inode; });
}

} // namespace

std::vector<NamelessContainer> nameless_containers(const Snapshot& snapshot) {
    std::vector<NamelessContainer> nameless;
    for (const auto& row : snapshot.rows) {
        if (row.container && row.container->name.empty() && row.sockets.front().inode != 0) {
            nameless.push_back({row.sockets.front().inode, *row.container,
                                row.owners.empty() ? ProcessId{} : row.owners.front().id, row.key.protocol,
                                row.key.port});
        }
    }
    return nameless;
}

void name_container(Row& row, std::span<const ToldContainer> told) {
    if (!row.container) {
        return;
    }
    for (const auto& [inode, container] : told) {
        if (container.engine == row.container->engine && container.id.starts_with(row.container->id) &&
            has_socket(row.sockets, inode)) {
            row.container = container;
            return;
        }
    }
}

void drop_gone(std::vector<ToldContainer>& told, std::span<const platform::SocketEntry> sockets) {
    std::erase_if(told, [&](const ToldContainer& of) { return !has_socket(sockets, of.inode); });
}

} // namespace portside::snapshot
