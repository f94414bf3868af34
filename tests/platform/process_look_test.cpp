// SPDX-License-Identifier: MIT
// core/platform/process_look: one look at one process, whatever state it is in. The children of this test, and the
// kernel's own threads.
#include "core/platform/process_look.h"

#include "core/platform/process.h"
#include "tests/owners/elsewhere.h"
#include "tests/platform/fake_proc.h"
#include "tests/platform/puppet.h"
#include "tests/support/wait.h"

#include <algorithm>
#include <csignal>
#include <doctest/doctest.h>
#include <future>
#include <sched.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <thread>
#include <unistd.h>

using namespace portside;
using namespace portside::platform;
using base::UniqueFd;
using test::inode_of;
using test::must;
using test::new_socket;

namespace {

struct Seen {
    Look look;
    std::vector<Holding> holdings;
    [[nodiscard]] std::vector<Holding> of(std::uint64_t inode) const {
        std::vector<Holding> some;
        std::copy_if(holdings.begin(), holdings.end(), std::back_inserter(some),
                     [&](const Holding& holding) { return holding.inode == inode; });
        return some;
    }
};

Seen look_at(Look what, const std::string& path = "/proc") {
    const ProcRoot root(path);
    Seen seen{what, {}};
    const auto looker = std::make_unique<Looker>(root);
    looker->look(seen.look, seen.holdings);
    return seen;
}

char state_of(pid_t pid) {
    const auto stat = read_stat(pid);
    return stat ? stat->state : '?';
}

bool has_kernel_threads() {
    const auto second = read_stat(2);
    return second && is_kernel_thread(*second);
}

// For a child whose main thread ends while another one lives on with the table.
void end_this_thread(int /*signal*/) {
    ::syscall(SYS_exit, 0);
}

} // namespace

TEST_CASE("process look - where a link is") {
    CHECK(link_path({.inode = 1, .pid = 12, .thread = 0, .fd = 3}) == "12/fd/3");
    CHECK(link_path({.inode = 1, .pid = 12, .thread = 13, .fd = 3}) == "12/task/13/fd/3");
    CHECK(link_path({1, 2147483647, 2147483647, 2147483647}) == "2147483647/task/2147483647/fd/2147483647");
}

TEST_CASE("process look - our own sockets while they are open") {
    UniqueFd socket = new_socket();
    const std::uint64_t inode = inode_of(socket.get());
    const Seen seen = look_at({.pid = ::getpid()});
    CHECK(seen.look.access == Access::read);
    CHECK_FALSE(seen.look.has_own_tables);
    CHECK_FALSE(seen.look.is_kernel_thread);
    const Holding expected{inode, ::getpid(), 0, socket.get()};
    REQUIRE(seen.of(inode) == std::vector{expected});
    const ProcRoot root("/proc");
    CHECK(still_holds(root, expected));
    CHECK_FALSE(still_holds(root, {inode + 1, expected.pid, 0, expected.fd}));
    CHECK_FALSE(still_holds(root, {inode, expected.pid, 0, expected.fd + 100}));
    const Seen again = look_at({.pid = ::getpid()});
    CHECK(again.look.digest == seen.look.digest);
    struct stat folder {};
    REQUIRE(::stat("/proc/self/", &folder) == 0);
    CHECK(look_at({.pid = ::getpid(), .folder = folder.st_ino}).of(inode).size() == 1);
    const Seen of_another = look_at({.pid = ::getpid(), .folder = folder.st_ino + 1}); // the number was given away
    CHECK(of_another.look.access == Access::gone);
    CHECK(of_another.holdings.empty());
    socket.reset();
    CHECK_FALSE(still_holds(root, expected));
    const Seen later = look_at({.pid = ::getpid()});
    CHECK(later.of(inode).empty());
    CHECK(later.look.digest != seen.look.digest);
    CHECK(later.look.digest != 0);
}

TEST_CASE("process look - what is closed to us is denied and nothing is tried") {
    const UniqueFd socket = new_socket();
    const ProcRoot root("/proc");
    const auto looker = std::make_unique<Looker>(root);
    Look look{.pid = ::getpid(), .expected = 3, .is_closed = true};
    std::vector<Holding> holdings;
    looker->look(look, holdings);
    CHECK(look.access == Access::denied);
    CHECK(holdings.empty());
    CHECK(look.digest != 0);
    CHECK(looker->tables_read() + looker->links_read() == 0);
}

TEST_CASE("process look - the digest tells descriptor numbers and sockets apart") {
    const test::TemporaryFolder proc;
    test::add_process(proc, 8, 1, {100});
    test::add_process(proc, 9, 1, {101});
    test::add_process(proc, 5, 1, {100, 101});
    proc.link("10/fd/9", "socket:[100]");
    const auto digest = [&](pid_t pid) { return look_at({.pid = pid}, proc.path()).look.digest; };
    CHECK(digest(8) == digest(8));
    CHECK(digest(8) != digest(9));
    CHECK(digest(8) != digest(10));
    CHECK(digest(5) != digest(8));
}

TEST_CASE("process look - a table that only one thread has is read and named") {
    std::promise<std::pair<std::uint64_t, pid_t>> made;
    std::promise<void> end;
    std::jthread thread([&] {
        const bool own = ::unshare(CLONE_FILES) == 0;
        const UniqueFd socket = new_socket();
        made.set_value({own ? inode_of(socket.get()) : 0, static_cast<pid_t>(::syscall(SYS_gettid))});
        end.get_future().wait();
    });
    const auto [inode, tid] = made.get_future().get();
    const Seen seen = look_at({.pid = ::getpid(), .every_table = true});
    const Seen second_part = look_at({.pid = ::getpid(), .range = {.first = 1024}, .every_table = true});
    end.set_value();
    thread.join();
    REQUIRE(inode != 0);
    CHECK(seen.look.has_own_tables);
    REQUIRE(seen.of(inode).size() == 1);
    CHECK(seen.of(inode)[0].thread == tid);
    CHECK(second_part.holdings.empty()); // threads go with the first part
    CHECK_FALSE(second_part.look.has_own_tables);
    const Seen after = look_at({.pid = ::getpid(), .every_table = true});
    CHECK_FALSE(after.look.has_own_tables);
    CHECK(after.of(inode).empty());
}

TEST_CASE("process look - threads that share the table are read once") {
    std::promise<void> end;
    const auto ended = end.get_future().share();
    std::vector<std::jthread> threads;
    for (int i = 0; i < 3; ++i) {
        threads.emplace_back([ended] { ended.wait(); });
    }
    const UniqueFd socket = new_socket();
    const ProcRoot root("/proc");
    // A thread that was joined before may be listed for a moment yet, and shares nothing any more.
    CHECK(support::wait_until([&] {
        const auto looker = std::make_unique<Looker>(root);
        Seen seen{{.pid = ::getpid()}, {}};
        looker->look(seen.look, seen.holdings);
        CHECK(seen.of(inode_of(socket.get())).size() == 1);
        return looker->tables_read() == 1;
    }));
    end.set_value();
}

TEST_CASE("process look - a made-up tree in which only reading tells tables apart") {
    const test::TemporaryFolder proc;
    test::add_process(proc, 20, 1, {100});
    proc.link("20/task/20/fd/3", "socket:[100]");
    proc.link("20/task/21/fd/3", "socket:[101]");
    CHECK(look_at({.pid = 20}, proc.path()).of(101).empty());
    const Seen every = look_at({.pid = 20, .every_table = true}, proc.path());
    CHECK(every.of(101) == std::vector{Holding{101, 20, 21, 3}});
    CHECK(every.of(100) == std::vector{Holding{100, 20, 0, 3}});
    CHECK(every.look.has_own_tables);
}

TEST_CASE("process look - a zombie holds nothing and denies nothing") {
    const UniqueFd socket = new_socket();
    test::Puppet child([](char) {});
    const pid_t pid = child.pid();
    CHECK(look_at({.pid = pid}).of(inode_of(socket.get())).size() == 1);
    child.kill_without_reaping();
    REQUIRE(state_of(pid) == 'Z');
    for (const bool is_empty : {false, true}) {
        const Seen seen = look_at({.pid = pid, .is_empty = is_empty});
        CHECK(seen.holdings.empty());
        CHECK(seen.look.access <= Access::gone);
    }
    child.end();
    const Seen seen = look_at({.pid = pid});
    CHECK(seen.look.access == Access::gone);
    CHECK(seen.holdings.empty());
}

TEST_CASE("process look - a leader that exited leaves its sockets to the other threads") {
    const UniqueFd socket = new_socket();
    test::Puppet child([](char) {
        ::signal(SIGUSR1, end_this_thread);
        std::thread([] {
            for (;;) {
                ::pause();
            }
        }).detach();
    });
    child.order('t');
    const pid_t pid = child.pid();
    REQUIRE(::syscall(SYS_tgkill, pid, pid, SIGUSR1) == 0);
    REQUIRE(support::wait_until([&] { return state_of(pid) == 'Z'; }));
    for (const bool is_empty : {false, true}) { // the count of its own table is 0
        CAPTURE(is_empty);
        const Seen seen = look_at({.pid = pid, .is_empty = is_empty});
        CHECK(seen.look.access == Access::read);
        REQUIRE(seen.of(inode_of(socket.get())).size() == 1);
        CHECK(seen.of(inode_of(socket.get()))[0].thread != 0);
        CHECK(seen.look.has_own_tables);
        CHECK(still_holds(ProcRoot("/proc"), seen.of(inode_of(socket.get()))[0]));
    }
}

TEST_CASE("process look - a kernel thread is one and holds nothing") {
    if (!has_kernel_threads()) {
        MESSAGE("a pid namespace of its own: there are none here");
        return;
    }
    for (const bool is_empty : {false, true}) {
        const Seen seen = look_at({.pid = 2, .is_empty = is_empty, .ask_nature = is_empty});
        CHECK(seen.look.is_kernel_thread == (is_empty || ::geteuid() != 0)); // asked only where there is nothing to see
        CHECK(seen.look.access == Access::read);
        CHECK(seen.holdings.empty());
    }
}

TEST_SUITE("root") {
    TEST_CASE("process look - an ordinary user is denied what others hold but no zombie and no kernel thread") {
        const UniqueFd socket = new_socket();
        const test::Puppet other([](char) {});
        const test::Puppet zombie([](char) {});
        zombie.kill_without_reaping();
        const bool kernel_threads = has_kernel_threads();
        const std::string wrong = owners::as_nobody([&] {
            const Seen denied = look_at({.pid = other.pid()});
            must(denied.look.access == Access::denied, "root's process is denied");
            must(denied.holdings.empty() && !denied.look.is_kernel_thread, "nothing more");
            must(look_at({.pid = zombie.pid()}).look.access <= Access::gone, "a zombie denies nothing");
            if (kernel_threads) {
                const Seen kernel = look_at({.pid = 2});
                must(kernel.look.access == Access::read && kernel.look.is_kernel_thread, "nor does a kernel thread");
            }
            must(look_at({.pid = ::getpid()}).of(inode_of(socket.get())).size() == 1, "oneself is seen");
        });
        CHECK(wrong == "");
    }
}
