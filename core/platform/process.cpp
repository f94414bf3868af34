// SPDX-License-Identifier: MIT
// One process's facts from /proc. Any thread.
#include "core/platform/process.h"

#include "core/base/parse.h"
#include "core/base/unique_fd.h"
#include "core/platform/proc_root.h"
#include "core/platform/process_reader.h"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>

namespace portside::platform {

namespace {

constexpr std::uint64_t kKernelThreadFlag = 0x00200000; // PF_KTHREAD of linux/sched.h
constexpr std::size_t kLongestStat = 4096;              // 52 numbers and a name of at most 64 bytes

base::Result<base::UniqueFd> open_process(pid_t pid, const std::string& proc_root) {
    const std::string path = fmt::format("{}/{}", proc_root, pid);
    base::UniqueFd folder(::open(path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (!folder) {
        return base::failed(base::error_from_errno(errno, fmt::format("Could not look at process {}", pid)));
    }
    return folder;
}

} // namespace

bool is_kernel_thread(const ProcessStat& stat) {
    return (stat.flags & kKernelThreadFlag) != 0;
}

std::optional<ProcessStat> parse_stat(std::string_view text) {
    const auto open = text.find('(');
    const auto close = text.rfind(')');
    if (open == std::string_view::npos || close == std::string_view::npos || close < open || open == 0) {
        return std::nullopt;
    }
    // After the ')': state (field 3), parent (4), ... flags (9), ... start time (22).
    constexpr std::size_t kFields = 20;
    std::array<std::string_view, kFields> fields;
    std::string_view rest = text.substr(close + 1);
    for (auto& field : fields) {
        if (!rest.starts_with(' ')) {
            return std::nullopt;
        }
        rest.remove_prefix(1);
        const auto length = std::min(rest.find_first_of(" \n"), rest.size());
        field = rest.substr(0, length);
        rest.remove_prefix(length);
    }
    if (rest.empty()) {
        return std::nullopt; // cut: the last number may be too
    }
    const auto pid = base::parse_number<pid_t>(text.substr(0, open - 1));
    const auto parent = base::parse_number<pid_t>(fields[1]);
    const auto flags = base::parse_decimal(fields[6]);
    const auto start_time = base::parse_decimal(fields[19]);
    if (text[open - 1] != ' ' || !pid || fields[0].size() != 1 || !parent || !flags || !start_time) {
        return std::nullopt;
    }
    return ProcessStat{
        {*pid, *start_time}, std::string(text.substr(open + 1, close - open - 1)), fields[0][0], *parent, *flags};
}

std::optional<uid_t> parse_status_uid(std::string_view text) {
    constexpr std::string_view kKey = "Uid:";
    while (!text.empty()) {
        const auto end = text.find('\n');
        if (end == std::string_view::npos) {
            return std::nullopt; // cut
        }
        const auto line = text.substr(0, end);
        text.remove_prefix(end + 1);
        if (line.starts_with(kKey)) {
            // real, effective, saved, file system
            const auto words = base::split_words(line.substr(kKey.size()));
            return words.size() == 4 ? base::parse_number<uid_t>(words[1]) : std::nullopt;
        }
    }
    return std::nullopt;
}

std::vector<std::string> parse_command_line(std::string_view text) {
    const auto first_end = text.find('\0');
    if (text.find_first_not_of('\0') == std::string_view::npos) {
        return {};
    }
    // Only NULs behind the first text: a title over the old arguments. (Or empty arguments: nobody misses those.)
    if (first_end != std::string_view::npos && text.find_first_not_of('\0', first_end) == std::string_view::npos) {
        return {std::string(text.substr(0, first_end))};
    }
    std::vector<std::string> arguments;
    for (const auto part : base::split_at(text, '\0')) {
        arguments.emplace_back(part);
    }
    return arguments;
}

base::Result<ProcessStat> read_stat_in(int process_folder, pid_t pid) {
    const base::UniqueFd file(::openat(process_folder, "stat", O_RDONLY | O_CLOEXEC));
    std::array<char, kLongestStat> text;
    ssize_t length = -1;
    do {
        length = file ? ::read(file.get(), text.data(), text.size()) : -1;
    } while (file && length < 0 && errno == EINTR);
    if (length < 0) {
        return base::failed(base::error_from_errno(errno, fmt::format("Could not read the status of process {}", pid)));
    }
    auto stat = parse_stat({text.data(), static_cast<std::size_t>(length)});
    if (!stat || stat->id.pid != pid) {
        return base::failed(base::ErrorKind::malformed,
                            fmt::format("The status of process {} could not be understood", pid));
    }
    return std::move(*stat);
}

base::Result<ProcessStat> read_stat(pid_t pid, const std::string& proc_root) {
    const auto folder = open_process(pid, proc_root);
    return folder ? read_stat_in(folder->get(), pid) : base::failed(folder.error());
}

base::Result<ProcessFacts> read_process(pid_t pid, const std::string& proc_root) {
    const ProcRoot root(proc_root);
    return ProcessReader(root).read(pid);
}

} // namespace portside::platform
