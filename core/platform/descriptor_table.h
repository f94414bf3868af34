// SPDX-License-Identifier: MIT
// Which sockets are in a descriptor table: /proc/PID/fd or /proc/PID/task/TID/fd (proc_pid_fd(5)).
// One object belongs to one thread.
#pragma once

#include "core/platform/access.h"
#include "core/platform/directory.h"
#include "core/platform/proc_root.h"

#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>
#include <vector>

namespace portside::platform {

struct SocketDescriptor {
    std::uint64_t inode = 0;
    int fd = -1;
};

// Descriptor numbers from `first` to before `end`.
struct DescriptorRange {
    int first = 0;
    int end = std::numeric_limits<int>::max();
    [[nodiscard]] bool is_whole() const { return first == 0 && end == std::numeric_limits<int>::max(); }
    [[nodiscard]] bool contains(int fd) const { return fd >= first && fd < end; }
};

// The inode in "socket:[1234]"; nothing for any other link.
[[nodiscard]] std::optional<std::uint64_t> socket_inode(std::string_view link);
// The socket that this link of /proc leads to, or nothing; one readlinkat(2).
[[nodiscard]] std::optional<std::uint64_t> socket_behind(int folder, const char* path);

class DescriptorReader {
  public:
    // `root` outlives this.
    explicit DescriptorReader(const ProcRoot& root) : root_(root) {}

    // Appends the sockets in the table at `path` below the open folder `at`. `expected`: how many descriptors the whole
    // table has, where that is known, else 0; it spares asking for more. Descriptors that are closed meanwhile are
    // skipped.
    [[nodiscard]] Access read(int at, const char* path, DescriptorRange range, std::uint64_t expected,
                              std::vector<SocketDescriptor>& sockets);
    [[nodiscard]] std::uint64_t links_read() const { return links_read_; }

  private:
    enum class Link : std::uint8_t { read, missing, stopped };
    [[nodiscard]] Link read_link(int table, const char* name, int fd, std::vector<SocketDescriptor>& sockets);
    [[nodiscard]] Access read_listed(int table, DescriptorRange range, std::vector<SocketDescriptor>& sockets);

    const ProcRoot& root_;
    DirectoryReader names_;
    std::uint64_t links_read_ = 0;
    int error_ = 0; // of the link that stopped the reading
};

} // namespace portside::platform
