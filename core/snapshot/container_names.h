// SPDX-License-Identifier: MIT
// Containers that rows stand for and whose names only their engine knows. Pure; any thread.
#pragma once

#include "core/snapshot/snapshot.h"

#include <cstdint>
#include <span>
#include <vector>

namespace portside::snapshot {

// What an engine told of the container behind a socket. Bound to the socket's inode, so that another container that
// publishes the same port later has not its name.
struct ToldContainer {
    std::uint64_t inode = 0;
    platform::Container container; // with id and name
    bool operator==(const ToldContainer&) const = default;
};

// A row whose container has no name yet, and what is known to ask its engine by.
struct NamelessContainer {
    std::uint64_t inode = 0; // of the row's first socket
    platform::Container container;
    ProcessId holder; // the owner; pid 0: none is known
    platform::Protocol protocol = platform::Protocol::tcp;
    std::uint16_t port = 0;
};

[[nodiscard]] std::vector<NamelessContainer> nameless_containers(const Snapshot& snapshot);

// Writes the told id and name over the row's container; nothing where none was told for one of its sockets, or one of
// another engine or with another id.
void name_container(Row& row, std::span<const ToldContainer> told);

// Drops what was told of sockets that are not in `sockets` any more.
void drop_gone(std::vector<ToldContainer>& told, std::span<const platform::SocketEntry> sockets);

} // namespace portside::snapshot
