// SPDX-License-Identifier: MIT
// What becomes of the ports of one kill once its process has ended: a scan and a look at each port give the first news;
// where something may bring the process back, some more looks tell when it does. Used by Commands, on its thread.
#pragma once

#include "core/commands/port_check.h"
#include "core/jobs/job_thread.h"
#include "core/snapshot/respawner.h"
#include "core/snapshot/scanner_thread.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace portside::commands {

class EndCheck {
  public:
    using Clock = std::chrono::steady_clock;

    // What is to be looked at, noted when the kill is ordered.
    struct Plan {
        std::vector<PortBefore> ports;
        std::optional<platform::Unit> unit;
        snapshot::Return comes_back = snapshot::Return::unlikely;
        platform::SourceChoice source = platform::SourceChoice::automatic;
    };

    // Looks at once. `end`: "node (4242) ended after 0.2 s".
    EndCheck(Plan plan, std::string end, snapshot::ScannerThread& scanner, jobs::JobThread& jobs);

    // False: the event is not one of ours.
    [[nodiscard]] bool take(const jobs::JobEvent& event);
    // The first news, and what changed later; nothing where there is none (yet).
    [[nodiscard]] std::optional<EndNews> news(const snapshot::ScannerReport& report);
    // No more news will come.
    [[nodiscard]] bool over() const { return over_; }

  private:
    struct Port {
        PortBefore before;
        jobs::JobId job = 0;
        bool seen = false;
        std::optional<platform::PortUse> use;
        std::vector<std::string> names;
        std::chrono::milliseconds since_end{0};
        bool last = false;
        jobs::JobId later_look = 0; // see wait_for_followers()
    };

    void look(Port& port, bool name_holders);
    void ask_scan() { scan_request_ = scanner_.request_scan(); }
    [[nodiscard]] bool look_closer(const snapshot::Snapshot* snapshot);
    [[nodiscard]] bool wait_for_followers(PortAfter after);
    [[nodiscard]] bool take_later_look(const jobs::JobEvent& event);
    [[nodiscard]] std::vector<PortVerdict> judge(const snapshot::Snapshot* snapshot) const;

    snapshot::ScannerThread& scanner_;
    jobs::JobThread& jobs_;
    Plan plan_;
    std::string end_;
    Clock::time_point ended_at_ = Clock::now();
    std::vector<Port> ports_;
    std::optional<std::uint64_t> scan_request_;
    bool told_ = false;           // the first news
    bool closer_ = false;         // sockets that no row shows were asked for by name
    int waits_ = 0;               // for others that may end right after
    std::size_t later_looks_ = 0; // under way
    bool over_ = false;
};

} // namespace portside::commands
