// SPDX-License-Identifier: MIT
// Reads processes' facts through buffers of its own, so that looking whether anything changed allocates nothing.
// One object belongs to one thread.
#pragma once

#include "core/platform/proc_root.h"
#include "core/platform/process.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace portside::platform {

// What was read of one process.
struct ProcessReading {
    pid_t pid = 0;
    std::uint64_t folder = 0;      // the inode number of /proc/PID
    std::uint64_t fingerprint = 0; // see ProcessReader::fingerprint(); 0: nothing was read
    ProcessFacts facts{};
};

class ProcessReader {
  public:
    // `root` outlives this. `brief`: without pidfd ids and working directories, for who only names processes.
    explicit ProcessReader(const ProcRoot& root, bool brief = false) : root_(root), brief_(brief) {}

    // ErrorKind::not_found when there is no such process (any more), or where its folder /proc/PID has another inode
    // number than this: then it is another process. 0: whichever has the pid. In a tree that is no procfs these numbers
    // say nothing and are not compared.
    [[nodiscard]] base::Result<ProcessFacts> read(pid_t pid, std::uint64_t folder = 0);
    // Likewise, with its fingerprint.
    [[nodiscard]] ProcessReading read_listed(pid_t pid, std::uint64_t folder);

    // A number that is another one when anything changed in what read() gives, but for the scheduler's state and flags.
    // 0: there is no such process, or it could not be read.
    [[nodiscard]] std::uint64_t fingerprint(pid_t pid);
    // Of what the last read() gave; spares reading it again.
    [[nodiscard]] std::uint64_t fingerprint_of_last() const;

  private:
    [[nodiscard]] base::Result<void> read_raw(pid_t pid, std::uint64_t wanted_folder, bool with_pidfd_id);
    [[nodiscard]] std::uint64_t read_pidfd_id(int folder, pid_t pid) const;
    [[nodiscard]] std::optional<std::string_view> read_command_line(int folder);
    [[nodiscard]] std::optional<std::string_view> read_cgroup(int folder);

    static constexpr std::size_t kLongestLink = 4096;    // PATH_MAX: what procfs writes at most
    static constexpr std::size_t kLongestCgroups = 8192; // a dozen hierarchies of old, and ordinary paths

    const ProcRoot& root_;
    bool brief_;
    // Of the process that was read last; the views lead into the buffers.
    ProcessStat stat_;
    std::optional<uid_t> uid_;
    std::uint64_t pidfd_id_ = 0; // only where it was asked for
    std::optional<std::string_view> executable_;
    std::optional<std::string_view> cwd_;
    std::optional<std::string_view> command_line_;
    std::optional<std::string_view> cgroup_;
    std::array<char, kLongestLink> executable_text_;
    std::array<char, kLongestLink> cwd_text_;
    std::array<char, kLongestCgroups> cgroup_text_;
    std::vector<char> command_line_text_;
};

} // namespace portside::platform
