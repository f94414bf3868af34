// SPDX-License-Identifier: MIT
// Which processes descend from one, again and again while they come and go. Any thread; an object belongs to one.
#pragma once

#include "core/base/result.h"
#include "core/platform/process.h"
#include "core/platform/process_id.h"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

namespace portside::platform {

// A process as a member of families: by its parent, and by the group and session that it was born into (setpgid(2),
// setsid(2)).
struct Relative {
    ProcessStat stat;
    pid_t group = 0;
    pid_t session = 0;
};

[[nodiscard]] std::optional<Relative> parse_relative(std::string_view stat_text);

// Every process, by pid. Those that end meanwhile are left out. An error where `proc_root` cannot be read.
[[nodiscard]] base::Result<std::vector<Relative>> read_relatives(const std::string& proc_root = "/proc");

// "node (4242)" by comm, safe to show; "process 4242" where that is empty.
[[nodiscard]] std::string label_of(const ProcessStat& stat);

// A process and its descendants. A child whose parent has ended has another parent by then (the reaper: pid 1, or a
// subreaper), so parents alone do not tell. Beside them count: a group or session that a member leads or led (such a
// number is not given to another process while anybody is in it), for a process that was not there, outside of the
// tree, when the tree was first read. Reads nothing itself.
class ProcessTree {
  public:
    explicit ProcessTree(const ProcessId& root) : root_(root) {}

    // Those in `all` (by pid) that belong to the tree and were not given before, a parent before its children. The
    // first call gives the root first; without the root in `all` it gives nobody, and nor does a later call.
    [[nodiscard]] std::vector<Relative> take_new(const std::vector<Relative>& all);
    [[nodiscard]] bool has(const ProcessId& id) const;

  private:
    [[nodiscard]] bool is_member(pid_t pid, const std::vector<Relative>& all) const;
    [[nodiscard]] bool descends(const Relative& process, const std::vector<Relative>& all) const;

    ProcessId root_;
    std::map<pid_t, std::uint64_t> taken_; // start times; of one number the newest
    std::set<ProcessId> strangers_;        // were there at first, outside of the tree
};

} // namespace portside::platform
