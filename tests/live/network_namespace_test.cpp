// SPDX-License-Identifier: MIT
// A listing is of the calling thread's network namespace. The main thread, and one that a test starts.
#include "tests/live/live_sockets.h"

#include "core/base/unique_fd.h"
#include "core/platform/sock_diag.h"

#include <algorithm>
#include <cstring>
#include <doctest/doctest.h>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <thread>

using namespace portside::live;
using namespace portside::platform;

namespace {

bool bring_up_loopback() {
    const portside::base::UniqueFd socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    ifreq request{"lo", {}};
    request.ifr_flags = IFF_UP | IFF_RUNNING;
    return socket && ::ioctl(socket.get(), SIOCSIFFLAGS, &request) == 0;
}

} // namespace

TEST_SUITE("netns") {
    TEST_CASE("a thread in a new network namespace lists that one and no other") {
        const LiveSocket outside = make_socket({});
        std::jthread([&] {
            REQUIRE(::unshare(CLONE_NEWNET) == 0);
            CHECK(list(SourceChoice::netlink, true).sockets.empty());
            CHECK(list(SourceChoice::proc).sockets.empty());
            REQUIRE(bring_up_loopback());
            const LiveSocket tcp = make_socket({.port = outside.port});
            const LiveSocket udp = make_socket({.protocol = Protocol::udp, .address = "::1"});
            for (const SourceChoice choice : {SourceChoice::netlink, SourceChoice::proc}) {
                const SocketListing listing = list(choice);
                CHECK(listing.sockets.size() == 2);
                CHECK(with_inode(listing, tcp.inode).size() == 1);
                CHECK(with_inode(listing, udp.inode).size() == 1);
                CHECK(with_inode(listing, outside.inode).empty());
            }
        }).join();
        CHECK(with_inode(list(SourceChoice::netlink), outside.inode).size() == 1);
        CHECK(with_inode(list(SourceChoice::proc), outside.inode).size() == 1);
    }

    TEST_CASE("whether the kernel tells bound sockets is known without a loopback too") {
        const bool outside = kernel_tells_bound();
        bool listed = false;
        bool known = false;
        std::jthread([&] {
            REQUIRE(::unshare(CLONE_NEWNET) == 0);
            const LiveSocket bound = make_socket({.address = "0.0.0.0", .kind = Kind::bound});
            const SocketListing listing = list(SourceChoice::automatic, true);
            known = listing.bound_known;
            listed = with_inode(listing, bound.inode).size() == 1;
        }).join();
        CHECK(known == outside);
        CHECK(listed == outside);
    }
}
