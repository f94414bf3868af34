// SPDX-License-Identifier: MIT
// Connections are wished for of the one row that shows them, with the sockets that it has.
#include "tests/session/recorded_work.h"

#include <doctest/doctest.h>

using namespace portside;
using namespace portside::session_test;

TEST_CASE("connections are read of the row that shows them and of none afterwards") {
    Fixture f;
    CHECK(f.work.connection_wishes.empty());
    auto told = std::make_shared<snapshot::RowConnections>();
    f.work.next_connections = told;
    f.session.refresh(f.now);
    CHECK(f.model().connections == nullptr); // nobody asked
    const auto row = f.model().snapshot->rows[1];
    f.session.handle({ui::ShowConnections{row.key}});
    REQUIRE(f.work.connection_wishes.size() == 1);
    REQUIRE(f.work.connection_wishes[0].has_value());
    CHECK(f.work.connection_wishes[0]->row == row.key);
    CHECK(f.work.connection_wishes[0]->inodes == std::vector<std::uint64_t>{row.sockets[0].inode});
    f.session.refresh(f.now);
    CHECK(f.model().connections == told);
    f.session.handle({ui::ShowConnections{}});
    REQUIRE(f.work.connection_wishes.size() == 2);
    CHECK_FALSE(f.work.connection_wishes[1].has_value());
    f.session.refresh(f.now);
    CHECK(f.model().connections == nullptr);
}

TEST_CASE("other sockets of the row change the wish and the same ones do not") {
    Fixture f;
    const auto key = f.model().snapshot->rows[1].key;
    f.session.handle({ui::ShowConnections{key}});
    f.show({row(80, 20), row(3000, 10)});
    CHECK(f.work.connection_wishes.size() == 1);
    auto other = row(3000, 10);
    other.sockets[0].inode += 1000;
    const auto inode = other.sockets[0].inode;
    f.show({row(80, 20), other});
    REQUIRE(f.work.connection_wishes.size() == 2);
    CHECK(f.work.connection_wishes[1]->inodes == std::vector<std::uint64_t>{inode});
    f.show({row(80, 20)});
    REQUIRE(f.work.connection_wishes.size() == 3);
    CHECK_FALSE(f.work.connection_wishes[2].has_value());
}
