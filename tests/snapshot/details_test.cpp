// SPDX-License-Identifier: MIT
// What is read of the row whose details are open: by the scanner's thread, and only while they are.
#include "core/snapshot/scanner_thread.h"
#include "own_listener.h"
#include "owned_row.h"
#include "tests/support/wait.h"

#include <atomic>
#include <chrono>
#include <doctest/doctest.h>

using namespace portside;
using namespace portside::snapshot;
using namespace std::chrono_literals;

TEST_CASE("details - are read while they are wished for and no longer") {
    const test::OwnListener listener;
    std::atomic<int> wakes{0};
    ScannerThread thread(ScannerOptions{}, 50ms, [&] { ++wakes; });
    SnapshotPtr snapshot;
    REQUIRE(support::wait_until([&] {
        snapshot = thread.report().snapshot;
        return test::owned_row(snapshot, listener.port()) != nullptr;
    }));
    CHECK_FALSE(thread.details());
    const Row& row = *test::owned_row(snapshot, listener.port());
    DetailsWish wish{row.key, {}, {row.sockets.front().inode}};
    for (const auto& owner : row.owners) {
        wish.owners.push_back(owner.id);
    }
    thread.set_details_of(wish);
    REQUIRE(support::wait_until([&] { return thread.details() && thread.details()->cpu_percent; }));
    const auto details = thread.details();
    CHECK(details->row == row.key);
    REQUIRE(details->usage);
    CHECK(details->usage->resident_bytes > 0);
    CHECK(details->connections);
    REQUIRE(details->queues.size() == 1);
    CHECK(details->queues.front().inode == row.sockets.front().inode);
    thread.set_details_of(std::nullopt);
    CHECK(support::wait_until([&] { return !thread.details(); }));
}

TEST_CASE("details - of a row without owners are its queues") {
    const test::OwnListener listener;
    Scanner scanner({});
    const auto snapshot = scanner.scan();
    REQUIRE(snapshot);
    const Row* const row = test::owned_row(*snapshot, listener.port());
    REQUIRE(row != nullptr);
    const auto details = scanner.read_details({row->key, {}, {row->sockets.front().inode}});
    CHECK_FALSE(details.usage);
    CHECK_FALSE(details.connections);
    CHECK(details.queues.size() == 1);
}
