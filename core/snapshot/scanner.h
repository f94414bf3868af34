// SPDX-License-Identifier: MIT
// One scan after another: sockets, owners, processes, assembled. One object belongs to one thread.
#pragma once

#include "core/base/result.h"
#include "core/platform/control_groups.h"
#include "core/platform/kernel_events.h"
#include "core/platform/owner_index.h"
#include "core/platform/socket_source.h"
#include "core/platform/users.h"
#include "core/snapshot/assemble.h"
#include "core/snapshot/connections_reader.h"
#include "core/snapshot/details_reader.h"
#include "core/snapshot/process_cache.h"
#include "core/snapshot/snapshot.h"

#include <optional>
#include <string>
#include <sys/types.h>
#include <utility>
#include <vector>

namespace portside::snapshot {

struct ScannerOptions {
    platform::SourceChoice source = platform::SourceChoice::automatic;
    bool include_bound = false;
    std::string proc_root = "/proc";
    // About how many descriptors a scan may read, so that the first rows and a new one are shown at once on a machine
    // with very many; owners that are not known by then follow in the next scans. 0: no limit.
    std::size_t descriptors_per_scan = 0;
    unsigned busy_processors = 0; // by other threads of this program: a scan uses two where they are left
    bool brief_processes = false; // see ProcessCache
};

class Scanner {
  public:
    explicit Scanner(ScannerOptions options);

    // Replaces what a privileged read told. The next scan drops entries whose socket is gone or is another one, and
    // those whose process has ended or has another start time. A socket that loses its last owner so is Unknown::gone
    // in the snapshot of that scan, and as unknown as any other from the next change of content on.
    void set_privileged_owners(std::vector<PrivilegedOwner> owners);
    // What engines told, beside what they told before. Dropped as soon as its socket is gone.
    void add_container_names(std::vector<ToldContainer> told);
    void set_include_bound(bool include) { options_.include_bound = include; }

    // Processes that a person sees now: their names and command lines are looked at again first.
    void set_visible_processes(std::vector<pid_t> pids) { visible_ = std::move(pids); }

    // The newest snapshot. The same pointer as before when nothing in it changed (sockets, owners, texts, notes,
    // sources; not time, cost or queue lengths).
    [[nodiscard]] base::Result<SnapshotPtr> scan();

    // A look that costs little: the sockets are the same, the kernel told of no process and of no closed socket, and
    // the last scan was whole. A scan would find only what nobody tells: a descriptor that changed hands, a rewritten
    // name. False also where the kernel tells nothing, or something was given to this scanner since.
    [[nodiscard]] bool is_quiet();

    // What the row's processes do now, and its sockets' queues by the last scan. Asked for after scans, for one row.
    [[nodiscard]] ProcessDetails read_details(const DetailsWish& wish);

    // The row's connections now, and with no wish: what was kept for them is dropped. Likewise.
    [[nodiscard]] RowConnections read_connections(const ConnectionsWish& wish);
    void forget_connections() { connections_.forget(); }

    // Owners are still being searched for (rows that are Unknown::searching): another scan should follow at once.
    [[nodiscard]] bool unfinished() const { return index_.unfinished(); }
    // Becomes readable when a socket that held a port is gone, until the next scan; -1: nobody tells (yet).
    [[nodiscard]] int event_fd() const { return events_ ? events_->sockets.fd() : -1; }
    [[nodiscard]] platform::ScanWork work() const { return index_.work(); }
    // Within how many scans every descriptor is looked at, whatever the evidence says.
    [[nodiscard]] std::size_t audit_period() const { return index_.audit_period(); }

  private:
    [[nodiscard]] base::Result<bool> read_facts();
    [[nodiscard]] bool read_processes();
    void take_listing();
    void take_owners();
    void gather_processes();
    [[nodiscard]] bool read_groups();
    void name_users();
    void forget_ended_owners();
    [[nodiscard]] std::optional<WallTime> boot_time();

    // From the second scan on: one that is the only one has no use for them.
    struct Events {
        platform::ProcessEvents processes;
        platform::SocketEvents sockets;
    };

    ScannerOptions options_;
    platform::SocketSource source_;
    platform::Users users_;
    std::vector<PrivilegedOwner> privileged_;
    platform::OwnerIndex index_;
    platform::ControlGroups groups_;
    ProcessCache cache_;
    DetailsReader details_;
    ConnectionsReader connections_;
    std::optional<Events> events_;
    std::vector<platform::WantedSocket> wanted_; // the listed sockets, by inode
    std::vector<std::uint64_t> wanted_groups_;   // of the sockets without an owner; sorted
    std::vector<ProcessId> owners_;              // of them all, told ones and candidates too; sorted
    std::vector<pid_t> visible_;
    bool listing_changed_ = false; // since the newest scan, or may have: as is_quiet() saw, or it failed
    bool bound_changed_ = false;   // the newest scan asked for bound sockets, or not, unlike the one before
    std::optional<WallTime> booted_at_;
    bool told_changed_ = false; // privileged_ or the told containers did
    ScanFacts facts_;           // kept from scan to scan; what did not change stays
    Assembler assembler_;
    SnapshotPtr newest_; // null until the first scan
};

} // namespace portside::snapshot
