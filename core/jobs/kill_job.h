// SPDX-License-Identifier: MIT
// One kill under way, from the checks to the end of the process. Job thread only.
#pragma once

#include "core/base/unique_fd.h"
#include "core/jobs/elevated_signal.h"
#include "core/jobs/running_job.h"

#include <memory>
#include <optional>
#include <string>

namespace portside::jobs {

class KillJob final : public RunningJob {
  public:
    KillJob(JobId id, KillRequest request, JobContext& context)
        : id_(id), request_(std::move(request)), context_(context) {}
    void start() override;

  private:
    void start_plain();
    void start_elevated();
    void answered(ElevatedEnd end);
    void sent();                                        // the signal is out: wait for the end
    void ended(bool signal_sent);                       // the job's end
    void refuse(Problem problem, std::string sentence); // the job's end
    void refuse(platform::RefusedSignal refusal);
    [[nodiscard]] std::chrono::milliseconds since_asked() const;
    [[nodiscard]] PkexecWords words() const;

    JobId id_;
    KillRequest request_;
    JobContext& context_;
    base::UniqueFd pidfd_; // of the target
    EventLoop::Clock::time_point asked_at_;
    EventLoop::Watch end_watch_;
    EventLoop::Watch timer_;
    std::unique_ptr<ElevatedSignal> elevated_;
};

} // namespace portside::jobs
