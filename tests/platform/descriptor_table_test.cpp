// SPDX-License-Identifier: MIT
// core/platform/descriptor_table: every socket of a table, however it is numbered and in however many parts.
#include "core/platform/descriptor_table.h"

#include "tests/platform/fake_proc.h"
#include "tests/platform/puppet.h"

#include <algorithm>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace portside;
using namespace portside::platform;
using base::UniqueFd;

namespace {

struct Found {
    Access access = Access::failed;
    std::vector<SocketDescriptor> sockets;
    std::uint64_t links = 0;
    [[nodiscard]] std::vector<int> numbers() const {
        std::vector<int> all;
        for (const auto& socket : sockets) {
            all.push_back(socket.fd);
        }
        return all;
    }
    [[nodiscard]] bool has(int fd, std::uint64_t inode) const {
        return std::any_of(sockets.begin(), sockets.end(),
                           [&](const auto& socket) { return socket.fd == fd && socket.inode == inode; });
    }
};

Found read(const ProcRoot& root, const std::string& pid, DescriptorRange range = {}, std::uint64_t expected = 0) {
    const UniqueFd folder(::openat(root.fd.get(), pid.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    REQUIRE(folder);
    DescriptorReader reader(root);
    Found found;
    found.access = reader.read(folder.get(), "fd", range, expected, found.sockets);
    found.links = reader.links_read();
    return found;
}

UniqueFd socket_at(int number) {
    const UniqueFd any(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    UniqueFd placed(::fcntl(any.get(), F_DUPFD_CLOEXEC, number));
    REQUIRE(placed);
    return placed;
}

} // namespace

TEST_CASE("descriptor table - only a whole socket link has an inode") {
    CHECK(socket_inode("socket:[1]") == 1);
    CHECK(socket_inode("socket:[18446744073709551615]") == 18446744073709551615U);
    for (const char* hostile : {"",
                                "socket:",
                                "socket:[",
                                "socket:[12",
                                "socket:[12x",
                                "socket:[]",
                                "socket:]",
                                "socket:[1",
                                "socket:1]",
                                "socket:[1]x",
                                "xsocket:[1]",
                                "socket:[-1]",
                                "socket:[+1]",
                                "socket:[ 1]",
                                "socket:[1 ]",
                                "socket:[0x1]",
                                "socket:[18446744073709551616]",
                                "socket:[1][2]",
                                "SOCKET:[1]",
                                "pipe:[1]",
                                "anon_inode:[eventfd]",
                                "/socket:[1]",
                                "socket:[1] (deleted)"}) {
        CAPTURE(hostile);
        CHECK_FALSE(socket_inode(hostile));
    }
    CHECK_FALSE(socket_inode(std::string_view("socket:[1\0]", 11)));
}

TEST_CASE("descriptor table - sockets before and behind a gap") {
    const ProcRoot root("/proc");
    const UniqueFd low = socket_at(3);
    const UniqueFd high = socket_at(400);
    const UniqueFd higher = socket_at(900);
    const Found found = read(root, "self");
    CHECK(found.access == Access::read);
    CHECK(found.has(low.get(), test::inode_of(low.get())));
    CHECK(found.has(high.get(), test::inode_of(high.get())));
    CHECK(found.has(higher.get(), test::inode_of(higher.get())));
    CHECK(found.links < 200); // and not one question for each number in the gaps
    auto numbers = found.numbers();
    CHECK(std::is_sorted(numbers.begin(), numbers.end()));
    CHECK(std::adjacent_find(numbers.begin(), numbers.end()) == numbers.end());
}

TEST_CASE("descriptor table - a range has its first number and not its end") {
    const ProcRoot root("/proc");
    const UniqueFd first = socket_at(500);
    const UniqueFd second = socket_at(501);
    const UniqueFd third = socket_at(700);
    const std::vector numbers{first.get(), second.get(), third.get()};
    REQUIRE(numbers == std::vector{500, 501, 700});
    CHECK(read(root, "self", {500, 501}).numbers() == std::vector{500});
    CHECK(read(root, "self", {500, 502}).numbers() == std::vector{500, 501});
    CHECK(read(root, "self", {501, 700}).numbers() == std::vector{501});
    CHECK(read(root, "self", {501, 701}).numbers() == std::vector{501, 700});
    CHECK(read(root, "self", {502, 700}).numbers().empty());
    CHECK(read(root, "self", {.first = 502}).numbers() == std::vector{700});
    CHECK(read(root, "self", {.first = 701}).numbers().empty());
}

TEST_CASE("descriptor table - very many read in parts are the same as read whole") {
    constexpr int kMany = 2500;
    test::Puppet child([](char) {
        const rlimit limit{kMany + 200, kMany + 200};
        if (::setrlimit(RLIMIT_NOFILE, &limit) != 0) {
            ::_exit(1);
        }
        for (int i = 0; i < kMany; ++i) { // every seventh is no socket
            static_cast<void>(i % 7 == 0 ? ::dup(2) : ::socket(AF_INET, SOCK_DGRAM, 0));
        }
        ::close(1023); // gaps on both sides of a border
        ::close(1024);
        ::close(1500);
    });
    child.order('o');
    const ProcRoot root("/proc");
    const std::string pid = std::to_string(child.pid());
    const Found whole = read(root, pid);
    REQUIRE(whole.access == Access::read);
    REQUIRE(whole.sockets.size() > 2000);
    std::vector<int> in_parts;
    std::uint64_t links = 0;
    for (int first = 0; first < 4096; first += 1024) {
        const Found part = read(root, pid, {first, first + 1024});
        REQUIRE(part.access == Access::read);
        const auto numbers = part.numbers();
        in_parts.insert(in_parts.end(), numbers.begin(), numbers.end());
        links += part.links;
    }
    CHECK(in_parts == whole.numbers());
    CHECK(whole.links >= kMany);
    CHECK(whole.links < kMany + 100);
    CHECK(links < kMany + 100);
}

TEST_CASE("descriptor table - knowing how many there are spares looking for more") {
    const test::Puppet child([](char) {});
    const ProcRoot root("/proc");
    const std::string pid = std::to_string(child.pid());
    const std::uint64_t many = read(root, pid).links; // with one too many, where the first gap is
    REQUIRE(many > 1);
    // As many as stand without a gap from 0 on, which is what the number spares a listing for.
    std::uint64_t row = 0;
    while (::faccessat(root.fd.get(), (pid + "/fd/" + std::to_string(row)).c_str(), F_OK, AT_SYMLINK_NOFOLLOW) == 0) {
        ++row;
    }
    CHECK(read(root, pid, {}, row).links == row);
    CHECK(read(root, pid, {}, row + 1).links > row); // more are expected: it goes on looking
    CHECK(read(root, pid, {}, 1).links == 1);
}

TEST_CASE("descriptor table - a tree that is no procfs is listed") {
    const test::TemporaryFolder proc;
    test::add_process(proc, 7, 1, {70, 71});
    proc.link("7/fd/2000", "socket:[72]");
    proc.link("7/fd/1x", "socket:[73]");
    const ProcRoot root(proc.path());
    auto numbers = read(root, "7").numbers();
    std::sort(numbers.begin(), numbers.end());
    CHECK(numbers == std::vector{3, 4, 2000});
    CHECK(read(root, "7", {4, 5}).numbers() == std::vector{4});
    CHECK(read(root, "7").links == 4);
}

TEST_CASE("descriptor table - without a table or with one that is not to be read nothing is said of it") {
    const test::TemporaryFolder proc;
    proc.write("7/stat", "");
    CHECK(read(ProcRoot(proc.path()), "7").access == Access::gone);
    const test::Puppet child([](char) {});
    child.kill_without_reaping();
    const Found zombie = read(ProcRoot("/proc"), std::to_string(child.pid()));
    CHECK(zombie.sockets.empty());
}
