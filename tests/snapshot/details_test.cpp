// SPDX-License-Identifier: MIT
// What is read of the row whose details are open: by the scanner's thread, and only while they are.
#include "core/snapshot/scanner_thread.h"
#include "own_listener.h"

#include <atomic>
#include <chrono>
#include <doctest/doctest.h>
#include <thread>

using namespace portside;
using namespace portside::snapshot;
using namespace std::chrono_literals;

namespace {

// Until it holds, a minute at most.
template <typename Condition>
bool eventually(Condition holds) {
    const auto until = std::chrono::steady_clock::now() + 60s;
    while (!holds()) {
        if (std::chrono::steady_clock::now() > until) {
            return false;
        }
        std::this_thread::sleep_for(2ms);
    }
    return true;
}

const Row* row_of(const SnapshotPtr& snapshot, std::uint16_t port) {
    if (snapshot) {
        for (const Row& row : snapshot->rows) {
            if (row.key.port == port && !row.owners.empty()) {
                return &row;
            }
        }
    }
    return nullptr;
}

} // namespace

TEST_CASE("details - are read while they are wished for and no longer") {
    const test::OwnListener listener;
    std::atomic<int> wakes{0};
    ScannerThread thread(ScannerOptions{}, 50ms, [&] { ++wakes; });
    SnapshotPtr snapshot;
    REQUIRE(eventually([&] {
        snapshot = thread.report().snapshot;
        return row_of(snapshot, listener.port()) != nullptr;
    }));
    CHECK_FALSE(thread.details());
    const Row& row = *row_of(snapshot, listener.port());
    DetailsWish wish{row.key, {}, {row.sockets.front().inode}};
    for (const auto& owner : row.owners) {
        wish.owners.push_back(owner.id);
    }
    thread.set_details_of(wish);
    REQUIRE(eventually([&] { return thread.details() && thread.details()->cpu_percent; }));
    const auto details = thread.details();
    CHECK(details->row == row.key);
    REQUIRE(details->usage);
    CHECK(details->usage->resident_bytes > 0);
    CHECK(details->connections);
    REQUIRE(details->queues.size() == 1);
    CHECK(details->queues.front().inode == row.sockets.front().inode);
    thread.set_details_of(std::nullopt);
    CHECK(eventually([&] { return !thread.details(); }));
}

TEST_CASE("details - of a row without owners are its queues") {
    const test::OwnListener listener;
    Scanner scanner({});
    const auto snapshot = scanner.scan();
    REQUIRE(snapshot);
    const Row* const row = row_of(*snapshot, listener.port());
    REQUIRE(row != nullptr);
    const auto details = scanner.read_details({row->key, {}, {row->sockets.front().inode}});
    CHECK_FALSE(details.usage);
    CHECK_FALSE(details.connections);
    CHECK(details.queues.size() == 1);
}
