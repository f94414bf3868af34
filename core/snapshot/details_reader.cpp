// SPDX-License-Identifier: MIT
// What is read only of the row whose details are open. One object belongs to one thread.
#include "core/snapshot/details_reader.h"

#include <algorithm>

namespace portside::snapshot {

namespace {

constexpr int kRest = 50;                           // times what listing the connections took, before it is done again
constexpr std::chrono::milliseconds kShortest{500}; // over less time a share is mostly noise

} // namespace

std::optional<int> DetailsReader::share_of_processor(const ProcessId& process, std::chrono::milliseconds cpu) {
    const auto now = Clock::now();
    if (!last_ || last_->process != process) {
        last_ = Last{process, now, cpu, std::nullopt};
        return std::nullopt;
    }
    const auto passed = std::chrono::duration_cast<std::chrono::milliseconds>(now - last_->at);
    if (passed >= kShortest) {
        const auto used = std::max(cpu - last_->cpu, std::chrono::milliseconds(0));
        last_ = Last{process, now, cpu, static_cast<int>((used * 100 + passed / 2) / passed)};
    }
    return last_->percent;
}

ProcessDetails DetailsReader::read(const DetailsWish& wish, std::span<const platform::SocketEntry> sockets) {
    ProcessDetails details;
    details.row = wish.row;
    if (!wish.owners.empty()) {
        if (auto usage = platform::read_usage(root_, wish.owners.front())) {
            details.cpu_percent = share_of_processor(wish.owners.front(), usage->cpu);
            details.usage = std::move(*usage);
        }
        const std::span owners(wish.owners.data(), std::min(wish.owners.size(), kMostDetailedOwners));
        const auto begun = Clock::now();
        if (begun >= connections_due_ || !std::ranges::equal(owners, connections_of_)) {
            connections_of_.assign(owners.begin(), owners.end());
            connections_known_ = connections_.of(owners, kMostConnections);
            const auto ended = Clock::now();
            connections_due_ = ended + (ended - begun) * kRest;
        }
        details.connections = connections_known_;
    }
    for (const auto& socket : sockets) {
        if (socket.inode != 0 && std::ranges::find(wish.inodes, socket.inode) != wish.inodes.end()) {
            details.queues.push_back({socket.inode, socket.receive_queue, socket.send_queue});
        }
    }
    return details;
}

} // namespace portside::snapshot
