// SPDX-License-Identifier: MIT
// An ordinary user sees every socket, and the owners of his own ones. One thread, and forks of it.
#include "core/platform/owners.h"
#include "tests/live/live_sockets.h"

#include <algorithm>
#include <doctest/doctest.h>
#include <grp.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace portside::live;
using namespace portside::platform;

namespace {

bool become_nobody() {
    return ::setgroups(0, nullptr) == 0 && ::setresgid(65534, 65534, 65534) == 0 &&
           ::setresuid(65534, 65534, 65534) == 0;
}

// Each number is one thing that went wrong.
int see_as_nobody(const LiveSocket& of_root, SourceChoice choice) {
    if (!become_nobody()) {
        return 10;
    }
    const LiveSocket own = make_socket({});
    const SocketListing listing = list(choice);
    if (with_inode(listing, of_root.inode).size() != 1 || with_inode(listing, own.inode).size() != 1) {
        return 11;
    }
    std::vector<std::uint64_t> inodes{of_root.inode, own.inode};
    std::sort(inodes.begin(), inodes.end());
    const OwnerWalk walk = walk_owners(inodes);
    if (walk.denied == 0 || !walk.complete || walk.owners.contains(of_root.inode)) {
        return 12;
    }
    const auto owners = walk.owners.of(own.inode);
    const bool found = owners.size() == 1 && owners.front().process.pid == ::getpid() &&
                       with_inode(listing, own.inode).front().uid == 65534;
    return found ? 0 : 13;
}

} // namespace

TEST_SUITE("root") {
    TEST_CASE("an ordinary user sees all sockets and his own owners") {
        LiveSocket of_root = make_socket({});
        for (const SourceChoice choice : {SourceChoice::netlink, SourceChoice::proc}) {
            const pid_t child = ::fork();
            if (child == 0) {
                of_root.fd.reset(); // the parent alone holds it
                int wrong = 20;
                try {
                    wrong = see_as_nobody(of_root, choice);
                } catch (...) {
                    wrong = 21;
                }
                ::_exit(wrong);
            }
            int status = -1;
            REQUIRE(::waitpid(child, &status, 0) == child);
            REQUIRE(WIFEXITED(status));
            CHECK(WEXITSTATUS(status) == 0);
        }
    }
}
