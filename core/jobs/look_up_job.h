// SPDX-License-Identifier: MIT
// What keeps a process, asked of its managers before anything is done. Job thread only.
#pragma once

#include "core/jobs/running_job.h"
#include "core/jobs/supervisor_requests.h"
#include "core/jobs/talk_driver.h"
#include "core/supervisors/container_talk.h"
#include "core/supervisors/unit_talk.h"

#include <optional>
#include <string>

namespace portside::jobs {

class LookUpJob final : public RunningJob {
  public:
    LookUpJob(JobId id, LookUpRequest request, JobContext& context)
        : id_(id), request_(std::move(request)), context_(context) {}
    void start() override;

  private:
    void stepped();
    [[nodiscard]] static bool is_open(const supervisors::Talk* talk);

    JobId id_;
    LookUpRequest request_;
    JobContext& context_;
    std::optional<std::string> never_;      // why its unit is not to be stopped at all
    supervisors::UnitTalk* unit_ = nullptr; // the drivers'
    supervisors::ContainerTalk* container_ = nullptr;
    std::optional<TalkDriver> unit_driver_;
    std::optional<TalkDriver> container_driver_;
};

} // namespace portside::jobs
