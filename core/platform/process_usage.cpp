// SPDX-License-Identifier: MIT
// What one process uses. Any thread.
#include "core/platform/process_usage.h"

#include "core/base/file.h"
#include "core/base/parse.h"

#include <algorithm>
#include <array>
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

namespace portside::platform {

namespace {

// To count shares the kernel walks all pages of the process: of a large one it would take too long.
constexpr std::uint64_t kMostCounted = std::uint64_t{2} << 30U;
constexpr std::size_t kSmallFile = 64U * 1024;

// The kernel packs a device's numbers: minor in bits 0 to 7 and 20 to 31, major in bits 8 to 19.
std::string terminal_of(std::uint64_t device) {
    const std::uint64_t major = (device >> 8U) & 0xFFFU;
    const std::uint64_t minor = (device & 0xFFU) | ((device >> 12U) & 0xFFF00U);
    constexpr std::uint64_t kFirstPts = 136; // to 143, 256 each
    if (major >= kFirstPts && major < kFirstPts + 8) {
        return fmt::format("pts/{}", (major - kFirstPts) * 256 + minor);
    }
    constexpr std::uint64_t kConsoles = 4;
    if (major == kConsoles) {
        return minor < 64 ? fmt::format("tty{}", minor) : fmt::format("ttyS{}", minor - 64);
    }
    return {};
}

} // namespace

std::optional<ProcessUsage> parse_usage(std::string_view stat, long ticks, long page) {
    const auto close = stat.rfind(')');
    if (close == std::string_view::npos || ticks <= 0 || page <= 0) {
        return std::nullopt;
    }
    // From the state on, which is field 3.
    const auto fields = base::split_words(stat.substr(close + 1));
    constexpr std::size_t kFirst = 3;
    constexpr std::array<std::size_t, 7> kWanted{6, 7, 14, 15, 20, 22, 24};
    std::array<std::uint64_t, kWanted.size()> numbers{};
    for (std::size_t i = 0; i < kWanted.size(); ++i) {
        const std::size_t index = kWanted.at(i) - kFirst;
        const auto number = index < fields.size() ? base::parse_decimal(fields[index]) : std::nullopt;
        if (!number) {
            return std::nullopt;
        }
        numbers.at(i) = *number;
    }
    ProcessUsage usage;
    usage.session = static_cast<pid_t>(numbers[0]);
    usage.terminal = terminal_of(numbers[1]);
    usage.cpu = std::chrono::milliseconds((numbers[2] + numbers[3]) * 1000 / static_cast<std::uint64_t>(ticks));
    usage.threads = static_cast<std::uint32_t>(numbers[4]);
    usage.start_time = numbers[5];
    usage.resident_bytes = numbers[6] * static_cast<std::uint64_t>(page);
    return usage;
}

std::optional<std::uint64_t> parse_proportional(std::string_view smaps_rollup) {
    for (const auto line : base::split_at(smaps_rollup, '\n')) {
        const auto words = base::split_words(line);
        if (words.size() == 3 && words[0] == "Pss:" && words[2] == "kB") {
            const auto kilobytes = base::parse_decimal(words[1]);
            return kilobytes ? std::optional(*kilobytes * 1024) : std::nullopt;
        }
    }
    return std::nullopt;
}

base::Result<ProcessUsage> read_usage(const ProcRoot& root, const ProcessId& process) {
    const auto gone = [&] {
        return base::failed(base::ErrorKind::not_found, fmt::format("Process {} has ended", process.pid));
    };
    const std::string name = fmt::format("{}", process.pid);
    const base::UniqueFd folder(::openat(root.fd.get(), name.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    const auto stat = folder ? base::read_file(folder.get(), "stat", kSmallFile)
                             : base::failed(base::error_from_errno(errno, "Could not look at process " + name));
    if (!stat) {
        return base::failed(stat.error());
    }
    auto usage = parse_usage(*stat, ::sysconf(_SC_CLK_TCK), ::sysconf(_SC_PAGESIZE));
    if (!usage || usage->start_time != process.start_time) {
        return gone();
    }
    if (usage->resident_bytes <= kMostCounted) {
        if (const auto shares = base::read_file(folder.get(), "smaps_rollup", kSmallFile)) {
            usage->proportional_bytes = parse_proportional(*shares);
        }
    }
    return std::move(*usage);
}

} // namespace portside::platform
