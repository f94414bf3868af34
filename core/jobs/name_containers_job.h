// SPDX-License-Identifier: MIT
// Names of containers, asked of their engines. Job thread only.
#pragma once

#include "core/jobs/running_job.h"
#include "core/jobs/supervisor_requests.h"
#include "core/jobs/talk_driver.h"
#include "core/supervisors/container_list_talk.h"

#include <list>
#include <vector>

namespace portside::jobs {

class NameContainersJob final : public RunningJob {
  public:
    NameContainersJob(JobId id, NameContainersRequest request, JobContext& context)
        : id_(id), request_(std::move(request)), context_(context) {}
    void start() override;

  private:
    struct Question {
        platform::Engine engine;
        const supervisors::ContainerListTalk* talk; // the driver's
        TalkDriver driver;
    };
    void ask();
    void stepped();
    void take_in();

    JobId id_;
    NameContainersRequest request_; // `nameless`: those that are left
    JobContext& context_;
    EventLoop::Clock::time_point started_at_;
    std::size_t rounds_ = 0;
    bool beginning_ = false;        // questions are being put
    std::list<Question> questions_; // of this round
    EventLoop::Watch timer_;
};

// The one of `containers` that is meant, with its id and name; nothing where none or more than one is.
[[nodiscard]] std::optional<platform::Container> named(const platform::Container& container, const Shown& shown,
                                                       const std::vector<supervisors::ListedContainer>& containers);

} // namespace portside::jobs
