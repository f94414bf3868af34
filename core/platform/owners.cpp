// SPDX-License-Identifier: MIT
// The walk of /proc/PID/fd. One object belongs to one thread; these functions share nothing.
#include "core/platform/owners.h"

#include "core/base/parse.h"
#include "core/base/unique_fd.h"
#include "core/platform/directory.h"
#include "core/platform/process.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fcntl.h>
#include <linux/kcmp.h>
#include <linux/magic.h>
#include <memory>
#include <optional>
#include <string_view>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

namespace portside::platform {

namespace {

using base::UniqueFd;

enum class Access : std::uint8_t {
    read,   // all of it
    gone,   // the process or thread ended
    denied, // EACCES, EPERM
    failed, // anything else: too many open files, no memory
};

Access access_of(int error) {
    switch (error) {
    case 0:
        return Access::read;
    case ENOENT:
    case ESRCH:
        return Access::gone;
    case EACCES:
    case EPERM:
        return Access::denied;
    default:
        return Access::failed;
    }
}

std::optional<pid_t> pid_of(const char* name) {
    return *name >= '1' && *name <= '9' ? base::parse_number<pid_t>(name) : std::nullopt;
}

UniqueFd open_folder(int at, const char* name) {
    return UniqueFd(::openat(at, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
}

// "socket:[1234]" (proc_pid_fd(5)).
std::optional<std::uint64_t> socket_inode(std::string_view link) {
    constexpr std::string_view kStart = "socket:[";
    if (!link.starts_with(kStart) || !link.ends_with(']')) {
        return std::nullopt;
    }
    return base::parse_decimal(link.substr(kStart.size(), link.size() - kStart.size() - 1));
}

// procfs counts the threads of a process in this link count, above the two of any directory.
constexpr nlink_t kSingleThread = 3;

nlink_t link_count_of_task(int process) {
    struct stat status {};
    return ::fstatat(process, "task", &status, 0) == 0 ? status.st_nlink : 0;
}

// What a process that denies its main table may still hold.
enum class Hidden : std::uint8_t { nothing, in_main_table, in_threads };

// A kernel thread has no descriptors; a zombie has none left itself, but threads of it may live on.
Hidden hidden_in(int process, pid_t pid) {
    const auto stat = read_stat_in(process, pid);
    if (!stat) {
        return stat.error().kind == base::ErrorKind::not_found ? Hidden::nothing : Hidden::in_main_table;
    }
    if (stat->state == 'Z') {
        return link_count_of_task(process) == kSingleThread ? Hidden::nothing : Hidden::in_threads;
    }
    return is_kernel_thread(*stat) ? Hidden::nothing : Hidden::in_main_table;
}

class Walk {
  public:
    Walk(std::span<const std::uint64_t> wanted, const std::string& proc_root);

    [[nodiscard]] OwnerWalk run();
    [[nodiscard]] Holds holds(pid_t pid);

  private:
    enum class Tables : std::uint8_t { main, threads };

    // These add what they find to found_.
    [[nodiscard]] Access read_table(int folder);
    [[nodiscard]] Access read_threads(int process, pid_t pid);

    void each_process(Tables tables);
    void visit(pid_t pid, const char* name, Tables tables);
    void add_owner(int process, pid_t pid);
    void count_denied(int process, pid_t pid, Tables tables);
    [[nodiscard]] bool share_table(pid_t pid, pid_t thread) const;
    [[nodiscard]] bool hides_processes() const;

    std::span<const std::uint64_t> wanted_; // sorted
    UniqueFd root_;
    bool own_numbers_ = false;       // the tree numbers processes as our own system calls do
    std::vector<std::size_t> found_; // what one process holds: indices into wanted_
    std::vector<pid_t> denied_;      // counted already
    OwnerWalk walk_;
    DirectoryReader processes_;
    DirectoryReader threads_;
    DirectoryReader descriptors_;
};

Walk::Walk(std::span<const std::uint64_t> wanted, const std::string& proc_root)
    : wanted_(wanted), root_(open_folder(AT_FDCWD, proc_root.c_str())) {
    std::array<char, 16> self{};
    const auto length = root_ ? ::readlinkat(root_.get(), "self", self.data(), self.size()) : -1;
    own_numbers_ =
        length > 0 && base::parse_number<pid_t>({self.data(), static_cast<std::size_t>(length)}) == ::getpid();
}

Access Walk::read_table(int folder) {
    const UniqueFd table = open_folder(folder, "fd");
    if (!table) {
        return access_of(errno);
    }
    Access access = Access::read;
    const int error = descriptors_.read(table.get(), [&](const char* name) {
        std::array<char, 64> link;
        const auto length = *name == '.' ? 0 : ::readlinkat(table.get(), name, link.data(), link.size());
        if (length < 0 && errno != ENOENT) { // ENOENT: this descriptor was closed meanwhile
            access = access_of(errno);
            return false;
        }
        const auto inode = length > 0 ? socket_inode({link.data(), static_cast<std::size_t>(length)}) : std::nullopt;
        if (inode) {
            const auto at = std::lower_bound(wanted_.begin(), wanted_.end(), *inode);
            if (at != wanted_.end() && *at == *inode) {
                found_.push_back(static_cast<std::size_t>(at - wanted_.begin()));
            }
        }
        return true;
    });
    return error != 0 ? access_of(error) : access;
}

// kcmp(2) says whether two threads share one table. Where it may not be asked, the thread's table is read.
bool Walk::share_table(pid_t pid, pid_t thread) const {
    return own_numbers_ && ::syscall(SYS_kcmp, pid, thread, KCMP_FILES, 0UL, 0UL) == 0;
}

Access Walk::read_threads(int process, pid_t pid) {
    if (own_numbers_ && link_count_of_task(process) == kSingleThread) {
        return Access::read;
    }
    const UniqueFd tasks = open_folder(process, "task");
    if (!tasks) {
        return access_of(errno);
    }
    Access worst = Access::read;
    const int error = threads_.read(tasks.get(), [&](const char* name) {
        const auto thread = pid_of(name);
        if (!thread || *thread == pid || share_table(pid, *thread)) {
            return true;
        }
        const UniqueFd folder(::openat(tasks.get(), name, O_PATH | O_DIRECTORY | O_CLOEXEC));
        const Access access = folder ? read_table(folder.get()) : access_of(errno);
        worst = access == Access::gone ? worst : std::max(worst, access);
        return true;
    });
    return error != 0 ? access_of(error) : worst;
}

// The start time is read through the same folder as the descriptors: they are of one process, or this read fails.
void Walk::add_owner(int process, pid_t pid) {
    const auto stat = read_stat_in(process, pid);
    if (!stat) {
        return; // ended meanwhile: it holds nothing any more
    }
    std::sort(found_.begin(), found_.end());
    found_.erase(std::unique(found_.begin(), found_.end()), found_.end());
    for (const std::size_t index : found_) {
        walk_.owners[wanted_[index]].push_back(stat->id);
    }
}

void Walk::count_denied(int process, pid_t pid, Tables tables) {
    if (tables == Tables::threads || hidden_in(process, pid) == Hidden::in_main_table) {
        denied_.push_back(pid);
        ++walk_.denied;
    }
}

void Walk::visit(pid_t pid, const char* name, Tables tables) {
    const UniqueFd process(::openat(root_.get(), name, O_PATH | O_DIRECTORY | O_CLOEXEC));
    Access access = access_of(errno);
    if (process) {
        found_.clear();
        access = tables == Tables::main ? read_table(process.get()) : read_threads(process.get(), pid);
        if (!found_.empty()) {
            add_owner(process.get(), pid);
        }
    }
    if (access == Access::denied) {
        count_denied(process.get(), pid, tables);
    }
    walk_.complete = walk_.complete && access != Access::failed;
}

void Walk::each_process(Tables tables) {
    if (!root_ || ::lseek(root_.get(), 0, SEEK_SET) != 0) {
        walk_.complete = false;
        return;
    }
    const int error = processes_.read(root_.get(), [&](const char* name) {
        const auto pid = pid_of(name);
        const bool skip = !pid || std::find(denied_.begin(), denied_.end(), *pid) != denied_.end();
        if (!skip) {
            visit(*pid, name, tables);
        }
        return true;
    });
    walk_.complete = walk_.complete && error == 0;
}

// procfs mounted with hidepid= (proc(5)) leaves other users' processes out; process 1 is always among them.
bool Walk::hides_processes() const {
    struct statfs system {};
    struct stat first {};
    return root_ && ::fstatfs(root_.get(), &system) == 0 && system.f_type == PROC_SUPER_MAGIC &&
           ::fstatat(root_.get(), "1", &first, 0) != 0;
}

OwnerWalk Walk::run() {
    each_process(Tables::main);
    if (walk_.denied == 0 && hides_processes()) {
        walk_.denied = 1;
    }
    std::vector<std::uint64_t> unowned;
    std::copy_if(wanted_.begin(), wanted_.end(), std::back_inserter(unowned),
                 [&](std::uint64_t inode) { return !walk_.owners.contains(inode); });
    if (!unowned.empty()) {
        wanted_ = unowned;
        each_process(Tables::threads);
    }
    for (auto& [inode, owners] : walk_.owners) {
        std::sort(owners.begin(), owners.end());
    }
    return std::move(walk_);
}

Holds Walk::holds(pid_t pid) {
    if (!root_) {
        return Holds::not_permitted;
    }
    const UniqueFd process(::openat(root_.get(), std::to_string(pid).c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (!process) {
        return access_of(errno) == Access::gone ? Holds::no : Holds::not_permitted;
    }
    const Access main = read_table(process.get());
    const Access threads = found_.empty() ? read_threads(process.get(), pid) : Access::read;
    if (!found_.empty()) {
        return Holds::yes;
    }
    // What could not be read may hold it, for whatever reason it could not be read.
    const bool main_unread =
        main >= Access::denied && !(main == Access::denied && hidden_in(process.get(), pid) != Hidden::in_main_table);
    return main_unread || threads >= Access::denied ? Holds::not_permitted : Holds::no;
}

} // namespace

OwnerWalk walk_owners(std::span<const std::uint64_t> inodes, const std::string& proc_root) {
    if (!inodes.empty() && inodes.front() == 0) {
        inodes = inodes.subspan(1); // no descriptor links to a socket without an inode
    }
    return inodes.empty() ? OwnerWalk{} : std::make_unique<Walk>(inodes, proc_root)->run();
}

Holds holds_socket(pid_t pid, std::uint64_t inode, const std::string& proc_root) {
    return std::make_unique<Walk>(std::span(&inode, 1), proc_root)->holds(pid);
}

} // namespace portside::platform
