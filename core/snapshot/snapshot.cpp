// SPDX-License-Identifier: MIT
// Finding things in a snapshot, and the stable words for its values. Any thread.
#include "core/snapshot/snapshot.h"

#include <algorithm>
#include <tuple>
#include <unistd.h>

namespace portside::snapshot {

namespace {
// The order of Snapshot::rows, which differs from RowKey's own: the port comes first.
auto position(const RowKey& key) {
    return std::tie(key.port, key.protocol, key.holder);
}
} // namespace

const Process* Snapshot::find_process(const ProcessId& id) const {
    const auto place = processes.find(id);
    return place ? &processes[*place] : nullptr;
}

const Row* Snapshot::find_row(const RowKey& key) const {
    const auto found = std::lower_bound(rows.begin(), rows.end(), key, [](const Row& row, const RowKey& wanted) {
        return position(row.key) < position(wanted);
    });
    return found != rows.end() && found->key == key ? &*found : nullptr;
}

std::optional<WallTime> started_at(const Snapshot& snapshot, const ProcessId& process) {
    const auto ticks = static_cast<std::uint64_t>(std::max(::sysconf(_SC_CLK_TCK), 1L)); // in a second
    if (!snapshot.booted_at) {
        return std::nullopt;
    }
    const std::chrono::milliseconds since_boot(process.start_time / ticks * 1000 +
                                               process.start_time % ticks * 1000 / ticks);
    return *snapshot.booted_at + since_boot;
}

std::optional<WallTime> since_of(const Snapshot& snapshot, const Row& row) {
    if (row.appeared) {
        return row.seen_at;
    }
    return row.owners.empty() ? std::nullopt : started_at(snapshot, row.owners.front().id);
}

bool stands_before(const RowKey& a, const RowKey& b) {
    return position(a) < position(b);
}

const Process* topmost_process(const Snapshot& snapshot, const Row& row) {
    if (row.owners.empty()) {
        return nullptr;
    }
    const ProcessId& id = row.owners.front().id;
    const bool is_there = row.topmost_at < snapshot.processes.size() && snapshot.processes[row.topmost_at].id == id;
    return is_there ? &snapshot.processes[row.topmost_at] : snapshot.find_process(id);
}

const char* to_string(platform::SocketState state) {
    switch (state) {
    case platform::SocketState::listen:
        return "LISTEN";
    case platform::SocketState::unconn:
        return "UNCONN";
    case platform::SocketState::bound:
        break;
    }
    return "BOUND";
}

const char* to_string(Exposure exposure) {
    switch (exposure) {
    case Exposure::loopback:
        return "loopback";
    case Exposure::interface:
        return "interface";
    case Exposure::all:
        break;
    }
    return "all";
}

const char* to_string(Unknown unknown) {
    switch (unknown) {
    case Unknown::not_permitted:
        return "not_permitted";
    case Unknown::not_found:
        return "not_found";
    case Unknown::searching:
        return "searching";
    case Unknown::gone:
        break;
    }
    return "gone";
}

const char* to_string(Knowledge knowledge) {
    switch (knowledge) {
    case Knowledge::holds:
        return "holds";
    case Knowledge::administrator:
        return "administrator";
    case Knowledge::candidate:
        break;
    }
    return "candidate";
}

} // namespace portside::snapshot
