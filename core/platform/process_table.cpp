// SPDX-License-Identifier: MIT
// All processes. A refresh in which nothing changed costs one stat(2) a process and, where the kernel does not tell who
// begins and ends, one listing of /proc; it allocates nothing. One object belongs to one thread.
#include "core/platform/process_table.h"

#include "core/base/parse.h"
#include "core/platform/process.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace portside::platform {

namespace {

constexpr std::size_t kProcessesWorthTwo = 400; // processes from which a second thread pays for its waking
constexpr std::size_t kChunk = 16;              // processes that a thread takes at a time
// A kernel thread may yet become a process (a helper that the kernel starts does, at once). Each is counted again in
// one of so many updates. In as many a descriptor that is kept is passed by: what the kernel says of it names the user
// that it had when somebody last looked at its path.
constexpr std::uint64_t kTurn = 16;
// Of the descriptors that we may have, so many may be kept: there may be two tables, and others need some.
constexpr rlim_t kKeptShare = 3;
constexpr rlim_t kMostKept = 8192; // the kernel's memory is not free either
// However quiet it is, all processes are listed in one of so many updates: an event can get lost without a word where
// memory is short, and /proc mounted with hidepid shows a process when its user changes.
constexpr std::uint64_t kListTurn = 8;

bool is_turn(const KnownProcess& process, std::uint64_t update) {
    return (static_cast<std::uint64_t>(process.pid) + update) % kTurn == 0;
}

std::array<char, 24> path_of_table(pid_t pid) {
    std::array<char, 24> path;
    char* const end = std::to_chars(path.data(), path.data() + path.size() - 4, pid).ptr;
    std::memcpy(end, "/fd", 4);
    return path;
}

const KnownProcess* find_in(std::span<const KnownProcess> processes, pid_t pid) {
    const auto found = std::lower_bound(processes.begin(), processes.end(), pid,
                                        [](const KnownProcess& process, pid_t wanted) { return process.pid < wanted; });
    return found != processes.end() && found->pid == pid ? &*found : nullptr;
}

} // namespace

bool ProcessTable::list() {
    listed_.clear();
    if (!root_.fd || ::lseek(root_.fd.get(), 0, SEEK_SET) != 0) {
        return false;
    }
    const int error = names_.read_entries(root_.fd.get(), [&](const dirent64& entry) {
        const char* const name = entry.d_name;
        const auto pid = *name >= '1' && *name <= '9' ? base::parse_number<pid_t>(name) : std::nullopt;
        if (pid) {
            listed_.push_back({*pid, entry.d_ino});
        }
        return true;
    });
    const auto by_pid = [](const Listed& a, const Listed& b) { return a.pid < b.pid; };
    if (!std::is_sorted(listed_.begin(), listed_.end(), by_pid)) { // procfs does
        std::sort(listed_.begin(), listed_.end(), by_pid);
    }
    return error == 0;
}

std::uint64_t ProcessTable::start_time_of(pid_t pid) const {
    const base::UniqueFd folder(
        ::openat(root_.fd.get(), std::to_string(pid).c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    const auto stat = folder ? read_stat_in(folder.get(), pid) : base::failed(base::ErrorKind::not_found, {});
    return stat ? stat->id.start_time : 0;
}

// In any tree but procfs nothing says that a folder is the same process as before: each is a new one.
void ProcessTable::merge(std::uint64_t update) {
    ended_.clear();
    const auto same = [&](const KnownProcess& known, const Listed& listed) {
        return known.pid == listed.pid && known.folder == listed.folder;
    };
    changed_ =
        !root_.is_procfs || !std::equal(processes_.begin(), processes_.end(), listed_.begin(), listed_.end(), same);
    if (!changed_) {
        return;
    }
    merged_.clear();
    merged_.reserve(listed_.size());
    auto known = processes_.begin();
    for (const Listed& listed : listed_) {
        for (; known != processes_.end() && known->pid < listed.pid; ++known) {
            ended_.push_back(known->pid);
        }
        const bool listed_before = known != processes_.end() && known->pid == listed.pid;
        if (listed_before && root_.is_procfs && known->folder == listed.folder) {
            merged_.push_back(std::move(*known));
        } else if (listed_before && root_.is_procfs && known->start_time != 0 &&
                   known->start_time == start_time_of(listed.pid)) {
            // The kernel, short of memory, forgot the inode of a process that lives on.
            merged_.push_back(std::move(*known));
            merged_.back().table.reset(); // of the inode that was forgotten
            merged_.back().folder = listed.folder;
            merged_.back().changed_at = update;
        } else {
            if (listed_before) {
                ended_.push_back(listed.pid);
            }
            KnownProcess& fresh = merged_.emplace_back();
            fresh.pid = listed.pid;
            fresh.folder = listed.folder;
            fresh.changed_at = update;
        }
        known += listed_before ? 1 : 0;
    }
    for (; known != processes_.end(); ++known) {
        ended_.push_back(known->pid);
    }
    std::swap(processes_, merged_);
    merged_.clear(); // with what was kept of those that ended
    note_kept();
}

void ProcessTable::note_kept() {
    const auto is_kept = [](const KnownProcess& process) { return static_cast<bool>(process.table); };
    rlimit limit{};
    kept_ = static_cast<std::size_t>(std::count_if(processes_.begin(), processes_.end(), is_kept));
    most_kept_ = ::getrlimit(RLIMIT_NOFILE, &limit) == 0
                     ? static_cast<std::size_t>(std::min<rlim_t>(limit.rlim_cur / kKeptShare, kMostKept))
                     : 0;
}

// One that lives as long as its turn is likely to go on living.
void ProcessTable::keep_more(std::uint64_t update) {
    for (KnownProcess& process : processes_) {
        if (kept_ >= most_kept_) {
            return;
        }
        if (is_turn(process, update) && !process.table && process.looked_at != 0 && process.count != 0 &&
            !process.is_denied) {
            process.table.reset(
                ::openat(root_.fd.get(), path_of_table(process.pid).data(), O_PATH | O_DIRECTORY | O_CLOEXEC));
            kept_ += process.table ? 1 : 0;
        }
    }
}

// False: it has ended.
bool ProcessTable::count_one(KnownProcess& process, std::uint64_t update) const {
    const bool by_path = !process.table || process.is_denied || is_turn(process, update);
    struct stat table {};
    const int failed = by_path ? ::fstatat(root_.fd.get(), path_of_table(process.pid).data(), &table, 0)
                               : ::fstat(process.table.get(), &table);
    if (failed != 0) {
        return errno != ENOENT && errno != ESRCH;
    }
    process.count = static_cast<std::uint64_t>(table.st_size);
    process.table_uid = table.st_uid;
    // One that denies itself mostly goes on doing so until it ends or belongs to somebody else; the audit sees the
    // rest.
    const bool ended = process.count == 0 && process.looked_count != 0;
    const bool other = process.is_denied ? ended : process.count != process.looked_count;
    if (process.changed_at == 0 && (other || process.table_uid != process.looked_table_uid)) {
        process.changed_at = update;
    }
    return true;
}

// False: somebody has ended.
bool ProcessTable::count(std::uint64_t update, TwoWorkers& workers) {
    if (!root_.counts_descriptors) {
        return true;
    }
    KnownProcess* const self = root_.own_numbers ? find(::getpid()) : nullptr;
    if (self != nullptr) { // what is kept is no change
        self->looked_count += kept_ - counted_kept_;
    }
    counted_kept_ = kept_;
    std::atomic<bool> all_live = true;
    const std::size_t chunks = (processes_.size() + kChunk - 1) / kChunk;
    workers.run(chunks, update == 1 || processes_.size() >= kProcessesWorthTwo, [&](std::size_t chunk, std::size_t) {
        const std::size_t end = std::min((chunk + 1) * kChunk, processes_.size());
        for (std::size_t at = chunk * kChunk; at < end; ++at) {
            if (!processes_[at].is_kernel_thread || is_turn(processes_[at], update)) {
                if (!count_one(processes_[at], update)) {
                    all_live.store(false, std::memory_order_relaxed);
                }
            }
        }
    });
    counts_read_ += processes_.size();
    return all_live;
}

bool ProcessTable::list_and_merge(std::uint64_t update) {
    if (!list()) {
        return false;
    }
    merge(update);
    return true;
}

// A process that ends is waited for before the kernel tells: its count says it first.
bool ProcessTable::refresh(std::uint64_t update, TwoWorkers& workers, bool are_the_same) {
    const bool list_first = !are_the_same || !is_true_ || !root_.counts_descriptors || update % kListTurn == 0;
    is_true_ = false;
    if (list_first && !list_and_merge(update)) {
        return false;
    }
    if (!list_first) {
        ended_.clear();
        changed_ = false;
    }
    is_true_ = count(update, workers);
    if (!list_first && !is_true_ && !list_and_merge(update)) {
        return false;
    }
    if (root_.counts_descriptors && update > 1) { // one alone has no use for them
        keep_more(update);
    }
    for (KnownProcess& process : processes_) {
        if (process.has_own_tables && process.changed_at == 0) {
            process.changed_at = update;
        }
    }
    return true;
}

KnownProcess* ProcessTable::find(pid_t pid) {
    return const_cast<KnownProcess*>(find_in(processes_, pid));
}

const KnownProcess* ProcessTable::find(pid_t pid) const {
    return find_in(processes_, pid);
}

} // namespace portside::platform
