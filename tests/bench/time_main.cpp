// SPDX-License-Identifier: MIT
// bench_time: how long whole programs take, in turns (A B C A B C ...), so that a machine that grows slower or faster
// does so for all of them. One thread.
//   bench_time [-n RUNS] NAME[:RUNS] PROGRAM [ARGUMENT]... [, NAME[:RUNS] PROGRAM [ARGUMENT]...]...
// From just before posix_spawn until wait4 has reaped it; no shell between; nothing on its input, both outputs thrown
// away. Prints a line for each: NAME MEDIAN LOWEST HIGHEST CPU RUNS EXIT, times in ms, CPU the median of user and
// system time (getrusage(2)), EXIT the highest exit code (128 + the signal's number where one ended it).
#include "core/base/parse.h"
#include "tests/bench/figures.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <optional>
#include <spawn.h>
#include <string>
#include <string_view>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace {

using namespace portside;

struct Program {
    std::string name;
    std::uint32_t runs = 0;
    std::vector<char*> arguments; // ends with a null pointer
    std::vector<double> wall{};
    std::vector<double> cpu{};
    int exit = 0;
};

// Where nothing is inherited but the standard streams: a measured program that walks descriptors sees its own only.
bool quieten(posix_spawn_file_actions_t& actions) {
    ::close_range(3, ~0U, CLOSE_RANGE_CLOEXEC);
    return ::posix_spawn_file_actions_init(&actions) == 0 &&
           ::posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0) == 0 &&
           ::posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0) == 0 &&
           ::posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0) == 0;
}

double in_ms(const timeval& time) {
    return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_usec) / 1e3;
}

// 0, or an errno.
int run_once(Program& program, const posix_spawn_file_actions_t& actions) {
    pid_t pid = 0;
    int status = 0;
    rusage usage{};
    const double begun = bench::milliseconds();
    if (const int error =
            ::posix_spawnp(&pid, program.arguments[0], &actions, nullptr, program.arguments.data(), environ)) {
        return error;
    }
    pid_t done = -1;
    do {
        done = ::wait4(pid, &status, 0, &usage);
    } while (done < 0 && errno == EINTR);
    const double ended = bench::milliseconds();
    program.wall.push_back(ended - begun);
    program.cpu.push_back(in_ms(usage.ru_utime) + in_ms(usage.ru_stime));
    program.exit = std::max(program.exit, WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
    return 0;
}

// NAME[:RUNS] PROGRAM [ARGUMENT]..., up to a word that is a comma alone.
std::optional<Program> parse_program(char** words, int count, std::uint32_t runs) {
    const std::string_view title = words[0];
    const auto colon = title.rfind(':');
    Program program{.name = std::string(title.substr(0, colon)), .runs = runs, .arguments = {words + 1, words + count}};
    if (colon != std::string_view::npos) {
        const auto own_runs = base::parse_number<std::uint32_t>(title.substr(colon + 1));
        program.runs = own_runs.value_or(0);
    }
    program.arguments.push_back(nullptr);
    return count < 2 || program.runs == 0 || program.name.empty() ? std::nullopt : std::optional(std::move(program));
}

std::optional<std::vector<Program>> parse_programs(int count, char** words) {
    std::uint32_t runs = 20;
    if (count >= 2 && std::strcmp(words[0], "-n") == 0) {
        runs = base::parse_number<std::uint32_t>(words[1]).value_or(0);
        words += 2;
        count -= 2;
    }
    std::vector<Program> programs;
    for (int begin = 0; begin < count;) {
        int end = begin;
        while (end < count && std::strcmp(words[end], ",") != 0) {
            ++end;
        }
        auto program = end > begin ? parse_program(words + begin, end - begin, runs) : std::nullopt;
        if (!program) {
            return std::nullopt;
        }
        programs.push_back(std::move(*program));
        begin = end + 1;
    }
    return programs.empty() ? std::nullopt : std::optional(std::move(programs));
}

// A program with fewer runs than others has its turns spread over the whole time.
bool has_turn(const Program& program, std::uint32_t round, std::uint32_t rounds) {
    const auto turns_before = [&](std::uint64_t before) { return before * program.runs / rounds; };
    return turns_before(round + 1) > turns_before(round);
}

} // namespace

int main(int count, char** words) {
    auto programs = parse_programs(count - 1, words + 1);
    if (!programs) {
        std::fprintf(stderr, "usage: bench_time [-n RUNS] NAME[:RUNS] PROGRAM [ARGUMENT]... [, NAME[:RUNS] PROGRAM "
                             "[ARGUMENT]...]...\n");
        return 2;
    }
    posix_spawn_file_actions_t actions{};
    if (!quieten(actions)) {
        std::fprintf(stderr, "bench_time: out of memory\n");
        return 1;
    }
    std::uint32_t rounds = 0;
    for (const Program& program : *programs) {
        rounds = std::max(rounds, program.runs);
    }
    for (std::uint32_t round = 0; round < rounds; ++round) {
        for (Program& program : *programs) {
            if (has_turn(program, round, rounds)) {
                if (const int error = run_once(program, actions); error != 0) {
                    std::fprintf(stderr, "bench_time: %s could not be started: %s\n", program.arguments[0],
                                 std::strerror(error));
                    return 1;
                }
            }
        }
    }
    for (const Program& program : *programs) {
        const auto wall = bench::figures_of(program.wall);
        std::printf("%s %.3f %.3f %.3f %.3f %zu %d\n", program.name.c_str(), wall.median, wall.lowest, wall.highest,
                    bench::figures_of(program.cpu).median, program.wall.size(), program.exit);
    }
    return 0;
}
