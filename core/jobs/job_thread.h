// SPDX-License-Identifier: MIT
// Runs jobs on one thread with one event loop (over an eventfd, pidfds, children's pidfds and pipes), so that a
// password prompt that stays open for minutes delays no other kill. Public functions may be called from any thread.
#pragma once

#include "core/base/mailbox.h"
#include "core/base/unique_fd.h"
#include "core/jobs/job.h"
#include "core/jobs/supervisor_requests.h"
#include "core/supervisors/places.h"

#include <atomic>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace portside::jobs {

// What the jobs ask of the system; tests put their own in.
struct JobSystem {
    platform::SignalSystem signals = platform::SignalSystem::real();
    // Absolute path of pkexec, or empty to look it up by $PATH at each use.
    std::string pkexec;
    // Absolute path of portside-kill-helper; empty: there is none; nothing: the installed one, looked for at each use
    // (see find_helper).
    std::optional<std::string> helper;
    // Where systemd and the container engines are reached.
    supervisors::Places places = supervisors::Places::from_environment();
};

class JobThread {
  public:
    // `wake` runs on the job thread, outside every lock, after events were posted. (Where the system has no descriptor
    // or thread left for it, every job is refused at once, and `wake` runs in start().)
    JobThread(JobSystem system, std::function<void()> wake);
    // Withdraws open prompts and returns at once; processes that were asked to stop go on stopping.
    ~JobThread();
    JobThread(const JobThread&) = delete;
    JobThread& operator=(const JobThread&) = delete;

    using Request = std::variant<KillRequest, RevealRequest, TreeRequest, PortWatchRequest, StopUnitRequest,
                                 StopContainerRequest, LookUpRequest, NameContainersRequest>;
    JobId start(Request request);
    // In the order in which they happened.
    [[nodiscard]] std::vector<JobEvent> take_events() { return events_.take_all(); }

  private:
    using Order = std::pair<JobId, Request>;
    void run(const std::stop_token& stop);

    JobSystem system_; // used by the thread only
    std::function<void()> wake_;
    std::atomic<JobId> next_job_{1};
    base::Mailbox<Order> orders_;
    base::Mailbox<JobEvent> events_;
    base::UniqueFd order_event_; // eventfd: an order was posted, or stop was asked; invalid: there is no thread

    std::jthread thread_; // last: it uses everything above
};

} // namespace portside::jobs
