// SPDX-License-Identifier: MIT
// Reads the connections of one row. One object belongs to one thread.
#include "core/snapshot/connections_reader.h"

#include "core/base/text.h"
#include "core/platform/process.h"

#include <algorithm>
#include <fmt/format.h>

namespace portside::snapshot {

namespace {

constexpr std::size_t kLongestPeerName = 200;
constexpr std::size_t kMostPeerNames = 1000;

// 2: exactly this address; 1: a wildcard that takes it; 0: it does not.
int closeness(const platform::Address& local, const platform::SocketEntry& socket) {
    const auto bound = platform::without_mapping(socket.local.address);
    if (bound == local) {
        return 2;
    }
    if (!platform::is_wildcard(socket.local.address)) {
        return 0;
    }
    const bool same_family = bound.family == local.family;
    const bool takes_both = socket.family == platform::Family::ipv6 && !socket.v6only.value_or(true);
    return same_family || (takes_both && local.family == platform::Family::ipv4) ? 1 : 0;
}

} // namespace

std::string endpoint_text(const platform::Endpoint& endpoint) {
    const auto address = platform::to_string(endpoint.address);
    return endpoint.address.family == platform::Family::ipv6 ? fmt::format("[{}]:{}", address, endpoint.port)
                                                             : fmt::format("{}:{}", address, endpoint.port);
}

bool belongs_to(const platform::Address& local, const ConnectionsWish& wish,
                const std::vector<const platform::SocketEntry*>& of_port) {
    int best = 0;
    for (const auto* const socket : of_port) {
        best = std::max(best, closeness(local, *socket));
    }
    return std::ranges::any_of(of_port, [&](const platform::SocketEntry* socket) {
        return best > 0 && closeness(local, *socket) == best &&
               std::ranges::find(wish.inodes, socket->inode) != wish.inodes.end();
    });
}

const std::string& ConnectionsReader::name_of(const ProcessId& process) {
    auto& known = peers_->names[process.pid];
    if (known.first != process) {
        const auto facts = peers_->reader.read(process.pid);
        const bool same = facts && facts->stat.id == process;
        known = {process, same ? base::sanitise(platform::process_name(*facts), kLongestPeerName) : std::string()};
    }
    return known.second;
}

// Only of those that are told one by one.
void ConnectionsReader::find_peers(std::span<const platform::PortConnection> found, RowConnections& told) {
    std::vector<platform::WantedSocket> wanted;
    for (const auto& one : found) {
        if (one.peer_inode != 0) {
            wanted.push_back({one.peer_inode, one.peer_uid});
        }
    }
    if (wanted.empty()) {
        return;
    }
    std::ranges::sort(wanted);
    wanted.erase(std::ranges::unique(wanted, {}, &platform::WantedSocket::inode).begin(), wanted.end());
    if (!peers_) {
        peers_ = std::make_unique<Peers>(proc_root_, descriptors_);
    }
    if (peers_->names.size() > kMostPeerNames) {
        peers_->names.clear();
    }
    static_cast<void>(peers_->index.update(wanted));
    const auto& owners = peers_->index.owners().owners;
    for (std::size_t i = 0; i < found.size(); ++i) {
        const auto peers = owners.of(found[i].peer_inode);
        if (found[i].peer_inode != 0 && !peers.empty()) {
            told.some[i].peer = peers.front().process;
            told.some[i].peer_name = name_of(told.some[i].peer);
        }
    }
}

RowConnections ConnectionsReader::read(const ConnectionsWish& wish, std::span<const platform::SocketEntry> sockets) {
    RowConnections told;
    told.row = wish.row;
    if (const auto read = connections_.read(wish.row.protocol, wish.row.port, found_); !read) {
        told.problem = read.error().what + ".";
        return told;
    }
    std::vector<const platform::SocketEntry*> of_port;
    for (const auto& socket : sockets) {
        if (socket.protocol == wish.row.protocol && socket.local.port == wish.row.port) {
            of_port.push_back(&socket);
        }
    }
    std::erase_if(found_, [&](const auto& one) { return !belongs_to(one.local.address, wish, of_port); });
    told.count = found_.size();
    found_.resize(std::min(found_.size(), kMostRowConnections));
    for (const auto& one : found_) {
        told.some.push_back({.local = one.local,
                             .remote = one.remote,
                             .state = one.state,
                             .remote_text = endpoint_text(one.remote),
                             .is_local = one.peer_inode != 0,
                             .peer = {},
                             .peer_name = {}});
    }
    find_peers(found_, told);
    return told;
}

void ConnectionsReader::forget() {
    peers_.reset();
}

} // namespace portside::snapshot
