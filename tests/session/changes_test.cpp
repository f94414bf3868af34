// SPDX-License-Identifier: MIT
// What is marked as new or as changed, for how long, and how much of it at most.
#include "app/session/changes.h"

#include "recorded_work.h"

#include <doctest/doctest.h>

using namespace portside;
using namespace portside::session_test;
using namespace std::chrono_literals;
using session::Changes;
using session::kMostMarked;

namespace {

const ui::SteadyTime kNow{10h};

snapshot::Row at(std::uint16_t port, std::optional<pid_t> owner, const char* address = "127.0.0.1") {
    auto made = row(port, owner);
    made.sockets[0].inode = port * 100U + static_cast<unsigned>(owner.value_or(0));
    made.addresses = {address};
    return made;
}

std::vector<snapshot::Row> rows_from(std::uint16_t first, std::size_t count) {
    std::vector<snapshot::Row> rows;
    for (std::size_t i = 0; i < count; ++i) {
        rows.push_back(at(static_cast<std::uint16_t>(first + i), 10));
    }
    return rows;
}

} // namespace

TEST_CASE("changes - a port that another process has taken says whose it was") {
    Changes changes;
    const auto before = snapshot_of({at(3000, 10), at(4000, 10)});
    const auto now = snapshot_of({at(3000, 40), at(4000, 10)});
    changes.take(*now, before.get(), kNow);
    REQUIRE(changes.rows().size() == 1);
    CHECK(changes.rows()[0].row == 0);
    CHECK(changes.rows()[0].new_since == kNow);
    REQUIRE(changes.rows()[0].before);
    CHECK(changes.rows()[0].before->owner == "node (10)");
}

TEST_CASE("changes - a port that was free for a moment has changed hands and later it is only new") {
    for (const bool soon : {true, false}) {
        Changes changes;
        const auto first = snapshot_of({at(3000, 10)});
        const auto free = snapshot_of({});
        const auto taken = snapshot_of({at(3000, 40)});
        changes.take(*free, first.get(), kNow);
        CHECK(changes.rows().empty());
        changes.take(*taken, free.get(), kNow + (soon ? 2s : 60s));
        REQUIRE(changes.rows().size() == 1);
        CHECK(changes.rows()[0].new_since);
        CHECK(changes.rows()[0].before.has_value() == soon);
    }
}

TEST_CASE("changes - another address or protocol is another place and the same process has not changed hands") {
    Changes changes;
    const auto first = snapshot_of({at(3000, 10)});
    const auto other = snapshot_of({at(3000, 40, "10.0.0.1")});
    changes.take(*other, first.get(), kNow);
    REQUIRE(changes.rows().size() == 1);
    CHECK_FALSE(changes.rows()[0].before);
    const auto free = snapshot_of({});
    const auto again = snapshot_of({at(3000, 10)});
    Changes same;
    same.take(*free, first.get(), kNow);
    same.take(*again, free.get(), kNow + 1s);
    REQUIRE(same.rows().size() == 1);
    CHECK_FALSE(same.rows()[0].before);
}

TEST_CASE("changes - a socket that was handed over says who held it") {
    auto then = at(3000, 10);
    auto now = at(3000, 40);
    now.sockets[0].inode = then.sockets[0].inode;
    Changes changes;
    const auto before = snapshot_of({then});
    changes.take(*snapshot_of({now}), before.get(), kNow);
    REQUIRE(changes.rows().size() == 1);
    CHECK_FALSE(changes.rows()[0].new_since); // the row is not new
    REQUIRE(changes.rows()[0].before);
    CHECK(changes.rows()[0].before->owner == "node (10)");
}

TEST_CASE("changes - an owner that became known is no change") {
    auto then = at(3000, std::nullopt);
    auto now = at(3000, 40);
    now.sockets[0].inode = then.sockets[0].inode;
    Changes changes;
    changes.take(*snapshot_of({now}), snapshot_of({then}).get(), kNow);
    CHECK(changes.rows().empty());
}

TEST_CASE("changes - a mark goes with its row and ends") {
    Changes changes;
    const auto first = snapshot_of({at(4000, 10)});
    const auto second = snapshot_of({at(4000, 10), at(5000, 40)});
    const auto third = snapshot_of({at(3000, 20), at(4000, 10), at(5000, 40)});
    changes.take(*second, first.get(), kNow);
    changes.take(*third, second.get(), kNow + 1s);
    REQUIRE(changes.rows().size() == 2);
    CHECK(changes.rows()[0].row == 0);
    CHECK(changes.rows()[1].row == 2);
    CHECK(changes.rows()[1].new_since == kNow);
    changes.take(*first, third.get(), kNow + 30s);
    changes.take(*second, first.get(), kNow + 60s);
    const auto fourth = snapshot_of({at(4000, 10), at(5000, 40), at(6000, 40)});
    changes.take(*fourth, second.get(), kNow + 90s);
    REQUIRE(changes.rows().size() == 1);
    CHECK(changes.rows()[0].row == 2);
}

TEST_CASE("changes - what came while nobody looked is new when it is seen") {
    Changes changes;
    const auto first = snapshot_of({at(4000, 10)});
    const auto second = snapshot_of({at(4000, 10), at(5000, 40)});
    const auto third = snapshot_of({at(4000, 10), at(5000, 40), at(6000, 40)});
    changes.hide();
    changes.take(*second, first.get(), kNow);
    changes.take(*third, second.get(), kNow + 60s);
    CHECK(changes.show(kNow - 1s, kNow + 90s));
    REQUIRE(changes.rows().size() == 2);
    for (const auto& change : changes.rows()) {
        CHECK(change.new_since == kNow + 90s);
    }
    CHECK_FALSE(changes.show(kNow + 91s, kNow + 92s));
}

TEST_CASE("changes - as many as may be are marked and of more none") {
    Changes changes;
    const auto none = snapshot_of({});
    changes.take(*snapshot_of(rows_from(2000, kMostMarked)), none.get(), kNow);
    CHECK(changes.rows().size() == kMostMarked);
    Changes more;
    more.take(*snapshot_of(rows_from(2000, kMostMarked + 1)), none.get(), kNow);
    CHECK(more.rows().empty());
}

TEST_CASE("changes - ten thousand ports that change hands at once leave no more marks than that") {
    Changes changes;
    auto taken = rows_from(2000, 10'000);
    const auto before = snapshot_of(taken);
    for (auto& one : taken) {
        one.key.holder = snapshot::ProcessId{40, 5};
        one.owners[0].id = {40, 5};
    }
    changes.take(*snapshot_of(taken), before.get(), kNow); // the same sockets
    CHECK(changes.rows().size() <= 2 * kMostMarked);
    changes.take(*snapshot_of({}), before.get(), kNow);
    CHECK(changes.rows().empty());
}
