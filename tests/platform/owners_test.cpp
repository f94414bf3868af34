// SPDX-License-Identifier: MIT
// Who holds which socket: made-up trees, and real processes and threads. The main thread, and one that a test starts.
#include "core/platform/owners.h"

#include "core/base/unique_fd.h"
#include "core/platform/process.h"
#include "tests/platform/fake_proc.h"
#include "tests/platform/puppet.h"
#include "tests/support/become.h"

#include <algorithm>
#include <cerrno>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <filesystem>
#include <future>
#include <sched.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace portside::platform;
using portside::base::UniqueFd;
using test::inode_of;
using test::new_socket;

namespace {

using Ids = std::vector<ProcessId>;

Ids owners_in(const OwnerWalk& walk, std::uint64_t inode) {
    Ids ids;
    for (const SocketOwner& owner : walk.owners.of(inode)) {
        ids.push_back(owner.process);
    }
    return ids;
}

Ids owners_of(std::uint64_t inode) {
    const std::vector wanted{inode};
    const OwnerWalk walk = walk_owners(wanted);
    CHECK(walk.complete);
    return owners_in(walk, inode);
}

ProcessId id_of(pid_t pid) {
    const auto stat = read_stat(pid);
    REQUIRE(stat);
    return stat->id;
}

// A thread with a descriptor table of its own, which alone holds a socket, until it is told to end.
class ThreadWithOwnTable {
  public:
    ThreadWithOwnTable()
        : thread_([this] {
              const bool own = ::unshare(CLONE_FILES) == 0;
              const UniqueFd socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
              inode_.set_value(own ? inode_of(socket.get()) : 0);
              end_.get_future().wait();
          }) {}
    ~ThreadWithOwnTable() { end_.set_value(); }
    std::uint64_t inode() { return inode_.get_future().get(); }

  private:
    std::promise<std::uint64_t> inode_;
    std::promise<void> end_;
    std::jthread thread_; // after what it uses
};

} // namespace

TEST_CASE("owners of sockets are in order however they were added") {
    SocketOwners owners;
    CHECK(owners.empty());
    for (const auto& [inode, pid] : {std::pair{5U, 3}, {9U, 1}, {5U, 2}, {7U, 4}, {5U, 1}}) {
        owners.add({inode, {pid, 10}});
    }
    CHECK(owners.size() == 5);
    CHECK(std::is_sorted(owners.begin(), owners.end()));
    OwnerWalk walk;
    walk.owners = owners;
    CHECK(owners_in(walk, 5) == Ids{{1, 10}, {2, 10}, {3, 10}});
    CHECK(owners_in(walk, 7) == Ids{{4, 10}});
    CHECK(owners_in(walk, 9) == Ids{{1, 10}});
    for (const std::uint64_t inode : {0U, 4U, 6U, 8U, 10U}) {
        CHECK_FALSE(owners.contains(inode));
    }
    walk.owners.clear();
    CHECK_FALSE(walk.owners.contains(5));
    CHECK(owners.contains(5));
}

TEST_CASE("a made-up tree - all owners of what was asked for in order") {
    const test::TemporaryFolder proc;
    test::add_process(proc, 1, 10, {100});
    test::add_process(proc, 30, 300, {500, 501, 500});
    test::add_process(proc, 4, 40, {501, 777});
    proc.link("4/fd/90", "pipe:[500]");
    proc.link("4/fd/91", "socket:[]");
    proc.link("4/fd/92", "socket:[500]x");
    proc.link("4/fd/93", "socket:[-500]");
    proc.link("4/fd/94", "socket:[" + std::string(300, '5') + "]");
    proc.write("meminfo", "not a process");
    proc.write("007/stat", "no process either");
    const std::vector<std::uint64_t> wanted{0, 100, 500, 501, 999};
    const OwnerWalk walk = walk_owners(wanted, proc.path());
    CHECK(walk.complete);
    CHECK(walk.denied == 0);
    REQUIRE(walk.owners.size() == 4); // of three sockets
    CHECK(owners_in(walk, 100) == Ids{{1, 10}});
    CHECK(owners_in(walk, 500) == Ids{{30, 300}});
    CHECK(owners_in(walk, 501) == Ids{{4, 40}, {30, 300}});
}

TEST_CASE("a made-up tree - the tables of threads are read for what nobody else holds") {
    const test::TemporaryFolder proc;
    test::add_process(proc, 1, 10, {100});
    test::add_process(proc, 20, 200, {});
    proc.link("20/task/20/fd/3", "socket:[100]");
    proc.link("20/task/21/fd/3", "socket:[101]");
    const std::vector<std::uint64_t> wanted{100, 101};
    const OwnerWalk walk = walk_owners(wanted, proc.path());
    CHECK(owners_in(walk, 100) == Ids{{1, 10}});
    CHECK(owners_in(walk, 101) == Ids{{20, 200}});
    CHECK(holds_socket(20, 101, proc.path()) == Holds::yes);
    CHECK(holds_socket(1, 100, proc.path()) == Holds::yes);
    CHECK(holds_socket(1, 101, proc.path()) == Holds::no);
    CHECK(holds_socket(5, 100, proc.path()) == Holds::no);
}

TEST_CASE("a made-up tree - one that vanishes while it is looked at is skipped") {
    const test::TemporaryFolder proc;
    test::add_process(proc, 5, 50, {100});
    std::filesystem::remove(proc.path() + "/5/stat"); // as after its end
    const std::vector<std::uint64_t> wanted{100};
    const OwnerWalk walk = walk_owners(wanted, proc.path());
    CHECK(walk.owners.empty());
    CHECK(walk.complete);
    CHECK(walk.denied == 0);
}

TEST_CASE("a tree that cannot be read is not complete") {
    const std::vector<std::uint64_t> wanted{100};
    CHECK_FALSE(walk_owners(wanted, "/nowhere").complete);
    CHECK(holds_socket(::getpid(), 100, "/nowhere") == Holds::not_permitted);
}

TEST_CASE("nothing asked for is nothing read") {
    const OwnerWalk walk = walk_owners({}, "/nowhere");
    CHECK(walk.owners.empty());
    CHECK(walk.complete);
}

TEST_CASE("parent and child hold a shared socket until one of them closes it") {
    UniqueFd socket = new_socket();
    const std::uint64_t inode = inode_of(socket.get());
    CHECK(owners_of(inode) == Ids{id_of(::getpid())});
    const test::Fork child;
    Ids both{id_of(::getpid()), id_of(child.pid())};
    std::sort(both.begin(), both.end());
    CHECK(owners_of(inode) == both);
    CHECK(holds_socket(::getpid(), inode) == Holds::yes);
    CHECK(holds_socket(child.pid(), inode) == Holds::yes);
    socket.reset();
    CHECK(owners_of(inode) == Ids{id_of(child.pid())});
    CHECK(holds_socket(::getpid(), inode) == Holds::no);
    child.kill_without_reaping();
    CHECK(owners_of(inode).empty());
    CHECK(holds_socket(child.pid(), inode) == Holds::no); // a zombie holds nothing
}

TEST_CASE("a socket inside a message has no owner until the message is taken") {
    std::array<int, 2> ends{};
    REQUIRE(::socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, ends.data()) == 0);
    const UniqueFd near_end(ends[0]);
    const UniqueFd far_end(ends[1]);
    UniqueFd socket = new_socket();
    const std::uint64_t inode = inode_of(socket.get());
    REQUIRE(portside::support::send_descriptor(near_end.get(), socket.get()));
    socket.reset();
    CHECK(owners_of(inode).empty());
    const test::Fork child([&] {
        if (!portside::support::keep_descriptor(far_end.get())) {
            ::_exit(1);
        }
    });
    CHECK(owners_of(inode) == Ids{id_of(child.pid())});
}

TEST_CASE("a socket that only a thread with its own table holds belongs to its process") {
    std::uint64_t inode = 0;
    {
        ThreadWithOwnTable thread;
        inode = thread.inode();
        REQUIRE(inode != 0);
        CHECK(owners_of(inode) == Ids{id_of(::getpid())});
        CHECK(holds_socket(::getpid(), inode) == Holds::yes);
    }
    CHECK(owners_of(inode).empty());
    CHECK(holds_socket(::getpid(), inode) == Holds::no);
}

TEST_CASE("a process that never was holds nothing") {
    CHECK(holds_socket(-1, 1) == Holds::no);
    CHECK(holds_socket(0, 1) == Holds::no);
}

TEST_SUITE("root") {
    TEST_CASE("descriptors of another user are denied and that is counted") {
        const UniqueFd socket = new_socket();
        const std::uint64_t inode = inode_of(socket.get());
        const pid_t parent = ::getpid();
        const pid_t child = ::fork();
        if (child == 0) {
            ::close(socket.get());
            const bool dropped = ::setresgid(65534, 65534, 65534) == 0 && ::setresuid(65534, 65534, 65534) == 0;
            const UniqueFd own(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
            // A process whose user changed is looked at by its own user only after an exec, but for looking at itself.
            std::vector wanted{inode, inode_of(own.get())};
            std::sort(wanted.begin(), wanted.end());
            const OwnerWalk walk = walk_owners(wanted);
            const bool right = walk.denied > 0 && walk.complete && !walk.owners.contains(inode) &&
                               walk.owners.contains(inode_of(own.get())) &&
                               holds_socket(parent, inode) == Holds::not_permitted &&
                               holds_socket(::getpid(), inode_of(own.get())) == Holds::yes;
            ::_exit(dropped && right ? 0 : 1);
        }
        int status = -1;
        REQUIRE(::waitpid(child, &status, 0) == child);
        CHECK(status == 0);
    }

    TEST_CASE("a proc that hides the processes of other users counts as denied") {
        const test::TemporaryFolder folder;
        const UniqueFd socket = new_socket();
        const std::uint64_t inode = inode_of(socket.get());
        const pid_t child = ::fork();
        if (child == 0) {
            portside::support::leave_shared_mounts();
            const bool hidden = ::mount("proc", folder.path().c_str(), "proc", 0, "hidepid=invisible") == 0 &&
                                ::chmod(folder.path().c_str(), 0755) == 0;
            ::close(socket.get());
            const bool dropped = ::setresgid(65534, 65534, 65534) == 0 && ::setresuid(65534, 65534, 65534) == 0;
            const std::vector wanted{inode};
            const OwnerWalk walk = walk_owners(wanted, folder.path());
            const bool seen = ::access((folder.path() + "/1").c_str(), F_OK) == 0;
            ::_exit(!hidden ? 2 : (dropped && !seen && walk.denied == 1 && walk.owners.empty() ? 0 : 1));
        }
        int status = -1;
        REQUIRE(::waitpid(child, &status, 0) == child);
        CHECK(status == 0);
    }

    TEST_CASE("kernel threads and zombies deny nothing") {
        const test::Fork zombie;
        zombie.kill_without_reaping();
        const pid_t child = ::fork();
        if (child == 0) {
            const bool dropped = ::setresgid(65534, 65534, 65534) == 0 && ::setresuid(65534, 65534, 65534) == 0;
            ::_exit(dropped && holds_socket(zombie.pid(), 1) == Holds::no ? 0 : 1);
        }
        int status = -1;
        REQUIRE(::waitpid(child, &status, 0) == child);
        CHECK(status == 0);
    }
}
