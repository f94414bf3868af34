// SPDX-License-Identifier: MIT
// Owners, once. Any thread; a call shares nothing with another.
#include "core/platform/owners.h"

#include "core/platform/owner_index.h"

#include <algorithm>
#include <memory>

namespace portside::platform {

void SocketOwners::add(const SocketOwner& owner) {
    if (list_.empty() || list_.back() < owner) {
        list_.push_back(owner);
    } else {
        list_.insert(std::upper_bound(list_.begin(), list_.end(), owner), owner);
    }
}

std::span<const SocketOwner> SocketOwners::of(std::uint64_t inode) const {
    const auto first =
        std::lower_bound(list_.begin(), list_.end(), inode,
                         [](const SocketOwner& owner, std::uint64_t wanted) { return owner.inode < wanted; });
    auto last = first;
    while (last != list_.end() && last->inode == inode) {
        ++last;
    }
    return {first, last};
}

OwnerWalk walk_owners(std::span<const std::uint64_t> inodes, const std::string& proc_root) {
    std::vector<WantedSocket> wanted;
    for (const std::uint64_t inode : inodes) {
        if (inode != 0) { // no descriptor links to a socket without an inode
            wanted.push_back({.inode = inode});
        }
    }
    if (wanted.empty()) {
        return {};
    }
    const auto index = std::make_unique<OwnerIndex>(proc_root);
    static_cast<void>(index->update(wanted));
    return index->owners();
}

Holds holds_socket(pid_t pid, std::uint64_t inode, const std::string& proc_root) {
    const ProcRoot root(proc_root);
    if (!root.fd) {
        return Holds::not_permitted;
    }
    std::vector<Holding> holdings;
    Look look{.pid = pid, .every_table = true};
    std::make_unique<Looker>(root)->look(look, holdings);
    if (std::any_of(holdings.begin(), holdings.end(), [&](const Holding& held) { return held.inode == inode; })) {
        return Holds::yes;
    }
    // What could not be read may hold it, for whatever reason it could not be read.
    return look.access >= Access::denied ? Holds::not_permitted : Holds::no;
}

} // namespace portside::platform
