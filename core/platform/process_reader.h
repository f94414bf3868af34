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

class ProcessReader {
  public:
    // `root` outlives this.
    explicit ProcessReader(const ProcRoot& root) : root_(root) {}

    // ErrorKind::not_found when there is no such process (any more).
    [[nodiscard]] base::Result<ProcessFacts> read(pid_t pid) { return read(pid, nullptr, 0); }
    // `stat`, where there is one, was read just now of the process whose folder /proc/PID has this inode number: while
    // the number is the same it is not read again.
    [[nodiscard]] base::Result<ProcessFacts> read(pid_t pid, const ProcessStat* stat, std::uint64_t folder);

    // A number that is another one when anything changed in what read() gives, but for the scheduler's state and flags.
    // 0: there is no such process, or it could not be read.
    [[nodiscard]] std::uint64_t fingerprint(pid_t pid);
    // Of what the last read() gave; spares reading it again.
    [[nodiscard]] std::uint64_t fingerprint_of_last() const;

  private:
    [[nodiscard]] base::Result<void> read_raw(pid_t pid, bool with_pidfd, const ProcessStat* known,
                                              std::uint64_t known_folder);
    [[nodiscard]] std::uint64_t read_pidfd_id(int folder, pid_t pid) const;
    [[nodiscard]] std::optional<std::string_view> read_command_line(int folder);
    [[nodiscard]] std::optional<std::string_view> read_cgroup(int folder);

    static constexpr std::size_t kLongestLink = 4096;    // PATH_MAX: what procfs writes at most
    static constexpr std::size_t kLongestCgroups = 8192; // a dozen hierarchies of old, and ordinary paths

    const ProcRoot& root_;
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
