// SPDX-License-Identifier: MIT
// All processes, and the cheap evidence that one of them is to be looked at again: it is new, or the number of its
// descriptors changed. One object belongs to one thread.
#pragma once

#include "core/base/unique_fd.h"
#include "core/platform/directory.h"
#include "core/platform/proc_root.h"
#include "core/platform/two_workers.h"

#include <cstdint>
#include <span>
#include <sys/types.h>
#include <vector>

namespace portside::platform {

// One process, from when it is first listed until it is listed no more.
struct KnownProcess {
    pid_t pid = 0;
    // The inode number of /proc/PID, which getdents64(2) tells with the name: while it is the same, so is the process
    // (the kernel drops the inode when the process is reaped). A start time ticks too slowly to say that.
    std::uint64_t folder = 0;
    std::uint64_t start_time = 0; // 0: not read yet

    std::uint64_t count = 0; // of its descriptors, by the newest sweep; 0 also where the kernel does not say
    uid_t table_uid = 0;     // who owns its table's folder: changes with what we may see
    // /proc/PID/fd, of one that lives on and on: counting through it spares the kernel half of the work, and it can
    // mean no other process. Mostly none.
    base::UniqueFd table;

    // Of the last whole look.
    std::uint64_t looked_at = 0; // number of the update in which it began; 0: none yet
    std::uint64_t looked_count = 0;
    uid_t looked_table_uid = 0;
    std::uint64_t every_table_at = 0; // update of the last look that read every thread's table
    std::uint64_t looked_digest = 0;  // of what was found; 0: unknown

    // Of a look that is done in parts.
    int next_part = 0;             // 0: none under way
    std::uint64_t began_at = 0;    // number of the update
    std::uint64_t began_count = 0; // of descriptors
    uid_t began_table_uid = 0;
    std::uint64_t former_digest = 0; // the looked_digest from before
    std::uint64_t parts_digest = 0;  // of the parts that were read; 0: not all of them could be

    std::uint64_t changed_at = 0; // number of the update since which it is to be looked at again; 0: it is not
    bool is_kernel_thread = false;
    bool is_denied = false;         // its tables cannot be read, and may hold something
    bool is_unread = false;         // the last look failed otherwise
    bool has_own_tables = false;    // of threads; no count tells when they change
    bool same_count = false;        // at the last look as at the one before
    std::uint32_t threads = 0;      // beside the main one, at the last look
    std::uint32_t thread_links = 0; // descriptors that were read in their own tables then
    bool held_before = false;       // a socket that is gone, or that is no longer where it was
};

class ProcessTable {
  public:
    // `root` outlives this.
    explicit ProcessTable(const ProcRoot& root) : root_(root) {}

    // Lists all processes and counts their descriptors. Update numbers grow by one. `are_the_same`: nobody began and
    // nobody ended since the last refresh began, as far as is known; then the list is mostly left as it is. False where
    // they cannot be listed; then everything stays as it was.
    [[nodiscard]] bool refresh(std::uint64_t update, TwoWorkers& workers, bool are_the_same = false);

    [[nodiscard]] std::span<KnownProcess> processes() { return processes_; } // by pid
    [[nodiscard]] std::span<const KnownProcess> processes() const { return processes_; }
    [[nodiscard]] KnownProcess* find(pid_t pid);
    [[nodiscard]] const KnownProcess* find(pid_t pid) const;
    [[nodiscard]] std::span<const pid_t> ended() const { return ended_; } // at the last refresh; sorted
    [[nodiscard]] bool changed() const { return changed_; }               // at the last refresh somebody came or ended
    [[nodiscard]] std::uint64_t counts_read() const { return counts_read_; }

  private:
    struct Listed {
        pid_t pid = 0;
        std::uint64_t folder = 0;
    };

    [[nodiscard]] bool list();
    [[nodiscard]] std::uint64_t start_time_of(pid_t pid) const;
    void merge(std::uint64_t update);
    [[nodiscard]] bool list_and_merge(std::uint64_t update);
    [[nodiscard]] bool count(std::uint64_t update, TwoWorkers& workers);
    [[nodiscard]] bool count_one(KnownProcess& process, std::uint64_t update) const;
    void note_kept();
    void keep_more(std::uint64_t update);

    const ProcRoot& root_;
    DirectoryReader names_;
    std::vector<Listed> listed_;
    std::vector<KnownProcess> processes_;
    std::vector<KnownProcess> merged_; // what becomes processes_; kept for its memory
    std::vector<pid_t> ended_;
    bool changed_ = false;
    bool is_true_ = false; // nobody in the list is known to have ended since
    std::uint64_t counts_read_ = 0;
    std::size_t kept_ = 0;         // tables
    std::size_t most_kept_ = 0;    // that there may be
    std::size_t counted_kept_ = 0; // at the last count
};

} // namespace portside::platform
