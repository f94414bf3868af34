// SPDX-License-Identifier: MIT
// bench_parts: the parts of a scan and of a frame, by Google Benchmark. Dumps and scans are of the sockets that are
// there when it starts: run it beside bench_load. One thread.
#include "app/ui/lines.h"
#include "app/ui/model.h"
#include "core/platform/sock_diag.h"
#include "core/platform/socket_source.h"
#include "core/snapshot/arrangement.h"
#include "core/snapshot/arranger.h"
#include "core/snapshot/assemble.h"
#include "core/snapshot/scanner.h"
#include "tests/bench/raw_dump.h"
#include "tests/snapshot/facts.h"
#include "tests/support/canned_snapshots.h"
#include "tests/ui/stage.h"

#include <array>
#include <benchmark/benchmark.h>
#include <memory>
#include <string>
#include <vector>

namespace {

using namespace portside;

double as_count(std::size_t number) {
    return static_cast<double>(number);
}

// Four tables received, no byte looked at: the floor.
void receive_only(benchmark::State& state) {
    bench::RawReceiver receiver;
    for (auto _ : state) {
        for (const auto& [protocol, family] : platform::kTables) {
            if (!receiver.receive(protocol, family, false).whole) {
                return state.SkipWithError("a dump failed");
            }
        }
    }
}
BENCHMARK(receive_only)->Unit(benchmark::kMillisecond);

void dump_and_parse(benchmark::State& state) {
    platform::SockDiag diag;
    std::vector<platform::DiagSocket> sockets;
    std::size_t found = 0;
    for (auto _ : state) {
        found = 0;
        for (const auto& [protocol, family] : platform::kTables) {
            if (!diag.dump({protocol, family}, sockets)) {
                return state.SkipWithError("a dump failed");
            }
            found += sockets.size();
        }
    }
    state.counters["sockets"] = as_count(found);
}
BENCHMARK(dump_and_parse)->Unit(benchmark::kMillisecond);

// The same bytes again and again, recorded when this begins.
void parse_recorded(benchmark::State& state) {
    bench::RawReceiver receiver;
    std::vector<bench::RawDump> dumps;
    for (const auto& [protocol, family] : platform::kTables) {
        dumps.push_back(receiver.receive(protocol, family, true));
    }
    std::vector<platform::DiagSocket> sockets;
    for (auto _ : state) {
        sockets.clear();
        for (const bench::RawDump& dump : dumps) {
            for (const auto& datagram : dump.datagrams) {
                if (platform::parse_dump(datagram, dump.expected, sockets).truncated) {
                    return state.SkipWithError("a recorded dump cannot be parsed");
                }
            }
        }
        benchmark::DoNotOptimize(sockets.data());
    }
    state.counters["sockets"] = as_count(sockets.size());
}
BENCHMARK(parse_recorded)->Unit(benchmark::kMicrosecond);

void first_scan(benchmark::State& state) {
    for (auto _ : state) {
        snapshot::Scanner scanner(snapshot::ScannerOptions{});
        if (!scanner.scan()) {
            return state.SkipWithError("a scan failed");
        }
    }
}
BENCHMARK(first_scan)->Unit(benchmark::kMillisecond)->UseRealTime();

void steady_scan(benchmark::State& state) {
    snapshot::Scanner scanner(snapshot::ScannerOptions{});
    auto scanned = scanner.scan();
    for (auto _ : state) {
        scanned = scanner.scan();
        if (!scanned) {
            return state.SkipWithError("a scan failed");
        }
    }
    state.counters["rows"] = as_count(scanned ? (*scanned)->rows.size() : 0);
}
BENCHMARK(steady_scan)->Unit(benchmark::kMillisecond)->UseRealTime();

// A socket for each process: TCP on every port, then UDP, by programs of a developer's machine.
snapshot::ScanFacts facts_of(std::size_t count) {
    constexpr std::array kNames{"node", "python3", "postgres", "redis-server", "java", "nginx", "gunicorn"};
    constexpr std::size_t kPorts = 65000;
    snapshot::ScanFacts facts;
    facts.users = {{1000, "me"}};
    snapshot::test::add_process(facts, 1, 0, "systemd");
    for (std::size_t i = 0; i < count; ++i) {
        const auto pid = static_cast<pid_t>(1000 + i);
        auto& process = snapshot::test::add_process(facts, pid, 1, kNames[i % kNames.size()]);
        process.command_line->push_back("/home/me/src/shop/server-" + std::to_string(i));
        process.command_line->emplace_back("--host=127.0.0.1");
        process.project = "/home/me/src/shop-" + std::to_string(i % 40);
        process.cgroup = "/system.slice/nginx" + std::to_string(i % 50) + ".service";
        snapshot::test::add_socket(facts,
                                   {.local = i % 2 == 0 ? "127.0.0.1" : "::1",
                                    .port = static_cast<std::uint16_t>(1 + i % kPorts),
                                    .inode = 1000 + i,
                                    .protocol = i < kPorts ? platform::Protocol::tcp : platform::Protocol::udp},
                                   {pid});
    }
    return facts;
}

void assemble(benchmark::State& state) {
    const auto facts = facts_of(static_cast<std::size_t>(state.range(0)));
    for (auto _ : state) {
        auto made = snapshot::assemble(facts);
        benchmark::DoNotOptimize(made);
    }
}
BENCHMARK(assemble)->Unit(benchmark::kMillisecond)->Arg(1000)->Arg(10000);

const snapshot::SnapshotPtr& hundred_thousand_rows() {
    static const auto made = std::make_shared<const snapshot::Snapshot>(snapshot::assemble(facts_of(100'000)));
    return made;
}

// Texts that are typed in turns. An arranger remembers the words of the last ones: with these it never met one before.
using Typed = std::vector<std::string>;
constexpr int kTurns = 12;

Typed with_numbers(const std::string& before, int first, const std::string& after = "") {
    Typed typed;
    for (int i = 0; i < kTurns; ++i) {
        typed.push_back(before + std::to_string(first + i) + after);
    }
    return typed;
}

const Typed kEverything{""};
const Typed kPorts = with_numbers("", 20);
const Typed kLetters{"e", "h", "s", "r", "v", "o", "m", "/", "u", "b", "0", "1"}; // in most rows
const Typed kEach{"home", "/me", "me/src", "src", "/src", "shop", "erver", "/server", "host=", "usr", "bin", "127."};
const Typed kWords{"node",     "python3", "postgres", "redis",  "java",      "nginx", // in each seventh row
                   "gunicorn", "/node",   "/java",    "/nginx", "/gunicorn", "/postgres"};
const Typed kRareWords = with_numbers("server-47", 10);
const Typed kNoMatch = with_numbers("zebra", 10);
const Typed kTwoWords = with_numbers("node server-", 10);
const Typed kNames{"name:no", "name:py", "name:po", "name:re", "name:ja", "name:ng",
                   "name:gu", "name:od", "name:th", "name:st", "name:di", "name:av"};
const Typed kProjects{"project:me", "project:s", "project:shop", "project:/home", "project:rc", "project:/src",
                      "project:h",  "project:o", "project:p",    "project:zebra", "project:/",  "project:src/"};
const Typed kUnits = with_numbers("unit:nginx", 10);
const Typed kUsers{"user:m", "user:me", "user:e", "user:1", "user:10", "user:100", "user:1000", "user:r", "user:z"};
const Typed kFourTerms = with_numbers("post user:me -port:", 20, " addr:127.");
const Typed kBackspace{"server-4711", "server-471", "server-47", "server-4", "server-"};

// What a key press in the filter costs: the list as the window has it from its next frame on. What its snapshot's rows
// have in common is known before: a frame in which nothing else happened found it out.
void query_and_arrange(benchmark::State& state, const Typed& typed, snapshot::SortColumn column,
                       snapshot::Grouping grouping) {
    ui::Model model;
    model.snapshot = hundred_thousand_rows();
    model.tags = snapshot::tags_of(*model.snapshot, {}, {1000, 1000});
    ui::Lines lines;
    lines.set_grouping(grouping);
    snapshot::Arranger arranger;
    static_cast<void>(arranger.prepare(model.snapshot, false));
    const auto type = [&](const std::string& text) {
        const auto query = snapshot::Query::parse(text);
        if (query) {
            arranger.arrange(model.snapshot, model.tags, {}, *query, {.column = column}, model.arrangement);
            lines.update(model, text);
        }
        return query.has_value();
    };
    type("");
    std::size_t turn = 0;
    for (auto _ : state) {
        if (!type(typed[turn++ % typed.size()])) {
            return state.SkipWithError("the query cannot be parsed");
        }
    }
    state.counters["rows"] = as_count(model.snapshot->rows.size());
    state.counters["shown"] = as_count(model.arrangement.rows.size());
}
using snapshot::Grouping;
using snapshot::SortColumn;
BENCHMARK_CAPTURE(query_and_arrange, everything, kEverything, SortColumn::port, Grouping::flat)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(query_and_arrange, port, kPorts, SortColumn::port, Grouping::flat)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(query_and_arrange, letter, kLetters, SortColumn::port, Grouping::flat)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(query_and_arrange, word, kWords, SortColumn::port, Grouping::flat)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(query_and_arrange, word_in_each, kEach, SortColumn::port, Grouping::flat)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(query_and_arrange, rare_word, kRareWords, SortColumn::port, Grouping::flat)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(query_and_arrange, no_match, kNoMatch, SortColumn::port, Grouping::flat)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(query_and_arrange, two_words, kTwoWords, SortColumn::port, Grouping::flat)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(query_and_arrange, name, kNames, SortColumn::port, Grouping::flat)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(query_and_arrange, project, kProjects, SortColumn::port, Grouping::flat)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(query_and_arrange, unit, kUnits, SortColumn::port, Grouping::flat)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(query_and_arrange, user, kUsers, SortColumn::port, Grouping::flat)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(query_and_arrange, four_terms, kFourTerms, SortColumn::port, Grouping::flat)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(query_and_arrange, backspace, kBackspace, SortColumn::port, Grouping::flat)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(query_and_arrange, word_by_process, kWords, SortColumn::process, Grouping::flat)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(query_and_arrange, word_in_processes, kWords, SortColumn::port, Grouping::process)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(query_and_arrange, word_in_projects, kWords, SortColumn::port, Grouping::project)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(query_and_arrange, word_in_each_in_processes, kEach, SortColumn::process, Grouping::process)
    ->Unit(benchmark::kMillisecond);

// The first question for a field after a new snapshot: a word was typed before it, in some frames.
void arrange_first_of_field(benchmark::State& state, const char* text) {
    const auto& rows = hundred_thousand_rows();
    const auto tags = snapshot::tags_of(*rows, {}, {1000, 1000});
    const auto query = snapshot::Query::parse(text).value();
    const auto another = std::make_shared<const snapshot::Snapshot>();
    snapshot::Arranger arranger;
    snapshot::Arrangement arrangement;
    for (auto _ : state) {
        state.PauseTiming();
        arranger.arrange(another, {}, {}, arrangement);
        while (arranger.prepare(rows, true)) {
        }
        arranger.arrange(rows, tags, {}, {}, {}, arrangement);
        state.ResumeTiming();
        arranger.arrange(rows, tags, {}, query, {}, arrangement);
    }
    state.counters["shown"] = as_count(arrangement.rows.size());
}
BENCHMARK_CAPTURE(arrange_first_of_field, user, "user:me")->Unit(benchmark::kMillisecond)->Iterations(20);
BENCHMARK_CAPTURE(arrange_first_of_field, address, "addr:127.")->Unit(benchmark::kMillisecond)->Iterations(20);
BENCHMARK_CAPTURE(arrange_first_of_field, protocol, "proto:udp")->Unit(benchmark::kMillisecond)->Iterations(20);
BENCHMARK_CAPTURE(arrange_first_of_field, unit, "unit:nginx")->Unit(benchmark::kMillisecond)->Iterations(20);
BENCHMARK_CAPTURE(arrange_first_of_field, pid, "pid:4711")->Unit(benchmark::kMillisecond)->Iterations(20);

// What a new snapshot costs while a word stands in the filter.
void arrange_new_snapshot(benchmark::State& state) {
    const auto& rows = hundred_thousand_rows();
    const auto tags = snapshot::tags_of(*rows, {}, {1000, 1000});
    const auto query = snapshot::Query::parse("node").value();
    snapshot::Arranger arranger;
    snapshot::Arrangement arrangement;
    const auto another = std::make_shared<const snapshot::Snapshot>();
    for (auto _ : state) {
        arranger.arrange(another, {}, {}, arrangement);
        arranger.arrange(rows, tags, {}, query, {}, arrangement);
    }
    state.counters["shown"] = as_count(arrangement.rows.size());
}
BENCHMARK(arrange_new_snapshot)->Unit(benchmark::kMillisecond);

// What `portside list` does, once.
void arrange_once(benchmark::State& state, const char* text, SortColumn column) {
    const snapshot::Snapshot& rows = *hundred_thousand_rows();
    const auto query = snapshot::Query::parse(text).value();
    std::size_t shown = 0;
    for (auto _ : state) {
        shown = snapshot::arrange(rows, query, {.column = column}).rows.size();
    }
    state.counters["shown"] = as_count(shown);
}
BENCHMARK_CAPTURE(arrange_once, port, "30", SortColumn::port)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(arrange_once, word, "node", SortColumn::port)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(arrange_once, rare_word, "server-4711", SortColumn::port)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(arrange_once, four_terms, "post user:me -port:22 addr:127.", SortColumn::port)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(arrange_once, word_by_process, "node", SortColumn::process)->Unit(benchmark::kMillisecond);

// The whole interface as ImGui's draw lists; no backend.
void frame(benchmark::State& state) {
    ui::Stage stage(canned::model_of(canned::many_rows(static_cast<std::size_t>(state.range(0)))));
    stage.settle();
    for (auto _ : state) {
        stage.frame();
    }
    state.counters["vertices"] = ui::Stage::vertices();
}
BENCHMARK(frame)->Unit(benchmark::kMicrosecond)->Arg(100)->Arg(10000);

} // namespace

BENCHMARK_MAIN();
