// SPDX-License-Identifier: MIT
// Which project a process works on: the nearest repository root at or above its working directory, else the nearest
// folder with a project file. One object belongs to one thread.
#pragma once

#include "core/base/unique_fd.h"
#include "core/platform/proc_root.h"

#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <unordered_map>
#include <vector>

namespace portside::platform {

// Where file systems that may keep a caller waiting (NFS, SSHFS, automounts ...) are mounted, by the text of
// /proc/self/mountinfo, and all others: what is below a path is decided by the longest one.
struct MountPoint {
    std::string path;
    bool may_block = false;
    bool operator==(const MountPoint&) const = default;
};
[[nodiscard]] std::vector<MountPoint> parse_mounts(std::string_view mountinfo);
[[nodiscard]] bool may_block(const std::vector<MountPoint>& mounts, std::string_view path);

// The mounts of our own namespace, read again only where the kernel says that they are others.
class MountTable {
  public:
    // Brings it up to date. True where it was read: the first time and after each change.
    bool update();
    [[nodiscard]] const std::vector<MountPoint>& mounts() const { return mounts_; }

  private:
    base::UniqueFd file_; // /proc/self/mountinfo: poll(2) tells of a change, once (POLLERR and POLLPRI, proc(5))
    std::vector<MountPoint> mounts_;
};

class ProjectFinder {
  public:
    // `home` is never a project, nor is anything above it looked at. Empty: there is none.
    explicit ProjectFinder(std::string home) : home_(std::move(home)) {}
    // With the home folder that HOME names.
    [[nodiscard]] static ProjectFinder of_this_user();

    // The project of a process whose working directory is `cwd` (as its link says): nothing where there is none, where
    // the path means another folder to us than to the process, and on file systems that may keep us waiting. Looks at
    // some folders; what was found is remembered until forget().
    [[nodiscard]] std::optional<std::string> find(const ProcRoot& root, pid_t pid, const std::string& cwd);
    // What is on the disk may have changed since. Costs nothing where nothing was found since the last call.
    void forget();

  private:
    // Of a folder that was looked at: its project, and which folder the path led to.
    struct Known {
        std::optional<std::string> project;
        dev_t device = 0;
        ino_t inode = 0;
    };

    [[nodiscard]] Known look_at(const std::string& cwd);
    [[nodiscard]] std::optional<std::string> search(const std::string& cwd) const;

    std::string home_;
    std::unordered_map<std::string, Known> known_; // by working directory
    MountTable mounts_;
};

} // namespace portside::platform
