// SPDX-License-Identifier: MIT
// The cgroups of sockets whose owners are not known: which directories of the cgroup2 hierarchy they are, and who is in
// them. Anybody may read both. An update in which nothing changed reads a few member lists again and allocates nothing.
// One object belongs to one thread.
#pragma once

#include "core/base/unique_fd.h"
#include "core/platform/cgroup_path.h"
#include "core/platform/directory.h"
#include "core/platform/owner_index.h"
#include "core/platform/process_id.h"

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace portside::platform {

struct ControlGroup {
    std::uint64_t id = 0; // the inode number of its directory; the kernel uses none twice
    std::string path;     // as /proc/PID/cgroup names it
    // Its processes, by pid, where Keeper::is_one_thing, and no more than a few: one of very many is no hint.
    std::vector<ProcessId> members;
    bool operator==(const ControlGroup&) const = default;
};

class ControlGroups {
  public:
    // `index` outlives this.
    ControlGroups(const OwnerIndex& index, std::string proc_root) : index_(index), proc_root_(std::move(proc_root)) {}

    // Brings these cgroups (sorted ids, unique) up to date; the index has been updated. True when groups() changed.
    [[nodiscard]] bool update(std::span<const std::uint64_t> wanted);
    // By id, without those that are not there: removed, or outside of what is mounted.
    [[nodiscard]] const std::vector<ControlGroup>& groups() const { return groups_; }
    // Some are wanted, and no cgroup2 hierarchy is mounted.
    [[nodiscard]] bool hierarchy_is_missing() const { return !wanted_.empty() && looked_ && mount_.point.empty(); }

    [[nodiscard]] std::uint64_t directories_read() const { return directories_read_; } // so far; for tests

  private:
    struct Member {
        pid_t pid = 0;
        std::uint64_t folder = 0; // as the index knows it: the same process while it is the same
        std::uint64_t start_time = 0;
    };
    struct Kept {
        std::uint64_t id = 0;
        std::string place; // below the mount point, "." for itself; empty: it is not there
        std::string path;
        bool is_one_thing = false;
        std::uint64_t read_at = 0; // number of the update that read its members last; 0: none did
        std::vector<Member> members;
    };
    struct Directory {
        std::uint64_t id = 0;
        std::string place;
    };

    void take_wanted(std::span<const std::uint64_t> wanted);
    void find_unknown();
    void find_mount();
    void walk();
    void read_directory(const Directory& directory, std::vector<Directory>& below);
    [[nodiscard]] Kept* find(std::uint64_t id);
    void settle(Kept& kept, std::string place);
    void read_members();
    void read_members_of(Kept& kept, int mount);
    [[nodiscard]] bool read_pids(const Kept& kept, int mount);
    void publish();

    const OwnerIndex& index_;
    std::string proc_root_;
    CgroupMount mount_; // of the last walk; without a point: there is none
    std::vector<std::uint64_t> wanted_;
    std::vector<std::uint64_t> unknown_; // wanted ones that no walk has looked for; sorted
    std::vector<Kept> kept_;             // the others that are wanted; by id
    std::vector<ControlGroup> groups_;
    std::uint64_t update_ = 0;       // number of this update
    std::uint64_t next_walk_at_ = 0; // number of the update before which none begins
    std::uint64_t pause_ = 0;        // updates between the last walk and the next
    std::uint64_t directories_read_ = 0;
    std::size_t turn_ = 0; // whose members are read next, in kept_
    bool looked_ = false;
    bool changed_ = false;

    // Kept for their memory.
    std::unique_ptr<DirectoryReader> names_;
    std::vector<char> text_;
    std::vector<pid_t> pids_;
};

} // namespace portside::platform
