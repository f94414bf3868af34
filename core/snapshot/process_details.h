// SPDX-License-Identifier: MIT
// What is read only of the row whose details are open: what its processes use, their connections, the queues of its
// sockets. Plain values; any thread.
#pragma once

#include "core/platform/connection_list.h"
#include "core/platform/process_usage.h"
#include "core/snapshot/snapshot.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace portside::snapshot {

// Which row: its owners, the topmost first.
struct DetailsWish {
    RowKey row;
    std::vector<ProcessId> owners;
    std::vector<std::uint64_t> inodes;
    bool operator==(const DetailsWish&) const = default;
};

struct SocketQueues {
    std::uint64_t inode = 0;
    std::uint32_t receive = 0;
    std::uint32_t send = 0;
    bool operator==(const SocketQueues&) const = default;
};

struct ProcessDetails {
    RowKey row;
    std::optional<platform::ProcessUsage> usage; // of the topmost owner; nothing: it has ended
    std::optional<int> cpu_percent;              // of one processor, since the read before; nothing at the first one
    std::optional<platform::ConnectionList> connections; // of all owners; nothing: it cannot be told
    std::vector<SocketQueues> queues;
    bool operator==(const ProcessDetails&) const = default;
};
using DetailsPtr = std::shared_ptr<const ProcessDetails>;

} // namespace portside::snapshot
