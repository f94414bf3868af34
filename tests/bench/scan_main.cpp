// SPDX-License-Identifier: MIT
// bench_scan: what a scan costs in process: the first one, steady ones, and one after another process has opened a
// listener, with its owner found. One thread; the Scanner may have others.
//   bench_scan [--rounds N] [--listeners N] [--pause MS]
// --listeners: descriptor 3 is written to and descriptor 4 read from: bench_load's standard input and output.
// --pause: sleeps before each measured scan, as a desktop does; the caches are colder then.
// Prints lines "key value"; times in ms.
#include "core/base/parse.h"
#include "core/snapshot/scanner.h"
#include "tests/bench/figures.h"

#include <cstdio>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <sys/resource.h>
#include <unistd.h>
#include <vector>

namespace {

using namespace portside;
using bench::milliseconds;

constexpr int kToLoad = 3;
constexpr int kFromLoad = 4;
constexpr int kWarmUp = 20;     // scans after the first: what is made up in turns is there by then
constexpr int kMostScans = 100; // that may follow each other because the scanner says it has not finished

struct Options {
    std::uint32_t rounds = 20;
    std::uint32_t listeners = 0;
    std::uint32_t pause = 0;
};

// Whether another scan should follow at once. A scanner that always finishes need not say so.
template <typename Scanner>
bool unfinished(const Scanner& scanner) {
    if constexpr (requires { scanner.unfinished(); }) {
        return scanner.unfinished();
    } else {
        return false;
    }
}

int complain(const std::string& sentence) {
    std::fprintf(stderr, "bench_scan: %s\n", sentence.c_str());
    return 1;
}

void print(const char* key, const bench::Figures& figures) {
    std::printf("%s_median %.4f\n%s_lowest %.4f\n%s_highest %.4f\n", key, figures.median, key, figures.lowest, key,
                figures.highest);
}

class Load {
  public:
    struct Opened {
        std::uint16_t port = 0;
        pid_t pid = 0;
    };
    [[nodiscard]] static std::optional<Opened> open_listener() {
        const auto answer = ask("new-listener\n");
        const auto words = base::split_words(answer);
        if (words.size() != 3 || words[0] != "opened") {
            return std::nullopt;
        }
        const auto port = base::parse_number<std::uint16_t>(words[1]);
        const auto pid = base::parse_number<pid_t>(words[2]);
        return port && pid ? std::optional(Opened{*port, *pid}) : std::nullopt;
    }
    [[nodiscard]] static bool close_listener() { return ask("close-listener\n").starts_with("closed "); }

  private:
    // The answer's line without its end; empty where none comes.
    static std::string ask(std::string_view command) {
        if (::write(kToLoad, command.data(), command.size()) != static_cast<ssize_t>(command.size())) {
            return {};
        }
        std::string line;
        for (char letter = 0; ::read(kFromLoad, &letter, 1) == 1 && letter != '\n';) {
            line += letter;
        }
        return line;
    }
};

bool shown_with_owner(const snapshot::Snapshot& snapshot, const Load::Opened& opened) {
    for (const snapshot::Row& row : snapshot.rows) {
        if (row.key.port == opened.port && row.key.protocol == platform::Protocol::tcp) {
            for (const snapshot::Owner& owner : row.owners) {
                if (owner.id.pid == opened.pid) {
                    return true;
                }
            }
        }
    }
    return false;
}

class Bench {
  public:
    explicit Bench(const Options& options) : options_(options), scanner_(snapshot::ScannerOptions{}) {}

    int run() { return first() && steady() && after_new_listeners() ? 0 : 1; }

  private:
    bool scan();
    bool settle();
    void pause() const { ::usleep(options_.pause * 1000); }
    bool first();
    bool steady();
    bool after_new_listeners();
    std::optional<int> find(const Load::Opened& opened);

    Options options_;
    snapshot::Scanner scanner_;
    snapshot::SnapshotPtr newest_;
};

bool Bench::scan() {
    auto scanned = scanner_.scan();
    if (!scanned) {
        complain(scanned.error().what);
        return false;
    }
    newest_ = std::move(*scanned);
    return true;
}

// Scans until the scanner has finished what it had put off.
bool Bench::settle() {
    for (int scans = 0; scans < kMostScans; ++scans) {
        if (!scan()) {
            return false;
        }
        if (!unfinished(scanner_)) {
            return true;
        }
    }
    complain("the scanner goes on saying that it has not finished.");
    return false;
}

bool Bench::first() {
    const double begun = milliseconds();
    const double begun_cpu = milliseconds(CLOCK_PROCESS_CPUTIME_ID);
    if (!scan()) {
        return false;
    }
    std::printf("first %.4f\nfirst_cpu %.4f\nfirst_unfinished %d\n", milliseconds() - begun,
                milliseconds(CLOCK_PROCESS_CPUTIME_ID) - begun_cpu, unfinished(scanner_) ? 1 : 0);
    std::size_t owned = 0;
    for (const snapshot::Row& row : newest_->rows) {
        owned += row.owners.empty() ? 0 : 1;
    }
    std::printf("rows %zu\nrows_with_owner %zu\n", newest_->rows.size(), owned);
    return settle();
}

bool Bench::steady() {
    std::vector<double> wall;
    std::vector<double> cpu;
    for (int i = 0; i < kWarmUp; ++i) {
        if (!scan()) {
            return false;
        }
    }
    for (std::uint32_t round = 0; round < options_.rounds; ++round) {
        pause();
        const double begun_cpu = milliseconds(CLOCK_PROCESS_CPUTIME_ID);
        const double begun = milliseconds();
        if (!scan()) {
            return false;
        }
        wall.push_back(milliseconds() - begun);
        cpu.push_back(milliseconds(CLOCK_PROCESS_CPUTIME_ID) - begun_cpu);
    }
    print("steady", bench::figures_of(wall));
    print("steady_cpu", bench::figures_of(cpu));
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    std::printf("peak_memory_kib %ld\n", usage.ru_maxrss);
    return true;
}

// How many scans it took until the row names its owner. One that is not found is an error, however fast.
std::optional<int> Bench::find(const Load::Opened& opened) {
    for (int scans = 1; scans <= kMostScans; ++scans) {
        if (!scan()) {
            return std::nullopt;
        }
        if (shown_with_owner(*newest_, opened)) {
            return scans;
        }
        if (!unfinished(scanner_)) {
            break;
        }
    }
    complain("the new listener on port " + std::to_string(opened.port) + " is not shown with its owner, process " +
             std::to_string(opened.pid) + ".");
    return std::nullopt;
}

bool Bench::after_new_listeners() {
    std::vector<double> wall;
    int most_scans = 0;
    for (std::uint32_t round = 0; round < options_.listeners; ++round) {
        const auto opened = Load::open_listener();
        if (!opened) {
            complain("bench_load does not answer on descriptor 4.");
            return false;
        }
        pause();
        const double begun = milliseconds();
        const auto scans = find(*opened);
        if (!scans) {
            return false;
        }
        wall.push_back(milliseconds() - begun);
        most_scans = std::max(most_scans, *scans);
        if (!Load::close_listener() || !settle() || shown_with_owner(*newest_, *opened)) {
            complain("the listener on port " + std::to_string(opened->port) + " does not go.");
            return false;
        }
    }
    if (options_.listeners > 0) {
        print("new_listener", bench::figures_of(wall));
        std::printf("new_listener_most_scans %d\n", most_scans);
    }
    return true;
}

std::optional<Options> parse_options(int count, char** words) {
    Options options;
    for (int i = 0; i < count; i += 2) {
        const std::string_view name = words[i];
        const auto number = i + 1 < count ? base::parse_number<std::uint32_t>(words[i + 1]) : std::nullopt;
        std::uint32_t* const field = name == "--rounds"      ? &options.rounds
                                     : name == "--listeners" ? &options.listeners
                                     : name == "--pause"     ? &options.pause
                                                             : nullptr;
        if (field == nullptr || !number) {
            return std::nullopt;
        }
        *field = *number;
    }
    return options;
}

} // namespace

int main(int count, char** words) {
    const auto options = parse_options(count - 1, words + 1);
    if (!options) {
        std::fprintf(stderr, "usage: bench_scan [--rounds N] [--listeners N] [--pause MS]\n");
        return 2;
    }
    return Bench(*options).run();
}
