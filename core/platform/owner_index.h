// SPDX-License-Identifier: MIT
// Which processes hold which sockets, kept true from one update to the next. The kernel does not say who holds a
// socket: all descriptors have to be read once, and from then on only those of processes that cheap evidence names.
// One object belongs to one thread.
//
// There is one way in: a set of processes is looked at again. What puts a process into that set is interchangeable: it
// is new, the number of its descriptors changed, a known descriptor leads elsewhere, it is its turn, or a socket
// without an owner is searched for. Evidence that is lost costs time, never truth.
#pragma once

#include "core/platform/holdings.h"
#include "core/platform/kernel_events.h"
#include "core/platform/owners.h"
#include "core/platform/process_reader.h"
#include "core/platform/process_table.h"

#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace portside::platform {

struct WantedSocket {
    std::uint64_t inode = 0;
    uid_t uid = 0;
    auto operator<=>(const WantedSocket&) const = default;
};

// What has been done so far: for benchmarks and tests.
struct ScanWork {
    std::uint64_t links_read = 0;  // descriptors looked at one by one
    std::uint64_t tables_read = 0; // descriptor tables, or parts of very long ones
    std::uint64_t counts_read = 0; // descriptors of a process counted
    std::uint64_t full_walks = 0;  // searches that went through all processes, or all of one user
};

class OwnerIndex {
  public:
    explicit OwnerIndex(const std::string& proc_root = "/proc");

    // About how many descriptors one update may read; the rest follows in the next ones (see unfinished()). 0: no
    // limit.
    void set_limit(std::size_t descriptors) { limit_ = descriptors; }
    // How many processors other threads of this program keep busy: it uses a second one where one is left.
    void set_busy_processors(unsigned busy) { workers_.set_busy_processors(busy); }

    // Brings the owners of these sockets (sorted by inode, unique) up to date. True when owners() changed.
    [[nodiscard]] bool update(std::span<const WantedSocket> wanted);
    [[nodiscard]] const OwnerWalk& owners() const { return answer_; }
    // A socket without an owner is being searched for the first time: another update should follow at once.
    [[nodiscard]] bool unfinished() const { return unfinished_; }

    // The inode number of /proc/PID, which names one process for as long as it lives; 0 where there is none.
    [[nodiscard]] std::uint64_t folder_of(pid_t pid) const;
    // From now on, where an owner's start time is read all of its facts are, by these (one for each worker): they are
    // the caller's and outlive every update.
    void read_facts_by(std::span<ProcessReader, TwoWorkers::kWorkers> readers) { readers_ = readers; }
    // What the last update read so of this process: handed over, once. Nothing (fingerprint 0) where it did not.
    [[nodiscard]] ProcessReading take_facts(pid_t pid);
    // Whether a process came or ended at the last update.
    [[nodiscard]] bool processes_changed() const { return table_.changed(); }
    // Becomes readable (poll(2)) when a process begins or ends, until the next update; -1: nobody tells (yet).
    [[nodiscard]] int fork_exit_fd() const { return fork_exit_ ? fork_exit_->fd() : -1; }
    [[nodiscard]] const ProcRoot& root() const { return root_; }
    [[nodiscard]] TwoWorkers& workers() { return workers_; } // for who reads more of the same processes
    [[nodiscard]] ScanWork work() const;
    // Within how many updates every descriptor is looked at, whatever the evidence says.
    [[nodiscard]] std::size_t audit_period() const;

  private:
    // A socket that has no owner, and when it is searched for.
    struct Missing {
        WantedSocket socket;
        std::uint64_t asked_at = 0; // update in which the search began: whoever was looked at since then does not hold
                                    // it. 0: no search is under way
        std::uint64_t next_at = 0;  // update of the next search
        std::uint64_t pause = 0;    // updates between the last search and the next
    };
    struct Budget {
        std::size_t left = std::numeric_limits<std::size_t>::max(); // descriptors
        bool any_taken = false; // one look is always taken, or nothing would ever be done
    };
    // Of an update's limit, what may be spent while nobody waits for it.
    static constexpr std::size_t kQuietShare = 8;
    using Places = std::vector<std::size_t>; // indices of processes

    // owner_index.cpp
    [[nodiscard]] Budget budget(std::size_t share) const;
    [[nodiscard]] bool refresh_table();
    void take_wanted(std::span<const WantedSocket> wanted);
    void look_at_changed();
    void read_start_times();
    void find_holders();
    void note_missing();
    void settle();
    void follow_up();
    void count_gaps();
    [[nodiscard]] bool publish();

    // owner_looks.cpp: the one way in
    void know_ourselves();
    void look_at(Places& places, Budget& budget, bool every_table);
    void plan_looks(KnownProcess& process, Budget& budget, bool every_table);
    void do_looks();
    void take_in(KnownProcess& process, std::span<const Look> looks);
    void suspect_sharers(const KnownProcess& changed);
    [[nodiscard]] bool is_old_news(KnownProcess& process, std::span<const Look> looks);
    [[nodiscard]] bool all_looks_are_old_news();

    // owner_evidence.cpp: what polling sees
    void suspect(const Holding& holding);
    void verify_lost();
    void verify_new();
    void verify_turn();
    void audit();
    void forgive_audit();
    void pass_over_what_was_read();
    void add_natureless();
    [[nodiscard]] std::size_t audit_budget() const;

    // owner_search.cpp: an ordered list of scopes
    struct Scope;
    void search();
    void begin_searches();
    void end_searches();
    [[nodiscard]] bool searches_for_the_first_time() const;
    [[nodiscard]] bool is_in_reach(const WantedSocket& socket) const;
    [[nodiscard]] bool search_in(const Scope& scope, Budget& budget);

    ProcRoot root_;
    std::optional<ForkExitEvents> fork_exit_; // from the second update on: one alone has no use for them
    ProcessTable table_;
    Holdings holdings_;
    TwoWorkers workers_;
    std::array<Looker, TwoWorkers::kWorkers> lookers_;
    std::size_t limit_ = 0;
    uid_t own_uid_ = 0;           // as whom we look
    pid_t own_pid_ = 0;           // 0: there it says nothing
    bool opens_only_own_ = false; // tables of other users' processes are closed to us, without asking
    std::uint64_t update_ = 0;    // number of this update, from 1

    std::vector<WantedSocket> wanted_;    // sorted
    std::vector<std::uint64_t> appeared_; // wanted since this update
    std::vector<Missing> missing_;        // by inode
    std::vector<Holding> known_;          // one for each owner of a wanted socket, by pid: verified in turn
    std::size_t verify_at_ = 0;           // whose turn it is in known_
    pid_t audit_at_ = 0;                  // and among the processes
    std::int64_t audit_credit_ = 0;       // descriptors that the audit may read
    pid_t audit_debtor_ = 0;              // of whom it last read more than that
    std::uint64_t audit_debtor_count_ = 0;
    std::uint64_t audit_left_since_ = 0; // update in which the table at audit_at_ was begun; 0: it was not
    std::uint64_t asked_at_ = 0;         // the newest of all searches under way; 0: there is none
    std::uint64_t walk_counted_ = 0;     // the search for which a full walk was counted
    std::uint64_t full_walks_ = 0;
    std::uint64_t links_verified_ = 0;
    std::size_t denied_ = 0; // processes that may hold what we may not see
    bool complete_ = true;   // all that may be read was
    bool listed_ = false;
    bool changed_ = false; // what the answer is made of
    bool settled_ = false; // next_answer_ was made in this update
    bool unfinished_ = false;
    bool any_suspect_ = false; // somebody is to be looked at for what was learned of another
    OwnerWalk answer_;
    OwnerWalk next_answer_;

    // Kept for their memory.
    Places places_;
    std::vector<std::uint64_t> lost_; // inodes that somebody was seen to hold no longer
    struct Holder {
        Holding holding; // of a wanted socket
        KnownProcess* process;
    };
    std::vector<Holder> holders_; // by inode and pid, one for each process
    std::vector<KnownProcess*> unnamed_;
    std::span<ProcessReader> readers_;     // somebody else's; none: only start times are wanted
    std::vector<ProcessReading> readings_; // of this update, by pid
    std::vector<Missing> still_missing_;
    std::vector<std::uint64_t> searching_;
    std::vector<Look> looks_;
    std::vector<std::size_t> order_;
    std::array<std::vector<Holding>, TwoWorkers::kWorkers> found_;
};

} // namespace portside::platform
