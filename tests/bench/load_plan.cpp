// SPDX-License-Identifier: MIT
// How big a load is. One thread.
#include "tests/bench/load_plan.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <sys/resource.h>

namespace portside::bench {
namespace {

constexpr std::uint32_t kSpare = 64; // what a process opens beside its share: standard streams, pipe, one more listener

const std::array<Load, 5> kLoads{{
    {.name = "small", .sockets = 50, .processes = 200, .others = 20},
    {.name = "medium", .sockets = 1000, .processes = 1000, .others = 50},
    {.name = "large", .sockets = 10000, .processes = 4000, .others = 100},
    {.name = "big-fd", .sockets = 50, .processes = 200, .others = 20, .big_processes = 5, .big_descriptors = 19900},
    {.name = "established",
     .sockets = 50,
     .processes = 200,
     .others = 20,
     .connection_processes = 20,
     .connections = 20000},
}};

std::uint32_t part(std::uint32_t whole, std::uint32_t index, std::uint32_t parts) {
    return static_cast<std::uint32_t>(std::uint64_t{whole} * index / parts);
}

std::uint64_t largest_process(const Load& load) {
    const std::uint32_t one = load.others + load.sockets / load.processes + 1;
    const std::uint32_t connected =
        load.connection_processes > 0 ? 2 * (load.connections / load.connection_processes + 1) : 0U;
    return std::max({one + kSpare, connected + kSpare, load.big_processes > 0 ? load.big_descriptors : 0U});
}

} // namespace

std::optional<Load> load_named(std::string_view name) {
    const auto found = std::find_if(kLoads.begin(), kLoads.end(), [&](const Load& load) { return load.name == name; });
    return found == kLoads.end() ? std::nullopt : std::optional(*found);
}

Share share_of(const Load& load, std::uint32_t index, bool ipv6) {
    Share share{.index = index, .ipv6 = ipv6};
    if (index >= load.processes + load.big_processes) {
        const std::uint32_t connected = index - load.processes - load.big_processes;
        share.connections = part(load.connections, connected + 1, load.connection_processes) -
                            part(load.connections, connected, load.connection_processes);
        return share;
    }
    if (index >= load.processes) {
        share.others = load.big_descriptors;
        return share;
    }
    share.first_socket = part(load.sockets, index, load.processes);
    share.last_socket = part(load.sockets, index + 1, load.processes);
    share.others = load.others;
    return share;
}

std::optional<std::string> fit_to_limits(Load& load) {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) {
        return std::string("the limit of open descriptors could not be read: ") + std::strerror(errno);
    }
    limit.rlim_cur = limit.rlim_max;
    if (::setrlimit(RLIMIT_NOFILE, &limit) != 0) {
        return std::string("the limit of open descriptors could not be raised to its hard limit: ") +
               std::strerror(errno);
    }
    if (load.big_processes > 0 && limit.rlim_max < load.big_descriptors + kSpare && limit.rlim_max > 2 * kSpare) {
        load.big_descriptors = static_cast<std::uint32_t>(limit.rlim_max) - kSpare;
        std::fprintf(stderr, "bench_load: the hard limit allows %u descriptors in each of the big processes\n",
                     load.big_descriptors);
    }
    if (limit.rlim_max < largest_process(load)) {
        return "the hard limit of open descriptors (ulimit -Hn) is too low. " + needs_of(load);
    }
    return std::nullopt;
}

std::string needs_of(const Load& load) {
    const std::uint64_t all = std::uint64_t{load.processes} * load.others + load.sockets + 2ULL * load.connections +
                              std::uint64_t{load.big_processes} * load.big_descriptors;
    return "The load " + load.name + " needs " + std::to_string(process_count(load)) + " processes (ulimit -u, and " +
           "the cgroup's pids.max), up to " + std::to_string(largest_process(load)) +
           " descriptors in one process (ulimit -n) and " + std::to_string(all) +
           " open files in all (/proc/sys/fs/file-max).";
}

} // namespace portside::bench
