// SPDX-License-Identifier: MIT
// Looks whether a port that was freed stays free: some looks within seconds, each a dump of that port alone. Job thread
// only.
#pragma once

#include "core/jobs/running_job.h"

#include <cstddef>

namespace portside::jobs {

class PortWatch final : public RunningJob {
  public:
    PortWatch(JobId id, PortWatchRequest request, JobContext& context)
        : id_(id), request_(std::move(request)), context_(context) {}
    void start() override;

  private:
    void look_again();
    void await_next();
    void tell(std::optional<platform::PortUse> use, bool last, std::vector<std::string> names = {});
    [[nodiscard]] std::optional<platform::PortUse> look() const;

    JobId id_;
    PortWatchRequest request_;
    JobContext& context_;
    EventLoop::Clock::time_point started_at_;
    std::size_t looks_ = 0;               // after the first
    std::vector<std::uint64_t> at_first_; // holders in the first look
    EventLoop::Watch timer_;
};

} // namespace portside::jobs
