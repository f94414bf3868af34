// SPDX-License-Identifier: MIT
// Since when a row's sockets are seen. Pure; any thread.
#include "core/snapshot/first_seen.h"

#include "core/snapshot/origins.h"

#include <algorithm>

namespace portside::snapshot {

namespace {

// By inode only: which source served it may have changed, and one of them tells no cookies.
bool share_a_socket(const Row& a, const Row& b) {
    const auto is_in_b = [&](const platform::SocketEntry& socket) {
        return socket.inode != 0 &&
               std::ranges::find(b.sockets, socket.inode, &platform::SocketEntry::inode) != b.sockets.end();
    };
    return std::ranges::any_of(a.sockets, is_in_b); // mostly the first one is
}

} // namespace

void note_first_seen(Snapshot& now, const Snapshot* before, bool bound_is_new) {
    if (before == nullptr) {
        for (Row& row : now.rows) {
            row.seen_at = now.taken_at;
        }
        return;
    }
    const auto origins = origins_of(now, *before);
    for (std::size_t i = 0; i < now.rows.size(); ++i) {
        Row& row = now.rows[i];
        const Row* const origin = origins[i] != kNoOrigin ? &before->rows[origins[i]] : nullptr;
        if (origin != nullptr && share_a_socket(row, *origin)) {
            row.seen_at = origin->seen_at;
            row.appeared = origin->appeared;
        } else {
            row.seen_at = now.taken_at;
            row.appeared = !bound_is_new || row.state != platform::SocketState::bound;
        }
    }
}

} // namespace portside::snapshot
