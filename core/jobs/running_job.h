// SPDX-License-Identifier: MIT
// What a job under way is, and what it may use. Job thread only.
#pragma once

#include "core/jobs/event_loop.h"
#include "core/jobs/job.h"
#include "core/jobs/reaper.h"

#include <functional>
#include <string>

namespace portside::jobs {

struct JobSystem;

// Why a job ended without what was asked for.
struct RefusedJob {
    Problem problem = Problem::failed;
    std::string sentence;
};

// Lives as long as every job.
struct JobContext {
    const JobSystem& system;
    EventLoop& loop;
    Reaper& reaper;
    std::function<void(JobEvent)> post;
};

// Its handlers run in the loop; it is destroyed between turns, once finished() or when the thread ends. Destroying it
// withdraws what is still open.
class RunningJob {
  public:
    RunningJob() = default;
    RunningJob(const RunningJob&) = delete;
    RunningJob& operator=(const RunningJob&) = delete;
    virtual ~RunningJob() = default;
    virtual void start() = 0;
    [[nodiscard]] bool finished() const { return finished_; }

  protected:
    void finish() { finished_ = true; }

  private:
    bool finished_ = false;
};

} // namespace portside::jobs
