// SPDX-License-Identifier: MIT
// The established TCP connections of some processes. One object belongs to one thread.
#include "core/platform/connections.h"

#include "core/platform/descriptor_table.h"

#include <algorithm>
#include <fmt/format.h>
#include <memory>
#include <tuple>

namespace portside::platform {

// False where no table could be read.
bool Connections::gather_inodes(std::span<const ProcessId> processes) {
    inodes_.clear();
    const auto reader = std::make_unique<DescriptorReader>(root_); // its buffer is large
    std::vector<SocketDescriptor> found;
    bool any = false;
    for (const ProcessId& process : processes) {
        found.clear();
        const std::string path = fmt::format("{}/fd", process.pid);
        any = reader->read(root_.fd.get(), path.c_str(), {}, 0, found) == Access::read || any;
        for (const SocketDescriptor& socket : found) {
            inodes_.push_back(socket.inode);
        }
    }
    std::ranges::sort(inodes_);
    return any;
}

std::optional<ConnectionList> Connections::of(std::span<const ProcessId> processes, std::size_t most) {
    if (!gather_inodes(processes)) {
        return std::nullopt;
    }
    ConnectionList list;
    bool told = false;
    for (const Family family : {Family::ipv4, Family::ipv6}) {
        const SockDiag::Request request{
            .protocol = Protocol::tcp, .family = family, .listening = false, .bound = false, .established = true};
        if (!diag_.dump(request, sockets_)) {
            continue;
        }
        told = true;
        for (const DiagSocket& socket : sockets_) {
            if (std::ranges::binary_search(inodes_, socket.entry.inode)) {
                list.some.push_back({socket.entry.local, socket.entry.remote});
            }
        }
    }
    if (!told) {
        return std::nullopt;
    }
    const auto place = [](const Connection& one) { return std::tie(one.local, one.remote); };
    std::ranges::sort(list.some, {}, place);
    list.some.erase(std::ranges::unique(list.some, {}, place).begin(), list.some.end());
    list.count = list.some.size();
    list.some.resize(std::min(list.count, most));
    return list;
}

} // namespace portside::platform
