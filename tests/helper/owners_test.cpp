// SPDX-License-Identifier: MIT
// portside-kill-helper owners: who holds the test's own sockets, in numbers.
#include "helper_run.h"

#include "core/platform/process.h"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>

using namespace portside;
using platform::HelperExit;
using platform::SocketOwner;
using tests::run_helper;

namespace {

std::vector<SocketOwner> owners() {
    const tests::TempFolder folder;
    const base::UniqueFd file(::open(folder.path("answer").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    REQUIRE(run_helper(platform::helper_owners_arguments(), -1, file.get()) == HelperExit::sent);
    auto parsed = platform::parse_owner_lines(folder.read("answer").value());
    REQUIRE(parsed.has_value());
    return std::move(*parsed);
}

bool has(const std::vector<SocketOwner>& owners, const SocketOwner& wanted) {
    return std::find(owners.begin(), owners.end(), wanted) != owners.end();
}

} // namespace

TEST_CASE("helper owners - all holders of a listening TCP and a bound UDP socket") {
    const auto self = platform::read_stat(::getpid());
    REQUIRE(self.has_value());
    const auto listener = tests::listen_on_loopback();
    const base::UniqueFd udp(::socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    sockaddr_in6 address{};
    address.sin6_family = AF_INET6;
    address.sin6_addr = in6addr_loopback;
    REQUIRE(::bind(udp.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0);
    struct stat status {};
    REQUIRE(::fstat(udp.get(), &status) == 0);
    const tests::TestChild heir; // has inherited both
    const auto told = owners();
    for (const std::uint64_t inode : {listener.inode, std::uint64_t{status.st_ino}}) {
        CHECK(has(told, {inode, self->id}));
        CHECK(has(told, {inode, heir.id()}));
    }
}

TEST_CASE("helper owners - an answer that cannot be written is an error") {
    const auto listener = tests::listen_on_loopback(); // there is something to write
    const base::UniqueFd full(::open("/dev/full", O_WRONLY | O_CLOEXEC));
    REQUIRE(full);
    CHECK(run_helper(platform::helper_owners_arguments(), -1, full.get()) == HelperExit::failed);
    std::array<int, 2> ends{};
    REQUIRE(::pipe2(ends.data(), O_CLOEXEC) == 0);
    const base::UniqueFd writer(ends[1]);
    ::close(ends[0]); // nobody reads: no signal ends it, it says so itself
    CHECK(run_helper(platform::helper_owners_arguments(), -1, writer.get()) == HelperExit::failed);
}
