// SPDX-License-Identifier: MIT
// The connections of the one row whose connections are shown. UI thread.
#include "app/session/session.h"

#include <utility>

namespace portside::session {

void Session::act(const ui::ShowConnections& intent) {
    connections_row_ = intent.row;
    wish_connections();
}

// Its sockets may be others while they are shown.
void Session::wish_connections() {
    std::optional<snapshot::ConnectionsWish> wish;
    const auto* const row =
        connections_row_ && model_.snapshot ? model_.snapshot->find_row(*connections_row_) : nullptr;
    if (row != nullptr) {
        wish.emplace();
        wish->row = row->key;
        for (const auto& socket : row->sockets) {
            wish->inodes.push_back(socket.inode);
        }
    }
    if (wish != connections_wish_) {
        connections_wish_ = wish;
        work_.set_connections_of(std::move(wish));
    }
}

} // namespace portside::session
