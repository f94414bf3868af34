// SPDX-License-Identifier: MIT
// Rows are gathered by what holds them or by what they are for; nothing is lost, and the order shown decides all.
#include "core/snapshot/row_groups.h"

#include <algorithm>
#include <doctest/doctest.h>
#include <map>
#include <memory>
#include <numeric>

using namespace portside;
using namespace portside::snapshot;
using Numbers = std::vector<std::uint32_t>;

namespace {

struct Words {
    std::uint16_t port = 0;
    pid_t pid = 0; // 0: no known owner
    const char* project = "";
    Exposure exposure = Exposure::loopback;
};

SnapshotPtr snapshot_of(const std::vector<Words>& rows) {
    auto made = std::make_shared<Snapshot>();
    std::map<ProcessId, Process> processes;
    for (const Words& words : rows) {
        Row row;
        row.key.port = words.port;
        row.exposure = words.exposure;
        row.sockets.resize(1);
        if (words.pid == 0) {
            row.key.holder = RowKey::Unowned{.uid = 0, .cgroup_id = 0};
            row.unknown = Unknown::not_permitted;
        } else {
            const ProcessId id{words.pid, 7};
            row.key.holder = id;
            row.owners.push_back({id, Knowledge::holds, {}});
            const auto [process, is_new] = processes.try_emplace(id);
            if (is_new && *words.project != '\0') {
                process->second.project = words.project;
            }
            process->second.id = id;
        }
        made->rows.push_back(row);
    }
    for (const auto& [id, process] : processes) {
        made->processes.push_back(process);
    }
    return made;
}

Numbers all_of(const SnapshotPtr& snapshot) {
    Numbers rows(snapshot->rows.size());
    std::iota(rows.begin(), rows.end(), 0U);
    return rows;
}

Numbers rows_in(const RowGroups& groups, std::size_t group) {
    const RowGroup& one = groups.groups().at(group);
    const auto begin = groups.rows().begin() + one.begin;
    return {begin, begin + one.count};
}

} // namespace

TEST_CASE("row groups - the rows of a process come together where its first one stands") {
    const auto snapshot = snapshot_of({{.port = 80, .pid = 20},
                                       {.port = 443, .pid = 10, .exposure = Exposure::all},
                                       {.port = 3000, .pid = 20, .exposure = Exposure::interface},
                                       {.port = 4000, .pid = 10}});
    RowGroups groups;
    groups.gather(snapshot, Grouping::process, all_of(snapshot));
    REQUIRE(groups.groups().size() == 2);
    CHECK(rows_in(groups, 0) == Numbers{0, 2});
    CHECK(rows_in(groups, 1) == Numbers{1, 3});
    CHECK(groups.groups()[0].exposures == (bit_of(Exposure::loopback) | bit_of(Exposure::interface)));
    CHECK(groups.key_of(groups.groups()[0]) == GroupKey(ProcessId{20, 7}));
    CHECK(groups.has_key(groups.groups()[1], ProcessId{10, 7}));
    CHECK_FALSE(groups.has_key(groups.groups()[1], ProcessId{10, 8}));
    const Numbers downwards{3, 2, 1, 0}; // another order: its best row places the group, and the rows follow it
    groups.gather(snapshot, Grouping::process, downwards);
    CHECK(rows_in(groups, 0) == Numbers{3, 1});
    CHECK(rows_in(groups, 1) == Numbers{2, 0});
}

TEST_CASE("row groups - rows without a known owner are not taken for those of one process") {
    const auto snapshot = snapshot_of({{.port = 80}, {.port = 81}, {.port = 82, .pid = 5}});
    RowGroups groups;
    groups.gather(snapshot, Grouping::process, all_of(snapshot));
    REQUIRE(groups.groups().size() == 3);
    CHECK_FALSE(groups.groups()[0].named);
    CHECK_FALSE(groups.groups()[1].named);
    CHECK(groups.groups()[2].named);
    CHECK_FALSE(groups.has_key(groups.groups()[0], std::monostate{}));
}

TEST_CASE("row groups - processes of one project come together and what has none is last in every order") {
    const auto snapshot = snapshot_of({{.port = 22},
                                       {.port = 80, .pid = 9},
                                       {.port = 3000, .pid = 1, .project = "/src/shop"},
                                       {.port = 3001, .pid = 2, .project = "/src/blog"},
                                       {.port = 3002, .pid = 3, .project = "/src/shop"}});
    RowGroups groups;
    Numbers order = all_of(snapshot);
    groups.gather(snapshot, Grouping::project, order);
    REQUIRE(groups.groups().size() == 3);
    CHECK(rows_in(groups, 0) == Numbers{2, 4});
    CHECK(rows_in(groups, 1) == Numbers{3});
    CHECK(rows_in(groups, 2) == Numbers{0, 1});
    CHECK(groups.key_of(groups.groups()[0]) == GroupKey(std::string("/src/shop")));
    CHECK(groups.key_of(groups.groups()[2]) == GroupKey(std::monostate{}));
    std::ranges::reverse(order);
    groups.gather(snapshot, Grouping::project, order);
    CHECK(rows_in(groups, 0) == Numbers{4, 2});
    CHECK(rows_in(groups, 2) == Numbers{1, 0});
    CHECK(groups.group_of(1) == 2);
}

TEST_CASE("row groups - what a filter leaves is gathered and told beside how many there are") {
    const auto snapshot = snapshot_of({{.port = 80, .pid = 20}, {.port = 81, .pid = 20}, {.port = 82, .pid = 30}});
    RowGroups groups;
    const Numbers left{1};
    groups.gather(snapshot, Grouping::process, left);
    REQUIRE(groups.groups().size() == 1);
    CHECK(groups.groups()[0].count == 1);
    CHECK(groups.groups()[0].all == 2);
    CHECK(groups.group_of(0) == 0); // of the same process
    CHECK(groups.group_of(2) == RowGroups::kNone);
    groups.gather(snapshot, Grouping::process, {});
    CHECK(groups.groups().empty());
    CHECK(groups.rows().empty());
}

TEST_CASE("row groups - every row stands in exactly one group whatever the order and the grouping") {
    std::vector<Words> words;
    for (std::uint32_t i = 0; i < 3000; ++i) {
        words.push_back({.port = static_cast<std::uint16_t>(i + 1),
                         .pid = static_cast<pid_t>(i * 7919U % 613U),
                         .project = i * 7919U % 613U % 3 == 0   ? "/a"
                                    : i * 7919U % 613U % 3 == 1 ? "/b"
                                                                : ""});
    }
    const auto snapshot = snapshot_of(words);
    Numbers order = all_of(snapshot);
    std::ranges::sort(order, {}, [](std::uint32_t row) { return row * 2654435761U; });
    RowGroups groups;
    for (const Grouping by : {Grouping::process, Grouping::project, Grouping::process}) {
        groups.gather(snapshot, by, order);
        Numbers rows = groups.rows();
        std::ranges::sort(rows);
        CHECK(rows == all_of(snapshot));
        std::uint32_t sum = 0;
        for (std::uint32_t i = 0; i < groups.groups().size(); ++i) {
            CHECK(groups.groups()[i].begin == sum);
            sum += groups.groups()[i].count;
            CHECK(groups.group_of(groups.groups()[i].first) == i);
        }
        CHECK(sum == rows.size());
    }
}
