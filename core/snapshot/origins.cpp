// SPDX-License-Identifier: MIT
// Which row of an earlier snapshot a row comes from. Pure; any thread.
#include "core/snapshot/origins.h"

#include <algorithm>
#include <compare>
#include <span>

namespace portside::snapshot {

namespace {

bool same_place(const RowKey& a, const RowKey& b) {
    return a.port == b.port && a.protocol == b.protocol;
}

// The rows with this protocol and port, which stand together.
std::span<const Row> rows_at(const Snapshot& snapshot, const RowKey& place) {
    const auto before = [&](const Row& row) {
        return row.key.port != place.port ? row.key.port < place.port : row.key.protocol < place.protocol;
    };
    const auto first = std::partition_point(snapshot.rows.begin(), snapshot.rows.end(), before);
    const auto last =
        std::find_if(first, snapshot.rows.end(), [&](const Row& row) { return !same_place(row.key, place); });
    return {first, last};
}

// The sockets of a few rows, to be found by what they are. A socket that the source does not name is none.
class SocketIndex {
  public:
    void add(const Row& row, std::uint32_t number) {
        for (const auto& socket : row.sockets) {
            if (socket.inode != 0 || socket.cookie != 0) {
                sockets_.push_back({socket.inode, socket.cookie, number});
            }
        }
    }
    void finish() { std::sort(sockets_.begin(), sockets_.end()); }
    void clear() { sockets_.clear(); }

    // The number of a row that was added with one of this row's sockets, or kNoOrigin.
    [[nodiscard]] std::uint32_t find(const Row& row) const {
        for (const auto& socket : row.sockets) {
            const auto found =
                std::lower_bound(sockets_.begin(), sockets_.end(), Known{socket.inode, socket.cookie, 0});
            if (found != sockets_.end() && found->inode == socket.inode && found->cookie == socket.cookie) {
                return found->row;
            }
        }
        return kNoOrigin;
    }

  private:
    struct Known {
        std::uint64_t inode = 0;
        std::uint64_t cookie = 0;
        std::uint32_t row = 0;
        auto operator<=>(const Known&) const = default;
    };
    std::vector<Known> sockets_;
};

} // namespace

std::vector<std::uint32_t> origins_of(const Snapshot& now, const Snapshot& before) {
    std::vector<std::uint32_t> origins;
    origins.reserve(now.rows.size());
    const auto& old = before.rows;
    std::size_t at = 0;  // both are in the same order: one walk over them
    SocketIndex sockets; // of the old rows at `indexed`
    const RowKey* indexed = nullptr;
    for (const auto& row : now.rows) {
        while (at < old.size() && stands_before(old[at].key, row.key)) {
            ++at;
        }
        if (at < old.size() && old[at].key == row.key) {
            origins.push_back(static_cast<std::uint32_t>(at));
            continue;
        }
        if (indexed == nullptr || !same_place(*indexed, row.key)) {
            sockets.clear();
            for (const auto& one : rows_at(before, row.key)) {
                sockets.add(one, static_cast<std::uint32_t>(&one - old.data()));
            }
            sockets.finish();
            indexed = &row.key;
        }
        origins.push_back(sockets.find(row));
    }
    return origins;
}

const Row* heir_of(const Row& before, const Snapshot& now) {
    SocketIndex sockets;
    sockets.add(before, 0);
    sockets.finish();
    const Row* heir = nullptr;
    for (const auto& row : rows_at(now, before.key)) {
        if (sockets.find(row) == kNoOrigin) {
            continue;
        }
        if (heir != nullptr) {
            return nullptr;
        }
        heir = &row;
    }
    return heir;
}

} // namespace portside::snapshot
