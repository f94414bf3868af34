// SPDX-License-Identifier: MIT
// One process's facts from /proc. Any thread.
#include "core/platform/process.h"

#include "core/base/file.h"
#include "core/base/parse.h"
#include "core/base/unique_fd.h"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>

namespace portside::platform {

namespace {

constexpr std::uint64_t kKernelThreadFlag = 0x00200000; // PF_KTHREAD of linux/sched.h
constexpr std::size_t kSmallFile = 64U * 1024;
constexpr std::size_t kLongestCommandLine = 8U * 1024 * 1024; // above the kernel's own limit of 6 MiB
constexpr std::string_view kDeleted = " (deleted)";

base::Result<base::UniqueFd> open_process(pid_t pid, const std::string& proc_root) {
    const std::string path = fmt::format("{}/{}", proc_root, pid);
    base::UniqueFd folder(::open(path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (!folder) {
        return base::failed(base::error_from_errno(errno, fmt::format("Could not look at process {}", pid)));
    }
    return folder;
}

// A piece that is denied, or that this process does not have (a kernel thread has no executable), is nothing.
std::optional<std::string> link_or_nothing(const base::UniqueFd& folder, const char* name) {
    auto target = base::read_link(folder.get(), name);
    return target ? std::optional(std::move(*target)) : std::nullopt;
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
    const auto text = base::read_file(process_folder, "stat", kSmallFile);
    if (!text) {
        return base::failed(text.error());
    }
    auto stat = parse_stat(*text);
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

// The folder's descriptor goes on meaning this one process: after its end every read through it fails, whoever gets the
// number next (proc(5)). The second look at the start time is for trees that are no procfs.
base::Result<ProcessFacts> read_process(pid_t pid, const std::string& proc_root) {
    const auto folder = open_process(pid, proc_root);
    if (!folder) {
        return base::failed(folder.error());
    }
    const auto first = read_stat_in(folder->get(), pid);
    if (!first) {
        return base::failed(first.error());
    }
    ProcessFacts facts;
    if (const auto status = base::read_file(folder->get(), "status", kSmallFile)) {
        facts.uid = parse_status_uid(*status);
    }
    facts.executable = link_or_nothing(*folder, "exe");
    if (facts.executable && facts.executable->ends_with(kDeleted)) {
        facts.executable->resize(facts.executable->size() - kDeleted.size());
    }
    facts.cwd = link_or_nothing(*folder, "cwd");
    if (const auto command_line = base::read_file(folder->get(), "cmdline", kLongestCommandLine)) {
        facts.command_line = parse_command_line(*command_line);
    }
    auto last = read_stat_in(folder->get(), pid);
    if (!last) {
        return base::failed(last.error());
    }
    if (last->id != first->id) {
        return base::failed(base::ErrorKind::not_found, fmt::format("Process {} ended while it was looked at", pid));
    }
    facts.stat = std::move(*last);
    return facts;
}

} // namespace portside::platform
