// SPDX-License-Identifier: MIT
// The verdict on a port after a kill, and its sentences, from snapshots made by hand.
#include "core/commands/port_check.h"

#include <doctest/doctest.h>

using namespace portside;
using commands::end_news;
using commands::judge_port;
using commands::PortAfter;
using commands::PortBefore;
using commands::PortSeen;

namespace {

snapshot::Snapshot with_rows(std::vector<std::pair<pid_t, std::uint64_t>> holders, pid_t parent = 40) {
    snapshot::Snapshot made;
    snapshot::Process supervisor;
    supervisor.id = {40, 1};
    supervisor.name = "supervisor";
    made.processes.push_back(supervisor);
    for (const auto& [pid, inode] : holders) {
        snapshot::Process process;
        process.id = {pid, 9};
        process.parent = parent;
        process.name = "node";
        made.processes.push_back(process);
        snapshot::Row row;
        row.key.port = 3000;
        row.key.holder = process.id;
        row.sockets.resize(1);
        row.sockets[0].inode = inode;
        row.owners.push_back({process.id, snapshot::Knowledge::holds, {}});
        made.rows.push_back(row);
    }
    return made;
}

const PortBefore kBefore{platform::Protocol::tcp, 3000, {71, 72}, {}};

commands::EndNews news_of(const snapshot::Snapshot& snapshot, const std::optional<platform::PortUse>& use,
                          const std::optional<platform::Unit>& unit = {}, std::vector<std::string> names = {}) {
    const PortSeen seen{&snapshot, use, std::move(names), std::chrono::milliseconds(400)};
    return end_news("node (4242) ended after 0.2 s", {judge_port(kBefore, seen, unit)});
}

} // namespace

TEST_CASE("port_check - free and closing") {
    const auto nobody = with_rows({});
    auto news = news_of(nobody, platform::PortUse{});
    CHECK(news.after == PortAfter::free);
    CHECK(news.sentence == "Port 3000 is free. node (4242) ended after 0.2 s.");
    news = news_of(nobody, platform::PortUse{{}, 0, 1});
    CHECK(news.after == PortAfter::closing);
    CHECK(news.sentence == "Nobody listens on port 3000; 1 connection is still closing, so a program without "
                           "SO_REUSEADDR may have to wait. node (4242) ended after 0.2 s.");
    CHECK(news_of(nobody, platform::PortUse{{}, 1, 2})
              .sentence.starts_with(
                  "Nobody listens on port 3000; 1 connection is still open and 2 connections are still closing, so"));
}

TEST_CASE("port_check - held by others by a bound socket and not known") {
    auto news = news_of(with_rows({{50, 71}, {51, 72}}), platform::PortUse{{71, 72}, 0, 0});
    CHECK(news.after == PortAfter::held);
    CHECK(news.sentence ==
          "node (4242) ended after 0.2 s, but 2 other owners still hold port 3000: node (50), node (51).");
    news = news_of(with_rows({{50, 71}}), platform::PortUse{{71}, 0, 0});
    CHECK(news.sentence == "node (4242) ended after 0.2 s, but another owner still holds port 3000: node (50).");
    news = news_of(with_rows({}), platform::PortUse{{99}, 0, 0}, {}, {"nc (12)"});
    CHECK(news.after == PortAfter::held);
    CHECK(news.sentence == "node (4242) ended after 0.2 s, but a socket that is bound without listening (of nc (12)) "
                           "still holds port 3000.");
    news = news_of(with_rows({}), std::nullopt);
    CHECK(news.after == PortAfter::unknown);
    CHECK(news.sentence == "node (4242) ended after 0.2 s, but whether port 3000 is free could not be seen.");
}

TEST_CASE("port_check - taken again with the new holders parent and unit") {
    auto snapshot = with_rows({{4243, 99}});
    auto news = news_of(snapshot, platform::PortUse{{99}, 0, 0});
    CHECK(news.after == PortAfter::retaken);
    CHECK(news.sentence == "node (4242) ended after 0.2 s, but PID 4243 (node) took port 3000 again after 0.4 s. Its "
                           "parent is supervisor (40).");
    const platform::Unit unit{"web.service", {}};
    snapshot.rows[0].unit = unit;
    news = news_of(snapshot, platform::PortUse{{99}, 0, 0}, unit);
    CHECK(news.sentence.find("but PID 4243 (node, same unit) took") != std::string::npos);
    news = news_of(snapshot, platform::PortUse{{99}, 0, 0}, platform::Unit{"other.service", {}});
    CHECK(news.sentence.find("same unit") == std::string::npos);
    CHECK(news_of(with_rows({{4243, 99}}, 12), platform::PortUse{}).sentence.ends_with("Its parent is process 12."));
}

TEST_CASE("port_check - of several ports the worst counts and equal sentences are said once") {
    const commands::PortVerdict free{PortAfter::free, "Port 53 is free.", {}};
    const commands::PortVerdict other{PortAfter::free, "Port 54 is free.", {}};
    const commands::PortVerdict held{PortAfter::held, "but another owner still holds port 55: a (1).", {}};
    CHECK(end_news("dns (2) ended", {free, free}).sentence == "Port 53 is free. dns (2) ended.");
    CHECK(end_news("dns (2) ended", {free, other}).sentence == "Port 53 is free. Port 54 is free. dns (2) ended.");
    const auto mixed = end_news("dns (2) ended", {free, held});
    CHECK(mixed.after == PortAfter::held);
    CHECK(mixed.sentence == "dns (2) ended, but another owner still holds port 55: a (1). Port 53 is free.");
}

TEST_CASE("port_check - long lists of names are cut") {
    CHECK(commands::joined_names({"a", "b"}) == "a, b");
    CHECK(commands::joined_names({"a", "b", "c", "d", "e", "f"}) == "a, b, c, d and 2 more");
    CHECK(commands::joined_names({}).empty());
}
