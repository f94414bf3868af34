// SPDX-License-Identifier: MIT
// One look at one process: which sockets its descriptor tables hold, its threads' own tables included.
// One Looker belongs to one thread.
#pragma once

#include "core/platform/access.h"
#include "core/platform/descriptor_table.h"
#include "core/platform/proc_root.h"

#include <compare>
#include <cstdint>
#include <string>
#include <sys/types.h>
#include <vector>

namespace portside::platform {

inline constexpr std::uint64_t kPart = 256; // descriptor numbers of a long table that are read in one go

// A descriptor that was seen to lead to a socket.
struct Holding {
    std::uint64_t inode = 0;
    pid_t pid = 0;
    pid_t thread = 0; // whose own table it is in; 0: the process's
    int fd = -1;
    auto operator<=>(const Holding&) const = default;
};

// Where the link of a holding is, below the root: "12/fd/3" or "12/task/13/fd/3".
[[nodiscard]] std::string link_path(const Holding& holding);
// Whether it still leads to its socket.
[[nodiscard]] bool still_holds(const ProcRoot& root, const Holding& holding);

struct Look {
    // What to look at.
    pid_t pid = 0;
    DescriptorRange range{};    // of the process's table; threads' own tables are read where it begins at 0
    std::uint64_t expected = 0; // descriptors in the process's table; 0: unknown
    bool is_empty = false;      // the process's table is known to have no descriptor
    bool is_closed = false;     // it is denied to us: nothing is to be tried
    bool ask_nature = false;    // tell whether one without descriptors is a kernel thread
    std::uint64_t folder = 0;   // the inode number of /proc/PID, where the process must be this one; 0: it need not
    bool every_table = false;   // read all threads' tables where kcmp(2) cannot tell which are the process's

    // What was found.
    Access access = Access::read; // gone: also where the number is another process's now; denied: only where there is
                                  // something to hide (no kernel thread, no zombie)
    bool is_kernel_thread = false;
    std::uint32_t threads = 0;      // beside the main one
    bool has_own_tables = false;    // some thread holds sockets in a table of its own
    std::uint32_t thread_links = 0; // descriptors that were read in threads' own tables
    std::uint64_t digest = 0;       // of the holdings that were appended, in their order; never 0 after a look
};

class Looker {
  public:
    // `root` outlives this.
    explicit Looker(const ProcRoot& root) : root_(root), descriptors_(root) {}

    // Fills in what was found, and appends the holdings. A process that ended meanwhile is Access::gone.
    void look(Look& look, std::vector<Holding>& holdings);

    [[nodiscard]] std::uint64_t links_read() const { return descriptors_.links_read(); }
    [[nodiscard]] std::uint64_t tables_read() const { return tables_read_; }

  private:
    [[nodiscard]] Access read_table(int at, const char* path, const Look& look, pid_t thread,
                                    std::vector<Holding>& holdings);
    [[nodiscard]] Access read_threads(Look& look, std::vector<Holding>& holdings);
    void read_all(Look& look, std::vector<Holding>& holdings);
    [[nodiscard]] bool is_read_already(const Look& look, pid_t thread) const;

    const ProcRoot& root_;
    DescriptorReader descriptors_;
    DirectoryReader threads_;
    std::vector<SocketDescriptor> found_;
    std::vector<pid_t> with_own_table_; // of the process that is looked at: one thread for each table
    std::uint64_t tables_read_ = 0;
};

} // namespace portside::platform
