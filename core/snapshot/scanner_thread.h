// SPDX-License-Identifier: MIT
// Scans again and again on a thread of its own and hands snapshots over. Public functions may be called from any
// thread.
#pragma once

#include "core/base/mailbox.h"
#include "core/snapshot/bell.h"
#include "core/snapshot/scan_pace.h"
#include "core/snapshot/scanner.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

namespace portside::snapshot {

// What a reader finds: the newest snapshot, and which request has been answered by it.
struct ScannerReport {
    SnapshotPtr snapshot;               // null until the first scan has ended
    std::uint64_t answered_request = 0; // every request up to this one has been followed by a whole scan
    std::string error;                  // why the last scan failed, as a sentence; empty when it did not
};

class ScannerThread {
  public:
    // `wake` runs on the scanner thread, outside every lock: when the content or the error changed, and when a request
    // was answered. The first scan starts at once, or, where it begins `paused`, when it goes on or is asked for.
    ScannerThread(ScannerOptions options, std::chrono::milliseconds interval, std::function<void()> wake,
                  bool paused = false);

    [[nodiscard]] ScannerReport report() const { return report_.get(); }
    // Asks for a scan that begins after this call; the number is answered in ScannerReport::answered_request.
    std::uint64_t request_scan();
    // Scans with bound sockets from now on, or no longer. Scans at once.
    void set_include_bound(bool include);
    // See Scanner::set_privileged_owners. Scans at once.
    void set_privileged_owners(std::vector<PrivilegedOwner> owners);
    // See Scanner::add_container_names. Scans at once.
    void add_container_names(std::vector<ToldContainer> told);
    // See Scanner::set_visible_processes. For the next scan, whenever that is; wakes nobody.
    void set_visible_processes(std::vector<pid_t> pids);
    // Which row's details are read with each scan from now on, or none. Reads at once.
    void set_details_of(std::optional<DetailsWish> wish);
    // Of the row that was wished last, or of one before it; null where none is wished or read yet.
    [[nodiscard]] DetailsPtr details() const { return details_.get(); }
    // Likewise: which row's connections are read.
    void set_connections_of(std::optional<ConnectionsWish> wish);
    [[nodiscard]] RowConnectionsPtr connections() const { return connections_.get(); }
    // While paused nothing is scanned but what is asked for, and the thread sleeps without end. Going on scans at once
    // where the interval has passed.
    void set_paused(bool paused);
    // Between the end of a scan and the next one, from now on.
    void set_interval(std::chrono::milliseconds interval);

  private:
    void run(const std::stop_token& stop);
    void await_beginning(const std::stop_token& stop);
    // Gives the scanner what was asked for since, and returns the newest request: a scan from here on answers it.
    std::uint64_t take_orders();
    // Where nobody asked and nothing happened, three of four scans are spared: true where this one was.
    [[nodiscard]] bool only_look(std::uint64_t requested);
    // One scan, whole or not; its report is put where it is news.
    void scan(std::uint64_t requested, ScannerReport& known, const std::stop_token& stop);
    // Sleeps until the next scan is due.
    void await_due(const std::stop_token& stop);
    static void save_wakeups(std::chrono::milliseconds interval);
    void read_details(const std::stop_token& stop);
    void read_connections(const std::stop_token& stop);

    Scanner scanner_; // used by the thread only
    ScanPace pace_;   // used by the thread only
    std::function<void()> wake_;
    Bell bell_;
    base::Latest<ScannerReport> report_;
    base::Latest<DetailsPtr> details_;
    std::optional<DetailsWish> wish_; // used by the thread only
    int looks_ = 0;                   // that spared a scan, since the last one; used by the thread only
    base::Latest<RowConnectionsPtr> connections_;
    std::optional<ConnectionsWish> connections_wish_; // used by the thread only

    std::mutex mutex_;
    std::uint64_t requested_ = 0;                                  // guarded by mutex_
    std::optional<bool> include_bound_;                            // guarded by mutex_
    std::optional<std::vector<PrivilegedOwner>> privileged_;       // guarded by mutex_
    std::vector<ToldContainer> containers_;                        // guarded by mutex_
    std::optional<std::vector<pid_t>> visible_;                    // guarded by mutex_
    std::optional<std::optional<DetailsWish>> details_of_;         // guarded by mutex_
    std::optional<std::optional<ConnectionsWish>> connections_of_; // guarded by mutex_
    bool paused_;                                                  // guarded by mutex_
    bool begun_;                                                   // it was going on once; guarded by mutex_
    std::chrono::milliseconds interval_;                           // guarded by mutex_

    std::jthread thread_; // last: it uses everything above
};

} // namespace portside::snapshot
