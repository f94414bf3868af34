// SPDX-License-Identifier: MIT
// core/snapshot/scanner: what counts as a change, on a made-up /proc and on the real one.
#include "core/snapshot/scanner.h"

#include "own_listener.h"
#include "scanner_on.h"

#include <algorithm>
#include <chrono>
#include <doctest/doctest.h>
#include <filesystem>
#include <unistd.h>

using namespace portside;
using namespace portside::snapshot;
using namespace portside::snapshot::test;
using platform::SourceChoice;

namespace {

PrivilegedOwner told_of(std::uint16_t port, std::uint64_t inode, ProcessId process) {
    platform::Endpoint local;
    local.address.bytes = {127, 0, 0, 1};
    local.port = port;
    return PrivilegedOwner{inode, 1000, local, process, WallTime(std::chrono::hours(1))};
}

const Row* row_of_port(const SnapshotPtr& snapshot, std::uint16_t port) {
    const auto found = std::find_if(snapshot->rows.begin(), snapshot->rows.end(),
                                    [&](const Row& row) { return row.key.port == port; });
    return found == snapshot->rows.end() ? nullptr : &*found;
}

bool has_note(const SnapshotPtr& snapshot, const std::string& code) {
    return std::any_of(snapshot->notes.begin(), snapshot->notes.end(),
                       [&](const Note& note) { return note.code == code; });
}

} // namespace

TEST_CASE("a scan names owners and reads their ancestors") {
    const ProcTree tree;
    tree.put({.pid = 5, .parent = 1, .name = "shell", .sockets = {}});
    tree.put({.pid = 10, .parent = 5, .sockets = {501}});
    tree.put({.pid = 11, .parent = 5, .name = "bystander", .sockets = {999}});
    tree.listen({{3000, 501}, {3001, 502}});
    Scanner scanner = scanner_on(tree);
    const auto before = std::chrono::system_clock::now();
    const SnapshotPtr snapshot = scanned(scanner);
    CHECK(snapshot->generation == 1);
    CHECK(snapshot->taken_at >= before);
    CHECK(snapshot->scan_cost.count() > 0);
    REQUIRE(snapshot->rows.size() == 2);
    REQUIRE(topmost_process(*snapshot, snapshot->rows[0]) != nullptr);
    CHECK(topmost_process(*snapshot, snapshot->rows[0])->name == "server");
    CHECK(topmost_process(*snapshot, snapshot->rows[0])->uid == 1000U);
    CHECK(snapshot->rows[1].unknown == Unknown::not_found);
    REQUIRE(snapshot->processes.size() == 3);
    CHECK(snapshot->processes[0].id.pid == 1);
    CHECK(snapshot->processes[1].name == "shell");
    for (const auto& table : snapshot->tables) {
        CHECK(table.source == platform::Source::proc);
    }
    CHECK(snapshot->notes.empty());
}

TEST_CASE("the same content is the same snapshot") {
    const ProcTree tree;
    tree.put({.pid = 10, .sockets = {501, 502}});
    tree.listen({{3000, 501}, {3001, 502}});
    Scanner scanner = scanner_on(tree);
    const SnapshotPtr first = scanned(scanner);
    CHECK(scanned(scanner) == first);
    tree.listen({{3001, 502}, {3000, 501}}); // another order
    CHECK(scanned(scanner) == first);
    tree.put({.pid = 10, .sockets = {501, 502}, .state = 'R'}); // it only runs
    CHECK(scanned(scanner) == first);
    tree.put({.pid = 77, .name = "bystander", .sockets = {}});
    CHECK(scanned(scanner) == first);
    CHECK(first->generation == 1);
}

TEST_CASE("queue lengths are no change but a changed snapshot has fresh ones") {
    const ProcTree tree;
    tree.put({.pid = 10, .sockets = {501, 502}});
    tree.listen({{3000, 501}});
    Scanner scanner = scanner_on(tree);
    const SnapshotPtr first = scanned(scanner);
    tree.listen({{3000, 501, 5}});
    CHECK(scanned(scanner) == first);
    CHECK(first->rows[0].sockets[0].receive_queue == 0);
    tree.listen({{3000, 501, 6}, {3001, 502}});
    const SnapshotPtr second = scanned(scanner);
    CHECK(second->generation == 2);
    CHECK(second->rows[0].sockets[0].receive_queue == 6);
}

TEST_CASE("each change of content is one generation") {
    const ProcTree tree;
    tree.put({.pid = 10, .sockets = {501}});
    tree.listen({{3000, 501}});
    Scanner scanner = scanner_on(tree);
    scanned(scanner);
    std::uint64_t generation = 1;
    const auto grows = [&](auto change) {
        change();
        const SnapshotPtr snapshot = scanned(scanner);
        const bool grew = snapshot->generation == generation + 1;
        generation = snapshot->generation;
        return grew && scanned(scanner) == snapshot; // and then it stays
    };
    CHECK(grows([&] { tree.listen({{3000, 501}, {3001, 502}}); }));
    CHECK(grows([&] { tree.put({.pid = 20, .sockets = {502}}); }));
    CHECK(grows([&] { tree.write_command_line(20, "renamed"); }));
    CHECK(grows([&] { tree.put({.pid = 20, .start_time = 7777, .sockets = {502}}); })); // another process, same number
    CHECK(grows([&] { tree.put({.pid = 20, .parent = 10, .start_time = 7777, .sockets = {502}}); }));
    CHECK(grows([&] { tree.put({.pid = 10, .sockets = {}}); })); // it closed its socket
    CHECK(grows([&] { tree.remove(20); }));
    CHECK(grows([&] { std::filesystem::remove(tree.table("udp6")); }));
    CHECK(grows([&] { tree.listen({}); }));
    CHECK(scanned(scanner)->rows.empty());
    CHECK(grows([&] { scanner.set_include_bound(true); }));
    CHECK(has_note(scanned(scanner), "bound_unknown"));
    CHECK(grows([&] { scanner.set_include_bound(false); }));
    CHECK_FALSE(has_note(scanned(scanner), "bound_unknown"));
}

TEST_CASE("a row keeps its identity while workers come and go") {
    const ProcTree tree;
    tree.put({.pid = 10, .name = "master", .sockets = {501}});
    tree.put({.pid = 11, .parent = 10, .name = "worker", .sockets = {501}});
    tree.listen({{3000, 501}});
    Scanner scanner = scanner_on(tree);
    const SnapshotPtr first = scanned(scanner);
    tree.remove(11);
    tree.put({.pid = 12, .parent = 10, .name = "worker", .start_time = 200, .sockets = {501}});
    const SnapshotPtr second = scanned(scanner);
    CHECK(second->generation == 2);
    CHECK(second->rows[0].key == first->rows[0].key);
    CHECK(second->rows[0].owners[1].id.pid == 12);
}

TEST_CASE("parents in a ring end") {
    const ProcTree tree;
    tree.put({.pid = 10, .parent = 11, .sockets = {501}});
    tree.put({.pid = 11, .parent = 10, .sockets = {}});
    tree.listen({{3000, 501}});
    Scanner scanner = scanner_on(tree);
    CHECK(scanned(scanner)->processes.size() == 2);
}

TEST_CASE("a failed listing is an error and leaves what was known") {
    const ProcTree tree;
    tree.put({.pid = 10, .sockets = {501}});
    tree.listen({{3000, 501}});
    Scanner scanner = scanner_on(tree);
    const SnapshotPtr first = scanned(scanner);
    std::filesystem::rename(tree.path() + "/net", tree.path() + "/away");
    const auto failed = scanner.scan();
    REQUIRE_FALSE(failed.has_value());
    CHECK_FALSE(failed.error().what.empty());
    std::filesystem::rename(tree.path() + "/away", tree.path() + "/net");
    CHECK(scanned(scanner) == first);
}

TEST_CASE("a told owner is taken over and stays without further changes") {
    const ProcTree tree;
    tree.put({.pid = 10, .start_time = 100, .sockets = {}}); // its descriptors say nothing
    tree.listen({{3000, 501}});
    Scanner scanner = scanner_on(tree);
    CHECK(scanned(scanner)->rows[0].owners.empty());
    scanner.set_privileged_owners({told_of(3000, 501, {10, 100}), told_of(9999, 888, {1, 1})});
    const SnapshotPtr named = scanned(scanner);
    CHECK(named->generation == 2);
    REQUIRE(named->rows[0].owners.size() == 1);
    CHECK(named->rows[0].owners[0].knowledge == Knowledge::administrator);
    CHECK(named->rows[0].owners[0].seen_at == WallTime(std::chrono::hours(1)));
    CHECK(topmost_process(*named, named->rows[0])->name == "server");
    CHECK(scanned(scanner) == named);
    scanner.set_privileged_owners({});
    CHECK(scanned(scanner)->rows[0].owners.empty());
}

TEST_CASE("a told owner that ended is gone until the next change and never comes back") {
    const ProcTree tree;
    tree.put({.pid = 10, .start_time = 100, .sockets = {}});
    tree.listen({{3000, 501}});
    Scanner scanner = scanner_on(tree);
    scanner.set_privileged_owners({told_of(3000, 501, {10, 100})});
    scanned(scanner);
    tree.put({.pid = 10, .start_time = 555, .sockets = {}}); // the number is used again
    const SnapshotPtr gone = scanned(scanner);
    CHECK(gone->generation == 2);
    CHECK(gone->rows[0].unknown == Unknown::gone);
    CHECK(scanned(scanner) == gone);
    tree.put({.pid = 10, .start_time = 100, .sockets = {}});
    CHECK(scanned(scanner) == gone);
    tree.listen({{3000, 501}, {3001, 502}});
    CHECK(scanned(scanner)->rows[0].unknown == Unknown::not_found);
}

TEST_CASE("a told owner goes with its socket") {
    const ProcTree tree;
    tree.put({.pid = 10, .start_time = 100, .sockets = {}});
    tree.listen({{3000, 501}});
    Scanner scanner = scanner_on(tree);
    scanner.set_privileged_owners({told_of(3000, 501, {10, 100})});
    CHECK(scanned(scanner)->rows[0].owners.size() == 1);
    tree.listen({});
    const SnapshotPtr empty = scanned(scanner);
    CHECK(empty->rows.empty());
    CHECK(scanned(scanner) == empty);
    tree.listen({{3000, 501}}); // an inode number that is used again
    CHECK(scanned(scanner)->rows[0].owners.empty());
}

namespace {
// Other programs open and close sockets meanwhile: scans until `found` or the time is over.
template <typename Found>
bool eventually(Scanner& scanner, Found found) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (std::chrono::steady_clock::now() < deadline) {
        if (found(scanned(scanner))) {
            return true;
        }
    }
    return false;
}
} // namespace

TEST_CASE("own listeners are found by either source with this process as owner") {
    for (const auto choice : {SourceChoice::automatic, SourceChoice::proc}) {
        Scanner scanner(ScannerOptions{.source = choice, .include_bound = false, .proc_root = "/proc"});
        OwnListener listener;
        const SnapshotPtr snapshot = scanned(scanner);
        const Row* const row = row_of_port(snapshot, listener.port());
        REQUIRE(row != nullptr);
        REQUIRE_FALSE(row->owners.empty());
        CHECK(std::any_of(row->owners.begin(), row->owners.end(),
                          [](const Owner& owner) { return owner.id.pid == ::getpid(); }));
        CHECK(row->address_text == "127.0.0.1");
        CHECK(row->exposure == Exposure::loopback);
        CHECK(row->sockets[0].uid == ::geteuid());
        listener.close();
        CHECK(row_of_port(scanned(scanner), listener.port()) == nullptr);
    }
}

TEST_CASE("a real machine in peace gives the same snapshot and a new listener another") {
    Scanner scanner(ScannerOptions{});
    SnapshotPtr last = scanned(scanner);
    OwnListener listener;
    const SnapshotPtr opened = scanned(scanner);
    CHECK(opened->generation == last->generation + 1);
    CHECK(row_of_port(opened, listener.port()) != nullptr);
    last = opened;
    const bool same_twice =
        eventually(scanner, [&](const SnapshotPtr& snapshot) { return std::exchange(last, snapshot) == snapshot; });
    CHECK(same_twice);
    // A connection that waits for accept changes a queue length and nothing else.
    const base::UniqueFd client = listener.connect();
    const bool still_the_same =
        eventually(scanner, [&](const SnapshotPtr& snapshot) { return std::exchange(last, snapshot) == snapshot; });
    CHECK(still_the_same);
}
