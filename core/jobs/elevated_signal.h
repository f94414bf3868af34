// SPDX-License-Identifier: MIT
// One signal as administrator: a run of pkexec, with the helper where it is installed, whose prompt goes when the
// process ends first. Job thread only.
#pragma once

#include "core/base/unique_fd.h"
#include "core/jobs/event_loop.h"
#include "core/jobs/pkexec.h"
#include "core/jobs/running_job.h"
#include "core/platform/checked_signal.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace portside::jobs {

struct ElevatedEnd {
    enum class Outcome : std::uint8_t {
        sent,
        gone, // it ended before a signal of ours, or nobody can tell whose signal it was
        refused,
    };
    Outcome outcome = Outcome::refused;
    RefusedJob why{}; // of refused
};

// Used for one signal after another, never for two at once.
class ElevatedSignal {
  public:
    // Called in the loop, once for each start() that succeeded; it may start the next.
    using Done = std::function<void(ElevatedEnd)>;

    // `helper`: see find_helper. Without one `kill` gets the number, which is then not checked after the password.
    ElevatedSignal(JobContext& context, std::string pkexec, std::optional<std::string> helper, bool internal_agent)
        : context_(context), pkexec_(std::move(pkexec)), helper_(std::move(helper)), internal_agent_(internal_agent) {}
    ElevatedSignal(const ElevatedSignal&) = delete;
    ElevatedSignal& operator=(const ElevatedSignal&) = delete;
    // Withdraws the prompt.
    ~ElevatedSignal() = default;

    // `pidfd`, of the target, stays open until `done` was called. Why pkexec could not be started, or nothing.
    [[nodiscard]] std::optional<RefusedJob> start(platform::SignalTarget target, const base::UniqueFd& pidfd,
                                                  PkexecWords words, Done done);

  private:
    void target_ended();
    void pkexec_ended(const PkexecEnd& end);
    void tell(ElevatedEnd end);

    JobContext& context_;
    std::string pkexec_;
    std::optional<std::string> helper_;
    bool internal_agent_;
    platform::SignalTarget target_;
    const base::UniqueFd* pidfd_ = nullptr;
    PkexecWords words_;
    Done done_;
    EventLoop::Watch end_watch_; // of the target
    EventLoop::Watch timer_;
    std::unique_ptr<PkexecRun> run_;
    std::unique_ptr<PkexecRun> told_; // whose own handler may still be running when the next is started
};

} // namespace portside::jobs
