// SPDX-License-Identifier: MIT
// core/snapshot/arranger: whatever is typed, sorted or scanned, it answers as a look at one row after another does, and
// so does arrange().
#include "core/snapshot/arranger.h"

#include "core/snapshot/sort_key.h"
#include "facts.h"

#include <algorithm>
#include <array>
#include <doctest/doctest.h>
#include <random>
#include <string>
#include <utility>

using namespace portside;
using namespace portside::snapshot;
using namespace portside::snapshot::test;
using platform::Protocol;

namespace {

// Numbers that are the same with every standard library.
class Dice {
  public:
    explicit Dice(unsigned seed) : engine_(seed) {}
    std::size_t below(std::size_t count) { return engine_() % count; }
    bool once_in(std::size_t count) { return below(count) == 0; }
    template <typename Choices>
    const auto& one_of(const Choices& choices) {
        return choices[below(choices.size())];
    }

  private:
    std::mt19937 engine_;
};

constexpr std::array kNames{"node", "Node", "nginx", "postgres", "vite", "e"};
constexpr std::array kArguments{"--inspect", "-D", "/srv/Shop", "server.js", "eee", "x"};
constexpr std::array kAddresses{"127.0.0.1", "0.0.0.0", "::", "::1", "10.0.0.7", "127.0.0.12"};
constexpr std::array kProjects{"/home/me/Shop", "/srv/shop", "/home/me/e"};
constexpr std::array kCgroups{"/system.slice/nginx.service", "/system.slice/ssh.service", "/init.scope"};
constexpr std::array<std::uint16_t, 12> kPortList{0, 1, 8, 80, 443, 800, 3000, 3001, 30000, 8080, 65535, 6553};

SnapshotPtr random_snapshot(Dice& dice) {
    ScanFacts facts;
    facts.users = {{0, "root"}, {1000, "Me"}, {1001, "games"}};
    const std::size_t processes = 1 + dice.below(12);
    for (std::size_t i = 0; i < processes; ++i) {
        const auto pid = static_cast<pid_t>(10 + i);
        auto& process = add_process(facts, pid, i > 0 && dice.once_in(2) ? pid - 1 : 1, dice.one_of(kNames));
        process.uid = dice.once_in(3) ? 0 : 1000;
        process.command_line = std::vector<std::string>{dice.one_of(kNames), dice.one_of(kArguments)};
        if (dice.once_in(2)) {
            process.project = dice.one_of(kProjects);
        }
        if (dice.once_in(3)) {
            process.cgroup = dice.one_of(kCgroups);
        }
    }
    const std::size_t sockets = dice.below(60);
    for (std::size_t i = 0; i < sockets; ++i) {
        SocketSpec spec{.local = dice.one_of(kAddresses), .port = dice.one_of(kPortList), .inode = i + 1};
        spec.uid = static_cast<uid_t>(dice.once_in(2) ? 1000 + dice.below(3) : 0);
        spec.protocol = dice.once_in(3) ? Protocol::udp : Protocol::tcp;
        spec.v6only = spec.local == "::" ? std::optional<bool>(dice.once_in(2)) : std::nullopt;
        spec.interface = dice.once_in(8) ? "eth0" : "";
        std::vector<pid_t> owners;
        for (std::size_t owner = dice.below(3); owner > 0; --owner) {
            owners.push_back(static_cast<pid_t>(10 + dice.below(processes)));
        }
        add_socket(facts, spec, owners);
    }
    auto made = assemble(facts);
    if (dice.once_in(6)) { // as if some rows were made by hand
        for (auto& row : made.rows) {
            row.text = dice.once_in(2) ? Row::kNoText : row.text;
        }
    }
    return std::make_shared<const Snapshot>(std::move(made));
}

// One row after another, each looked at by itself, and every pair of them compared.
Arrangement arrange_plainly(const Snapshot& snapshot, const RowTags* tags, const Scope& scope, const Query& query,
                            SortOrder order) {
    Arrangement plain;
    for (std::uint32_t row = 0; row < snapshot.rows.size(); ++row) {
        const TagBits bits = tags != nullptr ? tags->bits[row] : TagBits{0};
        const bool in_view = is_in(scope.view, bits);
        const bool left_out = is_left_out(scope, bits, row);
        const bool found = query.matches(snapshot, snapshot.rows[row], tags);
        plain.system += left_out ? 1 : 0;
        plain.system_found += left_out && in_view && found ? 1 : 0;
        plain.system_outside += left_out && !in_view && found ? 1 : 0;
        plain.outside += !left_out && !in_view && found ? 1 : 0;
        plain.hidden += !left_out && in_view && !found ? 1 : 0;
        if (!left_out && in_view && found) {
            plain.rows.push_back(row);
        }
    }
    std::ranges::stable_sort(plain.rows, [&](std::uint32_t a, std::uint32_t b) {
        return comes_before(sort_key_of(snapshot, a, order.column), sort_key_of(snapshot, b, order.column),
                            order.descending);
    });
    return plain;
}

void require_same(const Arrangement& got, const Arrangement& wanted) {
    REQUIRE(got.rows == wanted.rows);
    REQUIRE(got.hidden == wanted.hidden);
    REQUIRE(got.outside == wanted.outside);
    REQUIRE(got.system == wanted.system);
    REQUIRE(got.system_found == wanted.system_found);
    REQUIRE(got.system_outside == wanted.system_outside);
}

constexpr std::array kTerms{"node",
                            "e",
                            "name:no",
                            "name:srv",
                            "80",
                            "3",
                            "30",
                            "0",
                            "00",
                            "port:80",
                            ":3000",
                            "80-3001",
                            "0-65535",
                            "pid:11",
                            "pid:4",
                            "user:me",
                            "user:1000",
                            "user:root",
                            "proto:t",
                            "udp",
                            "proto:tcp6",
                            "proto:udp",
                            "addr:127",
                            "addr:*",
                            "addr:eth0",
                            "addr::",
                            "-node",
                            "not:port:80",
                            "-user:me",
                            "-addr:1",
                            "-proto:udp4",
                            "inspect",
                            "shop",
                            "zebra",
                            "not:pid:12",
                            "project:sh",
                            "project:/home",
                            "project:e",
                            "-project:shop",
                            "project:zebra",
                            "unit:ngi",
                            "unit:e",
                            "-unit:ssh",
                            "project:me/shop",
                            "65535",
                            "6553",
                            "-3",
                            "js\\",
                            "-0-100",
                            "name:E",
                            "--inspect"};

} // namespace

TEST_CASE("an arranger answers as a look at each row does after every key sort and scan") {
    constexpr std::array kColumns{SortColumn::port, SortColumn::protocol, SortColumn::process, SortColumn::address,
                                  SortColumn::pid,  SortColumn::user,     SortColumn::since};
    Dice dice(1);
    Arranger arranger;
    Arrangement got;
    SnapshotPtr snapshot = random_snapshot(dice);
    SortOrder order;
    std::string text;
    std::string typing; // what is still to be typed
    std::size_t matched = 0;
    for (int step = 0; step < 20'000; ++step) {
        if (!typing.empty()) {
            text += typing.front();
            typing.erase(0, 1);
        } else if (dice.once_in(3) && !text.empty()) {
            text.resize(dice.once_in(2) ? text.size() - 1 : dice.below(text.size()));
        } else if (dice.once_in(3)) {
            order = {dice.one_of(kColumns), dice.once_in(2)};
        } else if (dice.once_in(3)) {
            snapshot = random_snapshot(dice);
        } else if (dice.once_in(8)) {
            static_cast<void>(arranger.prepare(snapshot, dice.once_in(2)));
        } else {
            typing = (dice.once_in(2) ? " " : "") + std::string(dice.one_of(kTerms));
        }
        const auto query = Query::parse(text);
        if (!query) {
            text.clear();
            continue;
        }
        const auto wanted = arrange_plainly(*snapshot, nullptr, {}, *query, order);
        arranger.arrange(snapshot, *query, order, got);
        matched += wanted.rows.empty() || wanted.hidden == 0 ? 0 : 1;
        CAPTURE(step);
        CAPTURE(text);
        CAPTURE(static_cast<int>(order.column));
        CAPTURE(order.descending);
        require_same(got, wanted);
        require_same(arrange(*snapshot, *query, order), wanted);
    }
    CHECK(matched > 2000); // the texts say something about these snapshots
}

TEST_CASE("an arranger prepares a word at once and each field in a call of its own while somebody filters") {
    Dice dice(3);
    const SnapshotPtr snapshot = random_snapshot(dice);
    Arranger arranger;
    CHECK(arranger.prepare(snapshot, false));
    CHECK_FALSE(arranger.prepare(snapshot, false));
    for (const auto* field : {"user", "address", "protocol", "keepers", "pids"}) {
        CAPTURE(field);
        CHECK(arranger.prepare(snapshot, true));
    }
    CHECK_FALSE(arranger.prepare(snapshot, true));
    Arrangement got;
    arranger.arrange(snapshot, Query::parse("user:me pid:1").value(), {}, got);
    CHECK_FALSE(arranger.prepare(snapshot, true));
    CHECK(arranger.prepare(random_snapshot(dice), true));
}

TEST_CASE("an arranger answers as a look at each row does in every view with labels and favourites") {
    constexpr std::array kMoreTerms{"is:mine",   "-is:mine", "is:dev",    "is:db",     "is:exposed", "-is:exposed",
                                    "is:fav",    "shop",     "label:sho", "-label:e",  "-shop",      "node",
                                    "is:system", "e",        "user:me",   "name:shop", "80",         "is:favourite"};
    constexpr std::array kLabels{"My Shop", "e", "node in disguise", "", "Ä"};
    Dice dice(2);
    Arranger arranger;
    Arrangement got;
    std::array<std::size_t, 4> seen{}; // steps with rows outside, hidden by the query, the system's, and found there
    for (int step = 0; step < 6'000; ++step) {
        const SnapshotPtr snapshot = random_snapshot(dice);
        PortBook book;
        for (auto notes = dice.below(6); notes > 0; --notes) {
            book[{dice.once_in(2) ? Protocol::tcp : Protocol::udp, dice.one_of(kPortList)}] = {dice.once_in(2),
                                                                                               dice.one_of(kLabels)};
        }
        const auto tags = tags_of(*snapshot, book, {static_cast<uid_t>(1000 + dice.below(3)), 1000});
        for (int turn = 0; turn < 3; ++turn) {
            Scope scope{static_cast<View>(dice.below(kViewCount)), dice.once_in(2), {}};
            for (std::uint32_t row = 0; row < snapshot->rows.size(); ++row) {
                if (dice.once_in(10)) {
                    scope.shown_anyway.push_back(row);
                }
            }
            std::string text;
            for (auto terms = dice.below(3); terms > 0; --terms) {
                text += std::string(dice.one_of(kMoreTerms)) + " ";
            }
            const Query query = Query::parse(text).value();
            const SortOrder order{dice.once_in(2) ? SortColumn::port : SortColumn::process, dice.once_in(2)};
            const auto wanted = arrange_plainly(*snapshot, tags.get(), scope, query, order);
            arranger.arrange(snapshot, tags, scope, query, order, got);
            CAPTURE(step);
            CAPTURE(text);
            require_same(got, wanted);
            require_same(arrange(*snapshot, *tags, scope, query, order), wanted);
            if (query.matches_everything()) {
                CHECK(count_views(*tags, scope)[static_cast<std::size_t>(scope.view)] == got.rows.size());
            }
            seen[0] += got.outside != 0 ? 1 : 0;
            seen[1] += got.hidden != 0 ? 1 : 0;
            seen[2] += got.system > got.system_found ? 1 : 0;
            seen[3] += got.system_found != 0 ? 1 : 0;
        }
    }
    for (const auto steps : seen) {
        CHECK(steps > 500); // each of the counts is told often enough for the comparison to say something
    }
}

TEST_CASE("rows that were made by hand are found by what their processes tell") {
    Snapshot made;
    Process server;
    server.id = {7, 1};
    server.name = "Server";
    server.command_text = "server --FAST";
    Process other;
    other.id = {8, 1};
    other.name = "other";
    made.processes = {server, other};
    made.rows.resize(3);
    for (std::uint16_t i = 0; i < 3; ++i) {
        made.rows[i].key.port = static_cast<std::uint16_t>(80 + i);
        made.rows[i].port_text = std::to_string(80 + i);
        if (i < 2) {
            made.rows[i].owners.push_back({made.processes[i].id, Knowledge::holds, {}});
        }
    }
    const auto snapshot = std::make_shared<const Snapshot>(made);
    Arranger arranger;
    Arrangement got;
    for (const char* text : {"server", "fast", "name:fast", "name:server", "-other", "pid:8", "8", "82", ""}) {
        CAPTURE(std::string(text));
        const Query query = Query::parse(text).value();
        arranger.arrange(snapshot, query, {SortColumn::process, true}, got);
        CHECK(got.rows == arrange(made, query, {SortColumn::process, true}).rows);
    }
}
