// SPDX-License-Identifier: MIT
// sock_diag dumps: recorded ones, cut ones, hostile ones, and the real kernel's. One thread.
#include "core/platform/sock_diag.h"

#include "core/base/unique_fd.h"
#include "tests/platform/fake_proc.h"

#include <algorithm>
#include <arpa/inet.h>
#include <cerrno>
#include <cstring>
#include <doctest/doctest.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <set>
#include <sys/socket.h>
#include <sys/stat.h>

using namespace portside::platform;
using portside::base::UniqueFd;

namespace {

using Bytes = std::vector<std::uint8_t>;

DumpExpected expected(Protocol protocol, Family family) {
    return {protocol, family, 7, 4242}; // as recorded
}

std::vector<DiagSocket> parse_all(const char* name, const DumpExpected& want, DumpPart& last) {
    std::vector<DiagSocket> sockets;
    for (const Bytes& bytes : test::datagrams(name)) {
        last = parse_dump(bytes, want, sockets);
        CHECK_FALSE(last.truncated);
        CHECK_FALSE(last.interrupted);
    }
    return sockets;
}

// A recorded dump to its end.
std::vector<DiagSocket> recorded(const char* name, Protocol protocol, Family family) {
    DumpPart last;
    auto sockets = parse_all(name, expected(protocol, family), last);
    CHECK(last.done);
    CHECK(last.error == 0);
    return sockets;
}

const DiagSocket& with_port(const std::vector<DiagSocket>& sockets, std::uint16_t port) {
    const auto found =
        std::find_if(sockets.begin(), sockets.end(), [&](const auto& s) { return s.entry.local.port == port; });
    REQUIRE(found != sockets.end());
    return *found;
}

void set_u32(Bytes& bytes, std::size_t at, std::uint32_t value) {
    std::memcpy(bytes.data() + at, &value, sizeof value);
}

void set_u16(Bytes& bytes, std::size_t at, std::uint16_t value) {
    std::memcpy(bytes.data() + at, &value, sizeof value);
}

Bytes message(std::uint16_t type, std::uint16_t flags, const Bytes& payload) {
    nlmsghdr header{static_cast<std::uint32_t>(sizeof(nlmsghdr) + payload.size()), type, flags, 7, 4242};
    Bytes bytes(sizeof header + payload.size());
    std::memcpy(bytes.data(), &header, sizeof header);
    std::copy(payload.begin(), payload.end(), bytes.begin() + sizeof header);
    return bytes;
}

DumpPart parse_one(const Bytes& bytes) {
    std::vector<DiagSocket> sockets;
    const DumpPart part = parse_dump(bytes, expected(Protocol::tcp, Family::ipv4), sockets);
    CHECK(sockets.empty());
    return part;
}

} // namespace

TEST_CASE("a recorded dump of TCP over IPv4") {
    const auto sockets = recorded("dump_tcp4.hex", Protocol::tcp, Family::ipv4);
    REQUIRE(sockets.size() == 4);
    const SocketEntry& own = with_port(sockets, 3000).entry;
    CHECK(own.protocol == Protocol::tcp);
    CHECK(own.family == Family::ipv4);
    CHECK(own.state == SocketState::listen);
    CHECK(to_string(own.local.address) == "127.0.0.1");
    CHECK(to_string(own.remote.address) == "0.0.0.0");
    CHECK(own.remote.port == 0);
    CHECK(own.inode == 68763);
    CHECK(own.cookie == 0x1004);
    CHECK(own.uid == 0);
    CHECK(own.receive_queue == 1);
    CHECK(own.send_queue == 5);
    CHECK(own.cgroup_id == 1);
    CHECK_FALSE(own.v6only.has_value());
    CHECK(with_port(sockets, 8080).entry.uid == 1000);
    CHECK(with_port(sockets, 8080).interface_index == 0);
    CHECK(with_port(sockets, 9000).interface_index == 1);
    CHECK(with_port(sockets, 4000).entry.state == SocketState::bound);
}

TEST_CASE("a recorded dump of TCP over IPv6 says v6only") {
    const auto sockets = recorded("dump_tcp6.hex", Protocol::tcp, Family::ipv6);
    REQUIRE(sockets.size() == 4);
    CHECK(with_port(sockets, 3001).entry.v6only == true);
    CHECK(to_string(with_port(sockets, 3001).entry.local.address) == "::1");
    CHECK(with_port(sockets, 8081).entry.v6only == false);
    CHECK(to_string(with_port(sockets, 8082).entry.local.address) == "::ffff:127.0.0.1");
    CHECK(with_port(sockets, 4001).entry.state == SocketState::bound);
    CHECK(with_port(sockets, 4001).entry.v6only == false);
}

TEST_CASE("a recorded dump of UDP leaves connected sockets out") {
    const auto sockets = recorded("dump_udp4.hex", Protocol::udp, Family::ipv4);
    REQUIRE(sockets.size() == 2);
    CHECK(with_port(sockets, 5353).entry.state == SocketState::unconn);
    CHECK(with_port(sockets, 53).entry.uid == 65534);
    const auto six = recorded("dump_udp6.hex", Protocol::udp, Family::ipv6);
    REQUIRE(six.size() == 2);
    CHECK(with_port(six, 5354).entry.v6only == true);
    CHECK(with_port(six, 68).entry.v6only == false);
}

TEST_CASE("a dump in several datagrams") {
    const auto parts = test::datagrams("dump_udp4_parts.hex");
    CHECK(parts.size() > 2);
    const auto sockets = recorded("dump_udp4_parts.hex", Protocol::udp, Family::ipv4);
    CHECK(sockets.size() == 62);
    std::set<std::uint16_t> ports;
    for (const auto& socket : sockets) {
        ports.insert(socket.entry.local.port);
    }
    CHECK(ports.size() == 62);
}

TEST_CASE("a missing diag module is the errno that the kernel answered") {
    DumpPart last;
    const auto sockets = parse_all("dump_refused.hex", expected(Protocol::tcp, Family::ipv4), last);
    CHECK(sockets.empty());
    CHECK(last.done);
    CHECK(last.error == ENOENT);
}

TEST_CASE("a dump cut at any byte is never taken for a whole one") {
    struct Recorded {
        const char* name;
        Protocol protocol;
        Family family;
    };
    for (const Recorded& dump : {Recorded{"dump_tcp4.hex", Protocol::tcp, Family::ipv4},
                                 Recorded{"dump_tcp6.hex", Protocol::tcp, Family::ipv6},
                                 Recorded{"dump_udp4.hex", Protocol::udp, Family::ipv4}}) {
        for (const Bytes& whole : test::datagrams(dump.name)) {
            std::vector<DiagSocket> all;
            const DumpPart end = parse_dump(whole, expected(dump.protocol, dump.family), all);
            std::size_t boundaries = 0;
            for (std::size_t length = 0; length < whole.size(); ++length) {
                const Bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length));
                std::vector<DiagSocket> sockets;
                const DumpPart part = parse_dump(cut, expected(dump.protocol, dump.family), sockets);
                CHECK_FALSE(part.done);
                boundaries += part.truncated ? 0 : 1;
                REQUIRE(sockets.size() <= all.size());
                for (std::size_t i = 0; i < sockets.size(); ++i) {
                    CHECK(sockets[i].entry == all[i].entry);
                }
            }
            // Only a cut right before a message (or in the padding behind one) cannot be seen in what is left.
            CHECK(boundaries <= (end.done ? 1 : whole.size() / 80));
        }
    }
}

TEST_CASE("hostile message lengths are truncation whatever they claim") {
    const Bytes whole = test::datagrams("dump_tcp4.hex").front();
    for (const std::uint32_t length : {0U, 1U, 15U, 0x7FFFFFFFU, 0x80000000U, 0xFFFFFFF0U, 0xFFFFFFFFU}) {
        CAPTURE(length);
        Bytes bytes = whole;
        set_u32(bytes, 0, length);
        CHECK(parse_one(bytes).truncated);
    }
    Bytes short_payload = whole;
    set_u32(short_payload, 0, 16 + 71); // one byte less than a socket needs
    CHECK(parse_one(short_payload).truncated);
    CHECK(parse_one(message(NLMSG_ERROR, 0, {1, 2, 3})).truncated);
}

TEST_CASE("hostile attribute lengths lose attributes but not the socket") {
    const Bytes whole = test::datagrams("dump_tcp6.hex").front();
    for (const std::uint16_t length : {0, 1, 3, 5, 0x7FFF, 0xFFFF}) {
        CAPTURE(length);
        Bytes bytes = whole;
        set_u16(bytes, 16 + sizeof(inet_diag_msg), length); // the first attribute of the first socket
        std::vector<DiagSocket> sockets;
        const DumpPart part = parse_dump(bytes, expected(Protocol::tcp, Family::ipv6), sockets);
        CHECK_FALSE(part.truncated);
        CHECK(sockets.size() == 4);
    }
}

TEST_CASE("every single byte of a dump may be anything") {
    const Bytes whole = test::datagrams("dump_udp6.hex").front();
    for (std::size_t at = 0; at < whole.size(); ++at) {
        for (const std::uint8_t value : {0x00, 0x01, 0x7F, 0x80, 0xFF}) {
            Bytes bytes = whole;
            bytes[at] = value;
            std::vector<DiagSocket> sockets;
            const DumpPart part = parse_dump(bytes, expected(Protocol::udp, Family::ipv6), sockets);
            CHECK(sockets.size() <= 2);
            CHECK((sockets.size() >= 1 || part.truncated || part.done || at < 16));
        }
    }
}

TEST_CASE("answers to another question are skipped") {
    const Bytes whole = test::datagrams("dump_tcp4.hex").front();
    std::vector<DiagSocket> sockets;
    DumpPart part = parse_dump(whole, {Protocol::tcp, Family::ipv4, 8, 4242}, sockets);
    CHECK_FALSE(part.done);
    part = parse_dump(whole, {Protocol::tcp, Family::ipv4, 7, 4243}, sockets);
    CHECK_FALSE(part.done);
    part = parse_dump(whole, {Protocol::tcp, Family::ipv6, 7, 4242}, sockets);
    CHECK(sockets.empty());
}

TEST_CASE("how a dump ends") {
    CHECK(parse_one(message(NLMSG_DONE, 0, {})).done);
    CHECK(parse_one(message(NLMSG_DONE, 0, {0, 0, 0, 0})).error == 0);
    CHECK(parse_one(message(NLMSG_DONE, 0, {0xFE, 0xFF, 0xFF, 0xFF})).error == ENOENT);
    CHECK(parse_one(message(NLMSG_ERROR, 0, {0xFF, 0xFF, 0xFF, 0xFF})).error == EPERM);
    CHECK(parse_one(message(NLMSG_ERROR, 0, {0, 0, 0, 0x80})).error == EPROTO); // no errno at all
    CHECK(parse_one(message(NLMSG_DONE, NLM_F_DUMP_INTR, {0, 0, 0, 0})).interrupted);
    CHECK(parse_one(message(NLMSG_OVERRUN, 0, {})).interrupted);
    const DumpPart nothing = parse_one(message(NLMSG_NOOP, 0, {}));
    CHECK_FALSE(nothing.done);
    CHECK_FALSE(nothing.truncated);
    CHECK_FALSE(parse_one({}).done);
}

TEST_CASE("a socket that is in a dump twice is kept once as it was told last") {
    const auto socket = [](std::uint64_t inode, std::uint64_t cookie, std::uint32_t queue) {
        DiagSocket made;
        made.entry.inode = inode;
        made.entry.cookie = cookie;
        made.entry.receive_queue = queue;
        return made;
    };
    std::vector sockets{socket(2, 20, 1), socket(1, 10, 2), socket(2, 20, 3), socket(0, 30, 4), socket(0, 31, 5),
                        socket(1, 11, 6), socket(2, 20, 7), socket(0, 0, 8),  socket(0, 0, 9)};
    merge_duplicates(sockets);
    std::vector<std::uint32_t> queues;
    for (const auto& left : sockets) {
        queues.push_back(left.entry.receive_queue);
    }
    CHECK(queues == std::vector<std::uint32_t>{8, 9, 4, 5, 2, 6, 7}); // nothing tells 8 and 9 to be one socket
    merge_duplicates(sockets);
    CHECK(sockets.size() == 7);
    sockets.clear();
    merge_duplicates(sockets);
    CHECK(sockets.empty());
}

TEST_CASE("the real kernel lists a socket of ours once with what only it knows") {
    const UniqueFd own(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    REQUIRE(::bind(own.get(), generic, length) == 0);
    REQUIRE(::listen(own.get(), 3) == 0);
    REQUIRE(::getsockname(own.get(), generic, &length) == 0);
    struct stat status {};
    REQUIRE(::fstat(own.get(), &status) == 0);
    std::uint64_t cookie = 0;
    length = sizeof cookie;
    REQUIRE(::getsockopt(own.get(), SOL_SOCKET, SO_COOKIE, &cookie, &length) == 0);

    SockDiag diag;
    std::vector<DiagSocket> sockets;
    REQUIRE(diag.dump({Protocol::tcp, Family::ipv4, true, false}, sockets));
    const auto ours = [&](const DiagSocket& s) { return s.entry.inode == status.st_ino; };
    REQUIRE(std::count_if(sockets.begin(), sockets.end(), ours) == 1);
    const SocketEntry& entry = std::find_if(sockets.begin(), sockets.end(), ours)->entry;
    CHECK(entry.local.port == ntohs(address.sin_port));
    CHECK(entry.cookie == cookie);
    CHECK(entry.send_queue == 3);
    CHECK(entry.state == SocketState::listen);
    REQUIRE(diag.dump({Protocol::tcp, Family::ipv6, true, false}, sockets));
    CHECK(std::count_if(sockets.begin(), sockets.end(), ours) == 0);
}
