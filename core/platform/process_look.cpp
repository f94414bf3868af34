// SPDX-License-Identifier: MIT
// One look at one process. A process that is known already must be the same one after everything was read; of any other
// the next listing tells. One Looker belongs to one thread.
#include "core/platform/process_look.h"

#include "core/base/parse.h"
#include "core/platform/process.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <fcntl.h>
#include <linux/kcmp.h>
#include <span>
#include <sys/stat.h>
#include <sys/syscall.h>

namespace portside::platform {

namespace {

using base::UniqueFd;

// procfs counts the threads of a process in this link count, above the two of any directory.
constexpr nlink_t kSingleThread = 3;

struct PathText {
    std::array<char, 64> text{};
    char* end = text.data();

    PathText& operator<<(const char* word) {
        const std::size_t length = std::strlen(word);
        std::memcpy(end, word, length + 1);
        end += length;
        return *this;
    }
    PathText& operator<<(int number) {
        end = std::to_chars(end, text.data() + text.size() - 1, number).ptr;
        *end = '\0';
        return *this;
    }
};

PathText path_of(const Holding& holding) {
    PathText path;
    path << holding.pid;
    if (holding.thread != 0) {
        path << "/task/" << holding.thread;
    }
    path << "/fd/" << holding.fd;
    return path;
}

PathText folder_of(pid_t pid) {
    PathText path;
    path << pid;
    return path;
}

PathText path_in(pid_t pid, const char* name) {
    PathText path = folder_of(pid);
    path << "/" << name;
    return path;
}

nlink_t link_count_of_task(const ProcRoot& root, pid_t pid) {
    struct stat status {};
    return ::fstatat(root.fd.get(), path_in(pid, "task").text.data(), &status, 0) == 0 ? status.st_nlink : 0;
}

bool is_still(const ProcRoot& root, pid_t pid, std::uint64_t folder) {
    struct stat status {};
    return ::fstatat(root.fd.get(), folder_of(pid).text.data(), &status, 0) == 0 && status.st_ino == folder;
}

// What a process that shows no descriptors is. A kernel thread has none. A zombie has none left itself, but threads of
// it may live on.
enum class Nature : std::uint8_t { ordinary, kernel_thread, zombie, ended };

Nature nature_of(const ProcRoot& root, pid_t pid) {
    const UniqueFd folder(::openat(root.fd.get(), folder_of(pid).text.data(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    const auto stat = folder ? read_stat_in(folder.get(), pid) : base::failed(base::error_from_errno(errno, {}));
    if (!stat) {
        return stat.error().kind == base::ErrorKind::not_found ? Nature::ended : Nature::ordinary;
    }
    if (is_kernel_thread(*stat)) {
        return Nature::kernel_thread;
    }
    return stat->state == 'Z' ? Nature::zombie : Nature::ordinary;
}

// FNV-1a over whole words, in order.
std::uint64_t digest_of(std::span<const Holding> holdings) {
    std::uint64_t digest = 0xCBF29CE484222325U;
    const auto add = [&](std::uint64_t word) { digest = (digest ^ word) * 0x100000001B3U; };
    for (const Holding& holding : holdings) {
        add(holding.inode);
        add((static_cast<std::uint64_t>(holding.thread) << 32) | static_cast<std::uint32_t>(holding.fd));
    }
    return digest | 1U;
}

} // namespace

std::string link_path(const Holding& holding) {
    return path_of(holding).text.data();
}

bool still_holds(const ProcRoot& root, const Holding& holding) {
    return socket_behind(root.fd.get(), path_of(holding).text.data()) == holding.inode;
}

Access Looker::read_table(int at, const char* path, const Look& look, pid_t thread, std::vector<Holding>& holdings) {
    found_.clear();
    ++tables_read_;
    const bool whole = thread == 0 && look.range.is_whole();
    const Access access =
        descriptors_.read(at, path, thread == 0 ? look.range : DescriptorRange{}, whole ? look.expected : 0, found_);
    for (const SocketDescriptor& socket : found_) {
        holdings.push_back({socket.inode, look.pid, thread, socket.fd});
    }
    return access;
}

// kcmp(2) says whether two threads share one table. Where it cannot be asked, only reading tells.
bool Looker::is_read_already(const Look& look, pid_t thread) const {
    const auto shares = [&](pid_t other) { return ::syscall(SYS_kcmp, other, thread, KCMP_FILES, 0UL, 0UL) == 0; };
    if (!root_.compares_tables) {
        return !look.every_table;
    }
    return shares(look.pid) || std::any_of(with_own_table_.begin(), with_own_table_.end(), shares);
}

Access Looker::read_threads(Look& look, std::vector<Holding>& holdings) {
    const nlink_t links = link_count_of_task(root_, look.pid);
    look.threads = links > kSingleThread ? static_cast<std::uint32_t>(links - kSingleThread) : 0;
    if (root_.own_numbers && links == kSingleThread) {
        return Access::read;
    }
    const UniqueFd tasks(
        ::openat(root_.fd.get(), path_in(look.pid, "task").text.data(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!tasks) {
        return access_of(errno);
    }
    with_own_table_.clear();
    Access worst = Access::read;
    const std::uint64_t links_before = links_read();
    const int error = threads_.read(tasks.get(), [&](const char* name) {
        const auto thread = *name >= '1' && *name <= '9' ? base::parse_number<pid_t>(name) : std::nullopt;
        if (!thread || *thread == look.pid || is_read_already(look, *thread)) {
            return true;
        }
        with_own_table_.push_back(*thread);
        PathText table;
        table << *thread << "/fd";
        const std::size_t before = holdings.size();
        const Access access = read_table(tasks.get(), table.text.data(), look, *thread, holdings);
        look.has_own_tables = look.has_own_tables || holdings.size() != before;
        worst = access == Access::gone ? worst : std::max(worst, access);
        return true;
    });
    look.thread_links = static_cast<std::uint32_t>(links_read() - links_before);
    return error != 0 ? access_of(error) : worst;
}

void Looker::read_all(Look& look, std::vector<Holding>& holdings) {
    look.access = look.is_empty ? Access::read
                                : read_table(root_.fd.get(), path_in(look.pid, "fd").text.data(), look, 0, holdings);
    // One that is known to have descriptors is neither a kernel thread nor a zombie.
    const bool may_be_denied_nothing = look.access == Access::denied && look.expected == 0;
    if (may_be_denied_nothing || (look.is_empty && look.ask_nature)) {
        const Nature nature = nature_of(root_, look.pid);
        look.is_kernel_thread = nature == Nature::kernel_thread;
        if (nature != Nature::ordinary) { // it was denied nothing
            look.access = nature == Nature::ended ? Access::gone : Access::read;
        }
    }
    if (look.range.first == 0 && !look.is_kernel_thread && look.access == Access::read) {
        const Access threads = read_threads(look, holdings);
        look.access = threads == Access::gone ? look.access : threads;
    }
}

void Looker::look(Look& look, std::vector<Holding>& holdings) {
    const std::size_t before = holdings.size();
    if (look.is_closed) {
        look.access = Access::denied;
        look.digest = digest_of({});
        return;
    }
    read_all(look, holdings);
    if (look.folder != 0 && !is_still(root_, look.pid, look.folder)) {
        holdings.resize(before);
        look.access = Access::gone;
    }
    look.digest = digest_of(std::span(holdings).subspan(before));
}

} // namespace portside::platform
