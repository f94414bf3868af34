// SPDX-License-Identifier: MIT
// core/snapshot/origins: a row whose owner became known is the row that it was.
#include "core/snapshot/origins.h"

#include "facts.h"

#include <algorithm>
#include <doctest/doctest.h>

using namespace portside;
using namespace portside::snapshot;
using namespace portside::snapshot::test;
using platform::Protocol;
using Origins = std::vector<std::uint32_t>;

namespace {

Snapshot held_rows(const std::vector<Held>& sockets) {
    return assemble(facts_of(sockets));
}

} // namespace

TEST_CASE("a row comes from the row with its key whatever came before it") {
    const auto before = held_rows({{{.port = 80, .inode = 1}, {10}}, {{.port = 90, .inode = 2}, {10}}});
    const auto now = held_rows({{{.port = 70, .inode = 3}, {10}},
                                {{.port = 80, .inode = 9}, {10}}, // another socket of the same holder
                                {{.port = 90, .inode = 2}, {10}},
                                {{.port = 99, .inode = 4}, {10}}});
    CHECK(origins_of(now, before) == Origins{kNoOrigin, 0, 1, kNoOrigin});
    CHECK(origins_of(now, Snapshot{}) == Origins(4, kNoOrigin));
    CHECK(origins_of(Snapshot{}, before).empty());
}

TEST_CASE("a row whose owner became known comes from the row without one") {
    const auto before = held_rows({{{.port = 80, .inode = 1}, {}}, {{.port = 80, .inode = 2}, {}}});
    REQUIRE(before.rows.size() == 1);
    const auto now = held_rows(
        {{{.port = 80, .inode = 1}, {10}}, {{.port = 80, .inode = 2}, {20}}, {{.port = 80, .inode = 3}, {30}}});
    REQUIRE(now.rows.size() == 3);
    CHECK(origins_of(now, before) == Origins{0, 0, kNoOrigin});
    CHECK(heir_of(before.rows[0], now) == nullptr); // two could be meant
    const auto one = held_rows({{{.port = 80, .inode = 2}, {20}}, {{.port = 80, .inode = 3}, {30}}});
    CHECK(heir_of(before.rows[0], one) == &one.rows[0]);
}

TEST_CASE("another port protocol or cookie is another socket and one without a name is none") {
    const auto before = held_rows({{{.port = 80, .inode = 1}, {}}});
    CHECK(heir_of(before.rows[0], held_rows({{{.port = 81, .inode = 1}, {10}}})) == nullptr);
    CHECK(heir_of(before.rows[0], held_rows({{{.port = 80, .inode = 1, .protocol = Protocol::udp}, {10}}})) == nullptr);
    auto now = held_rows({{{.port = 80, .inode = 1}, {10}}});
    CHECK(heir_of(before.rows[0], now) == &now.rows[0]);
    now.rows[0].sockets[0].cookie = 7;
    CHECK(heir_of(before.rows[0], now) == nullptr);
    CHECK(origins_of(now, before) == Origins{kNoOrigin});
    auto nameless = before;
    nameless.rows[0].sockets[0].inode = 0;
    now.rows[0].sockets[0].cookie = 0;
    now.rows[0].sockets[0].inode = 0;
    CHECK(heir_of(nameless.rows[0], now) == nullptr);
}

TEST_CASE("a thousand holders of one port are told apart in one walk") {
    Snapshot before;
    Snapshot now;
    before.rows.resize(1);
    before.rows[0].key = {Protocol::tcp, 80, RowKey::Unowned{}};
    for (std::uint64_t i = 0; i < 1000; ++i) {
        platform::SocketEntry socket;
        socket.inode = 1000 - i;
        before.rows[0].sockets.push_back(socket);
        auto& row = now.rows.emplace_back();
        row.key = {Protocol::tcp, 80, ProcessId{static_cast<pid_t>(i + 1), 1}};
        row.sockets.push_back(socket);
    }
    CHECK(origins_of(now, before) == Origins(1000, 0));
}
