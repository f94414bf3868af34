// SPDX-License-Identifier: MIT
// core/platform/holdings: what a look says replaces what was known of what it read, and of nothing else.
#include "core/platform/holdings.h"

#include <algorithm>
#include <doctest/doctest.h>
#include <iterator>

using namespace portside::platform;

namespace {

using All = std::vector<Holding>;
using Inodes = std::vector<std::uint64_t>;

// Holding{inode, pid, thread, fd}
class Known {
  public:
    explicit Known(All first) {
        std::vector<Look> looks;
        for (const Holding& holding : first) {
            looks.push_back({.pid = holding.pid});
        }
        CHECK(replace(looks, {}, std::move(first)));
        CHECK(lost.empty());
    }
    bool replace(const std::vector<Look>& looks, const std::vector<pid_t>& ended, All found) {
        const bool changed = holdings.replace(looks, ended, found, lost);
        CHECK(found.empty());
        return changed;
    }
    [[nodiscard]] All of(std::uint64_t inode) const {
        const auto span = holdings.of_socket(inode);
        return {span.begin(), span.end()};
    }
    Holdings holdings;
    Inodes lost;
};

} // namespace

TEST_CASE("holdings - of a socket by pid then thread then descriptor") {
    const Known known({{500, 9, 0, 4}, {500, 3, 0, 8}, {501, 3, 0, 1}, {500, 9, 0, 3}, {499, 1, 0, 1}});
    CHECK(known.of(500) == All{{500, 3, 0, 8}, {500, 9, 0, 3}, {500, 9, 0, 4}});
    CHECK(known.of(499) == All{{499, 1, 0, 1}});
    CHECK(known.of(501) == All{{501, 3, 0, 1}});
    CHECK(known.of(498).empty());
    CHECK(known.of(502).empty());
    CHECK(Holdings().of_socket(1).empty());
}

TEST_CASE("holdings - of one socket after another in ascending order") {
    All all;
    for (std::uint64_t inode = 1; inode < 400; inode += 1 + inode % 7) {
        for (pid_t pid = 1; pid <= static_cast<pid_t>(inode % 3); ++pid) {
            all.push_back({inode, pid, 0, 3});
        }
    }
    const Known known(all);
    for (std::uint64_t step = 1; step < 60; ++step) {
        Holdings::InOrder in_order(known.holdings);
        for (std::uint64_t inode = step % 5; inode < 420; inode += step) {
            const auto found = in_order.of_socket(inode);
            REQUIRE(All(found.begin(), found.end()) == known.of(inode));
        }
        CHECK(in_order.of_socket(1000).empty());
    }
}

TEST_CASE("holdings - a whole look replaces one process and leaves the others") {
    Known known({{500, 3, 0, 4}, {501, 3, 0, 5}, {500, 4, 0, 4}});
    CHECK(known.replace({{.pid = 3}}, {}, {{500, 3, 0, 4}, {502, 3, 0, 6}}));
    CHECK(known.of(500) == All{{500, 3, 0, 4}, {500, 4, 0, 4}});
    CHECK(known.of(501).empty());
    CHECK(known.of(502) == All{{502, 3, 0, 6}});
    CHECK(known.lost == Inodes{501});
}

TEST_CASE("holdings - a look that found the same changes and loses nothing") {
    Known known({{500, 3, 0, 4}, {501, 4, 0, 5}});
    CHECK_FALSE(known.replace({{.pid = 3}, {.pid = 4}}, {}, {{501, 4, 0, 5}, {500, 3, 0, 4}}));
    CHECK_FALSE(known.replace({}, {}, {}));
    CHECK_FALSE(known.replace({}, {99}, {}));
    CHECK_FALSE(known.replace({{.pid = 77}}, {}, {}));
    CHECK(known.lost.empty());
    CHECK(known.of(500).size() == 1);
}

TEST_CASE("holdings - a moved descriptor is a change and its old place is lost") {
    Known known({{500, 3, 0, 4}});
    CHECK(known.replace({{.pid = 3}}, {}, {{500, 3, 0, 5}}));
    CHECK(known.of(500) == All{{500, 3, 0, 5}});
    CHECK(known.lost == Inodes{500});
}

TEST_CASE("holdings - a part of a table replaces that part only") {
    Known known({{500, 3, 0, 9}, {501, 3, 0, 10}, {502, 3, 0, 19}, {503, 3, 0, 20}});
    CHECK(known.replace({{.pid = 3, .range = {10, 20}}}, {}, {{600, 3, 0, 15}}));
    CHECK(known.of(500).size() == 1);
    CHECK(known.of(501).empty());
    CHECK(known.of(502).empty());
    CHECK(known.of(503).size() == 1);
    CHECK(known.of(600).size() == 1);
    CHECK(known.lost == Inodes{501, 502});
    known.lost.clear();
    CHECK(known.replace({{.pid = 3, .range = {0, 10}}, {.pid = 3, .range = {.first = 20}}}, {}, {{503, 3, 0, 21}}));
    CHECK(known.of(600).size() == 1);
    CHECK(known.of(503) == All{{503, 3, 0, 21}});
    CHECK(known.lost == Inodes{500, 503});
}

TEST_CASE("holdings - tables of threads are read with the first part") {
    Known known({{500, 3, 0, 4}, {501, 3, 31, 2000}, {501, 3, 32, 1}});
    CHECK_FALSE(known.replace({{.pid = 3, .range = {.first = 1024}}}, {}, {}));
    CHECK(known.of(501).size() == 2);
    CHECK(known.replace({{.pid = 3, .range = {0, 1024}}}, {}, {{500, 3, 0, 4}, {501, 3, 32, 1}}));
    CHECK(known.of(501) == All{{501, 3, 32, 1}});
    CHECK(known.lost == Inodes{501});
    known.lost.clear();
    CHECK(known.replace({{.pid = 3}}, {}, {{500, 3, 0, 4}}));
    CHECK(known.of(501).empty());
    CHECK(known.of(500).size() == 1);
}

TEST_CASE("holdings - an ended process is forgotten and has lost nothing") {
    Known known({{500, 3, 0, 4}, {500, 4, 0, 4}, {501, 5, 51, 4}});
    CHECK(known.replace({}, {3, 5}, {}));
    CHECK(known.of(500) == All{{500, 4, 0, 4}});
    CHECK(known.of(501).empty());
    CHECK(known.lost.empty());
}

TEST_CASE("holdings - what was lost before stays in the list that is given") {
    Known known({{500, 3, 0, 4}});
    known.lost = {7};
    CHECK(known.replace({{.pid = 3}}, {}, {}));
    CHECK(known.lost == Inodes{7, 500});
}

TEST_CASE("holdings - many changes at once agree with a plain list") {
    Known known({{1, 1, 0, 1}});
    All plain{{1, 1, 0, 1}};
    for (std::uint64_t round = 1; round <= 300; ++round) {
        const auto pid = static_cast<pid_t>(1 + round * 7 % 11);
        All found;
        for (std::uint64_t i = 0; i < round * 5 % 9; ++i) {
            found.push_back({1 + (round * 31 + i * 17) % 40, pid, 0, static_cast<int>(10 + i)});
        }
        const All before = plain;
        std::erase_if(plain, [&](const Holding& holding) { return holding.pid == pid; });
        plain.insert(plain.end(), found.begin(), found.end());
        std::vector<pid_t> ended;
        if (round % 5 == 0 && pid != 11) {
            ended = {11};
            std::erase_if(plain, [](const Holding& holding) { return holding.pid == 11; });
        }
        std::sort(plain.begin(), plain.end());
        REQUIRE(known.replace({{.pid = pid}}, ended, found) == (plain != before));
        for (std::uint64_t inode = 0; inode <= 41; ++inode) {
            All expected;
            std::copy_if(plain.begin(), plain.end(), std::back_inserter(expected),
                         [&](const Holding& holding) { return holding.inode == inode; });
            REQUIRE(known.of(inode) == expected);
        }
    }
}
