// SPDX-License-Identifier: MIT
// The facade for window and command line: ports, rescan, kill, kill elevated. It alone knows scanner and jobs, so it
// can say whether a port is free after a kill. One object is used by one thread; scanner and jobs have threads of their
// own.
#pragma once

#include "core/commands/container_names.h"
#include "core/commands/end_check.h"
#include "core/commands/kill_log.h"
#include "core/commands/kill_order.h"
#include "core/commands/targets.h"
#include "core/commands/times.h"
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

// One scan, for `portside list`: no thread. An exact port query that finds no row asks for bound sockets too; where a
// row stands for a container, its engine at `places` is asked for the name and waited for, at most `engine_limit`.
[[nodiscard]] base::Result<snapshot::SnapshotPtr>
list_once(snapshot::ScannerOptions options, const snapshot::Query& query,
          const supervisors::Places& places = supervisors::Places::from_environment(),
          std::chrono::milliseconds engine_limit = std::chrono::milliseconds(500));

// What became of a job. A kill that ended is followed by one more update with `port_after`, once a whole scan has been
// made; and by another (retaken), where something brought the process back within the seconds after that.
// Job 0: no job's, but something to tell the person once (the log cannot be written).
struct Update {
    using PortAfter = commands::PortAfter;
    jobs::JobEvent event;
    PortAfter port_after = PortAfter::none;
    std::string sentence;     // for a person; of every update but `asked` and `authorising`
    std::size_t revealed = 0; // of Stage::revealed: how many owners were told
};

struct Options {
    snapshot::ScannerOptions scanner;
    std::chrono::milliseconds interval{1000};
    bool paused = false; // from the beginning on: no scan is made until it goes on or one is asked for
    std::chrono::milliseconds patience{5000};
    std::string program;  // absolute path of portside, for "Who holds it?"
    std::string kill_log; // path of kills.log (see kill_log_path); empty: none is written
    jobs::JobSystem jobs;
    std::function<void()> wake; // from other threads: there is something to take
};

class Commands {
  public:
    explicit Commands(Options options);
    // As finish_log.
    ~Commands();
    Commands(const Commands&) = delete;
    Commands& operator=(const Commands&) = delete;

    [[nodiscard]] snapshot::ScannerReport report() const { return scanner_.report(); }
    void rescan() { scanner_.request_scan(); }
    // A scan that begins after this call is answered in ScannerReport::answered_request.
    [[nodiscard]] std::uint64_t request_scan() { return scanner_.request_scan(); }
    void set_include_bound(bool include) { scanner_.set_include_bound(include); }
    // While nobody looks: no scan but those that are asked for. Kills go on.
    void set_paused(bool paused) { scanner_.set_paused(paused); }
    void set_interval(std::chrono::milliseconds interval) { scanner_.set_interval(interval); }

    // The processes whose rows are on the screen; see Scanner::set_visible_processes. Starts no scan.
    void set_visible_processes(std::vector<pid_t> pids) { scanner_.set_visible_processes(std::move(pids)); }

    // Which row's details are read while they are looked at; see ScannerThread::set_details_of.
    void set_details_of(std::optional<snapshot::DetailsWish> wish) { scanner_.set_details_of(std::move(wish)); }
    [[nodiscard]] snapshot::DetailsPtr details() const { return scanner_.details(); }

    // Likewise: which row's connections.
    void set_connections_of(std::optional<snapshot::ConnectionsWish> wish) {
        scanner_.set_connections_of(std::move(wish));
    }
    [[nodiscard]] snapshot::RowConnectionsPtr connections() const { return scanner_.connections(); }

    // Frees a port in the order's way; the updates of a stopped unit or container are those of a kill.
    jobs::JobId kill(const KillOrder& order);
    // What keeps the process: whether its unit comes back, its container's name. The update's event holds the facts.
    jobs::JobId look_up(const PlannedKill& kill);
    // Asks who holds the sockets whose owners we may not see.
    jobs::JobId reveal(bool internal_agent = false);

    // What has happened since the last call, in order.
    [[nodiscard]] std::vector<Update> take_updates();
    // "node (47112) on port 3000" for each kill that has neither ended nor been refused.
    [[nodiscard]] std::vector<std::string> pending() const;
    // How many kills have ended, but may still be followed by an update about their port.
    [[nodiscard]] std::size_t watching() const;
    // For a program that ends now: writes the log to its end (this may wait for a disk) and forgets what is under way.
    // Returns why lines were lost, where that was not told yet.
    [[nodiscard]] std::optional<std::string> finish_log();

  private:
    struct RunningKill {
        KillOrder order;
        EndCheck::Plan plan;           // until it has ended
        std::optional<EndCheck> check; // once it has
        jobs::JobEvent end;
        std::string outcome; // for the log: the newest sentence
    };
    using Kills = std::map<jobs::JobId, RunningKill>;

    [[nodiscard]] jobs::JobId start(const KillOrder& order);
    [[nodiscard]] EndCheck::Plan plan_of(const KillOrder& order) const;
    [[nodiscard]] std::optional<Update> take_in(jobs::JobEvent event);
    void take_in(Kills::iterator kill, const jobs::JobEvent& event, Update& update);
    void take_revealed(jobs::JobEvent& event, Update& update);
    void log(const RunningKill& kill);

    std::chrono::milliseconds patience_;
    std::string program_;
    platform::SourceChoice source_;
    Kills kills_;
    KillLog log_;
    ContainerNames container_names_;
    snapshot::ScannerThread scanner_;
    jobs::JobThread jobs_;
};

} // namespace portside::commands
