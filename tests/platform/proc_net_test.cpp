// SPDX-License-Identifier: MIT
// /proc/net's tables: recorded ones, cut ones, hostile ones. One thread.
#include "core/platform/proc_net.h"

#include "tests/platform/fake_proc.h"

#include <algorithm>
#include <doctest/doctest.h>
#include <fmt/format.h>

using namespace portside::platform;

namespace {

constexpr const char* kHead = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  "
                              "timeout inode\n";

std::string line(std::string_view local, std::string_view state, std::string_view uid, std::string_view inode) {
    return fmt::format("   0: {} 00000000:0000 {} 00000000:00000002 00:00000000 00000000 {} 0 {} 1 0 100 0 0 10 0\n",
                       local, state, uid, inode);
}

std::string good_line(int port, int inode) {
    return line(fmt::format("0100007F:{:04X}", port), "0A", "0", std::to_string(inode));
}

const SocketEntry& with_port(const std::vector<SocketEntry>& sockets, std::uint16_t port) {
    const auto found =
        std::find_if(sockets.begin(), sockets.end(), [&](const auto& s) { return s.local.port == port; });
    REQUIRE(found != sockets.end());
    return *found;
}

} // namespace

TEST_CASE("a recorded tcp table gives its listening sockets") {
    std::vector<SocketEntry> sockets;
    CHECK(parse_proc_net(test::fixture("proc_net_tcp.txt"), Protocol::tcp, Family::ipv4, sockets) == 0);
    REQUIRE(sockets.size() == 3); // two connections are left out
    const SocketEntry& own = with_port(sockets, 3000);
    CHECK(to_string(own.local.address) == "127.0.0.1");
    CHECK(own.state == SocketState::listen);
    CHECK(own.inode == 68763);
    CHECK(own.receive_queue == 1);
    CHECK(own.cookie == 0);
    CHECK_FALSE(own.v6only.has_value());
    CHECK_FALSE(own.cgroup_id.has_value());
    CHECK(own.interface.empty());
    CHECK(with_port(sockets, 8080).uid == 1000);
}

TEST_CASE("a recorded tcp6 table") {
    std::vector<SocketEntry> sockets;
    CHECK(parse_proc_net(test::fixture("proc_net_tcp6.txt"), Protocol::tcp, Family::ipv6, sockets) == 0);
    REQUIRE(sockets.size() == 3);
    CHECK(to_string(with_port(sockets, 3001).local.address) == "::1");
    CHECK(to_string(with_port(sockets, 8081).local.address) == "::");
    CHECK(to_string(with_port(sockets, 8082).local.address) == "::ffff:127.0.0.1");
}

TEST_CASE("recorded udp tables give their unconnected sockets") {
    std::vector<SocketEntry> sockets;
    CHECK(parse_proc_net(test::fixture("proc_net_udp.txt"), Protocol::udp, Family::ipv4, sockets) == 0);
    REQUIRE(sockets.size() == 2);
    CHECK(with_port(sockets, 53).uid == 65534);
    CHECK(with_port(sockets, 5353).state == SocketState::unconn);
    sockets.clear();
    CHECK(parse_proc_net(test::fixture("proc_net_udp6.txt"), Protocol::udp, Family::ipv6, sockets) == 0);
    REQUIRE(sockets.size() == 2);
    CHECK(to_string(with_port(sockets, 5354).local.address) == "::1");
}

TEST_CASE("a table cut at any byte counts the cut line and keeps the whole ones") {
    const std::string whole = test::fixture("proc_net_udp6.txt");
    for (std::size_t length = 0; length < whole.size(); ++length) {
        std::vector<SocketEntry> sockets;
        const auto cut = std::string_view(whole).substr(0, length);
        const std::size_t skipped = parse_proc_net(cut, Protocol::udp, Family::ipv6, sockets);
        const auto whole_lines = std::count(cut.begin(), cut.end(), '\n');
        CHECK(skipped == (cut.empty() || cut.ends_with('\n') ? 0 : 1));
        CHECK(sockets.size() == static_cast<std::size_t>(std::max<std::ptrdiff_t>(whole_lines - 1, 0)));
    }
}

TEST_CASE("hostile lines are skipped and counted and their neighbours stay") {
    for (const std::string& bad :
         {std::string("\n"), std::string("nonsense\n"), std::string("   0:\n"), std::string(5000, 'A') + "\n",
          std::string("\0\0\0 1 2 3 4 5 6 7 8 9 10\n", 25), line("0100007F:1F9", "0A", "0", "1"),
          line("0100007F:1F90F", "0A", "0", "1"), line("0100007G:1F90", "0A", "0", "1"),
          line("0100007F 1F90", "0A", "0", "1"), line("-100007F:1F90", "0A", "0", "1"),
          line("00000000000000000000000001000000:0BB9", "0A", "0", "1"), line("0100007F:1F90", "0A", "-1", "1"),
          line("0100007F:1F90", "0A", "4294967296", "1"), line("0100007F:1F90", "0A", "0", "1x"),
          line("0100007F:1F90", "0A", "0", "99999999999999999999999"), line("0100007F:1F90", "zz", "0", "1")}) {
        CAPTURE(bad);
        std::vector<SocketEntry> sockets;
        const std::string text = kHead + good_line(80, 1) + bad + good_line(81, 2);
        CHECK(parse_proc_net(text, Protocol::tcp, Family::ipv4, sockets) == 1);
        CHECK(sockets.size() == 2);
    }
}

TEST_CASE("other states and sockets without a port are left out without being counted") {
    std::vector<SocketEntry> sockets;
    const std::string text = line("0100007F:1F90", "01", "0", "1") + line("0100007F:1F90", "07", "0", "2") +
                             line("0100007F:0000", "0A", "0", "3");
    CHECK(parse_proc_net(text, Protocol::tcp, Family::ipv4, sockets) == 0);
    CHECK(sockets.empty());
}

TEST_CASE("a file of many pages gives each socket once") {
    const test::TemporaryFolder folder;
    std::string text = kHead;
    for (int i = 1; i <= 2000; ++i) {
        text += good_line(1000 + i, i);
        if (i % 100 == 0) {
            text += good_line(1000 + i, i); // the kernel lists one again when it lost its place
        }
    }
    folder.write("tcp", text);
    std::vector<SocketEntry> sockets;
    REQUIRE(read_proc_net(folder.path() + "/tcp", Protocol::tcp, Family::ipv4, sockets));
    CHECK(sockets.size() == 2000);
}

TEST_CASE("sockets without an inode are not taken for one another") {
    const test::TemporaryFolder folder;
    folder.write("tcp", kHead + good_line(80, 0) + good_line(80, 0) + good_line(81, 0));
    std::vector<SocketEntry> sockets;
    REQUIRE(read_proc_net(folder.path() + "/tcp", Protocol::tcp, Family::ipv4, sockets));
    CHECK(sockets.size() == 3);
}

TEST_CASE("a missing file is an error that says which") {
    std::vector<SocketEntry> sockets;
    const auto read = read_proc_net("/nowhere/tcp", Protocol::tcp, Family::ipv4, sockets);
    REQUIRE_FALSE(read);
    CHECK(read.error().kind == portside::base::ErrorKind::not_found);
    CHECK(read.error().what.find("/nowhere/tcp") != std::string::npos);
}
