// SPDX-License-Identifier: MIT
// bench_parts: the parts of a scan and of a frame, by Google Benchmark. Dumps and scans are of the sockets that are
// there when it starts: run it beside bench_load. One thread.
#include "core/platform/sock_diag.h"
#include "core/platform/socket_source.h"
#include "core/snapshot/arrangement.h"
#include "core/snapshot/assemble.h"
#include "core/snapshot/row_groups.h"
#include "core/snapshot/scanner.h"
#include "tests/bench/raw_dump.h"
#include "tests/snapshot/facts.h"
#include "tests/support/canned_snapshots.h"
#include "tests/ui/stage.h"

#include <array>
#include <benchmark/benchmark.h>
#include <memory>
#include <string>

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
    snapshot::test::add_process(facts, 1, 0, "systemd");
    for (std::size_t i = 0; i < count; ++i) {
        const auto pid = static_cast<pid_t>(1000 + i);
        auto& process = snapshot::test::add_process(facts, pid, 1, kNames[i % kNames.size()]);
        process.command_line->push_back("/home/me/src/shop/server-" + std::to_string(i));
        process.command_line->emplace_back("--host=127.0.0.1");
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

const snapshot::Snapshot& hundred_thousand_rows() {
    static const snapshot::Snapshot made = snapshot::assemble(facts_of(100'000));
    return made;
}

// What a key press in the filter costs.
void query_and_arrange(benchmark::State& state, const char* text, snapshot::SortColumn column) {
    const snapshot::Snapshot& rows = hundred_thousand_rows();
    std::size_t shown = 0;
    for (auto _ : state) {
        const auto query = snapshot::Query::parse(text);
        if (!query) {
            return state.SkipWithError("the query cannot be parsed");
        }
        const auto arranged = snapshot::arrange(rows, *query, {.column = column});
        shown = arranged.rows.size();
    }
    state.counters["rows"] = as_count(rows.rows.size());
    state.counters["shown"] = as_count(shown);
}
BENCHMARK_CAPTURE(query_and_arrange, everything, "", snapshot::SortColumn::port)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(query_and_arrange, port, "30", snapshot::SortColumn::port)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(query_and_arrange, word, "node", snapshot::SortColumn::port)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(query_and_arrange, rare_word, "server-4711", snapshot::SortColumn::port)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(query_and_arrange, no_match, "no such word", snapshot::SortColumn::port)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(query_and_arrange, four_terms, "post user:me -port:22 addr:127.", snapshot::SortColumn::port)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(query_and_arrange, word_by_process, "node", snapshot::SortColumn::process)
    ->Unit(benchmark::kMillisecond);

// And what it costs beside that where the rows are in groups; a first time costs more, once a snapshot.
void gather(benchmark::State& state, snapshot::Grouping by) {
    static const auto rows = std::make_shared<const snapshot::Snapshot>(hundred_thousand_rows());
    const auto arranged = snapshot::arrange(*rows, snapshot::Query{}, {});
    snapshot::RowGroups groups;
    groups.gather(rows, by, arranged.rows);
    for (auto _ : state) {
        groups.gather(rows, by, arranged.rows);
    }
    state.counters["groups"] = as_count(groups.groups().size());
}
BENCHMARK_CAPTURE(gather, by_process, snapshot::Grouping::process)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(gather, by_project, snapshot::Grouping::project)->Unit(benchmark::kMillisecond);

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
