// SPDX-License-Identifier: MIT
// The facade for window and command line: ports, rescan, kill, kill elevated. It alone knows scanner and jobs, so it
// can say whether a port is free after a kill. One object is used by one thread; scanner and jobs have threads of their
// own.
#pragma once

#include "core/commands/targets.h"
#include "core/commands/way.h"
#include "core/jobs/job_thread.h"
#include "core/snapshot/query.h"
#include "core/snapshot/scanner_thread.h"

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <sys/types.h>
#include <utility>
#include <vector>

namespace portside::commands {

// One scan, for `portside list`: no thread. An exact port query that finds no row asks for bound sockets too.
[[nodiscard]] base::Result<snapshot::SnapshotPtr> list_once(snapshot::ScannerOptions options,
                                                            const snapshot::Query& query);

struct KillOrder {
    PlannedKill kill;
    Way way = Way::kill;
    platform::Signal signal = platform::Signal::term;
    bool elevate = false;
    bool consented = false; // see SignalTarget::consented
    bool internal_agent = false;
};

// What became of a job. A kill that ended is followed by one more update with `port_after`, once a whole scan has been
// made.
struct Update {
    enum class PortAfter : std::uint8_t { none, free, held, unknown }; // unknown: the scan failed
    jobs::JobEvent event;
    PortAfter port_after = PortAfter::none;
    std::string sentence;     // for a person; of every update but `asked` and `authorising`
    std::size_t revealed = 0; // of Stage::revealed: how many owners were told
};

struct Options {
    snapshot::ScannerOptions scanner;
    std::chrono::milliseconds interval{1000};
    std::chrono::milliseconds patience{5000};
    std::string program; // absolute path of portside, for "Who holds it?"
    jobs::JobSystem jobs;
    std::function<void()> wake; // from other threads: there is something to take
};

class Commands {
  public:
    explicit Commands(Options options);

    [[nodiscard]] snapshot::ScannerReport report() const { return scanner_.report(); }
    void rescan() { scanner_.request_scan(); }
    // A scan that begins after this call is answered in ScannerReport::answered_request.
    [[nodiscard]] std::uint64_t request_scan() { return scanner_.request_scan(); }
    void set_include_bound(bool include) { scanner_.set_include_bound(include); }
    // While nobody looks: no scan but those that are asked for. Kills go on.
    void set_paused(bool paused) { scanner_.set_paused(paused); }

    // The processes whose rows are on the screen; see Scanner::set_visible_processes. Starts no scan.
    void set_visible_processes(std::vector<pid_t> pids) { scanner_.set_visible_processes(std::move(pids)); }

    jobs::JobId kill(const KillOrder& order);
    // Asks who holds the sockets whose owners we may not see.
    jobs::JobId reveal(bool internal_agent = false);

    // What has happened since the last call, in order.
    [[nodiscard]] std::vector<Update> take_updates();
    // "node (47112) on port 3000" for each kill that has neither ended nor been refused.
    [[nodiscard]] std::vector<std::string> pending() const;

  private:
    struct RunningKill {
        KillOrder order;
        std::optional<std::uint64_t> scan_request; // once ended: the scan that tells whether the port is free
        jobs::JobEvent end;
    };

    [[nodiscard]] Update take_in(jobs::JobEvent event);
    [[nodiscard]] Update after_end(const RunningKill& kill, const snapshot::Snapshot& snapshot) const;
    [[nodiscard]] Update after_failed_scan(const RunningKill& kill) const;

    std::chrono::milliseconds patience_;
    std::string program_;
    std::map<jobs::JobId, RunningKill> kills_;
    snapshot::ScannerThread scanner_;
    jobs::JobThread jobs_;
};

// "0.2 s", "12 s", "less than 0.1 s": for sentences.
[[nodiscard]] std::string seconds_text(std::chrono::milliseconds time);

} // namespace portside::commands
