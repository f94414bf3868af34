// SPDX-License-Identifier: MIT
// What /proc tells of one process, as raw bytes (not yet safe to show). Any thread.
#pragma once

#include "core/base/result.h"
#include "core/platform/process_id.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace portside::platform {

// From /proc/PID/stat, parsed from the last ')': `comm` may itself hold parentheses, spaces and newlines.
struct ProcessStat {
    ProcessId id;
    std::string comm; // at most 15 bytes, of the main thread
    char state = '?'; // 'Z' is a zombie
    pid_t parent = 0;
    std::uint64_t flags = 0; // PF_* of the kernel; PF_KTHREAD is 0x00200000
    bool operator==(const ProcessStat&) const = default;
};

struct ProcessFacts {
    ProcessStat stat;
    // Effective uid, from status: the files of a process that is not dumpable are root's, whoever it runs as.
    std::optional<uid_t> uid;
    std::optional<std::string> executable;                // /proc/PID/exe, " (deleted)" stripped; nothing where denied
    std::optional<std::vector<std::string>> command_line; // empty for kernel threads and zombies; nothing where denied
    std::optional<std::string> cwd;                       // nothing where denied
    std::optional<std::string> cgroup;                    // see parse_process_cgroup()
    std::optional<std::string> project;                   // see ProjectFinder; written by ProcessCache
    std::uint64_t pidfd_id = 0;                           // see platform::pidfd_id; 0 where it is not known
    std::uint64_t version = 0; // another one where something that can be seen changed; 0: nobody counts
    bool operator==(const ProcessFacts&) const = default;
};

[[nodiscard]] bool is_kernel_thread(const ProcessStat& stat);

[[nodiscard]] std::optional<ProcessStat> parse_stat(std::string_view text);
// The effective uid of /proc/PID/status's "Uid:" line.
[[nodiscard]] std::optional<uid_t> parse_status_uid(std::string_view text);
// Arguments end with NUL each; a process that rewrote its title (setproctitle) leaves one text with trailing NULs.
[[nodiscard]] std::vector<std::string> parse_command_line(std::string_view text);

// ErrorKind::not_found when there is no such process (any more).
[[nodiscard]] base::Result<ProcessStat> read_stat(pid_t pid, const std::string& proc_root = "/proc");
// As read_stat, from the open folder /proc/PID: what is read through one descriptor of it is of one process.
[[nodiscard]] base::Result<ProcessStat> read_stat_in(int process_folder, pid_t pid);
[[nodiscard]] base::Result<ProcessFacts> read_process(pid_t pid, const std::string& proc_root = "/proc");

// The name a person would call it by: the executable's base name; for an interpreter (node, python, ruby, perl, java,
// bash ...) the script, module or jar that it runs; a title that the process gave itself; `comm` as the last resort.
// Pure.
[[nodiscard]] std::string process_name(const ProcessFacts& facts);

} // namespace portside::platform
