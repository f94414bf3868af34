// SPDX-License-Identifier: MIT
// "Who holds it?": one listing as administrator, under way. Job thread only.
#pragma once

#include "core/jobs/pkexec.h"
#include "core/jobs/running_job.h"

#include <memory>
#include <optional>
#include <string>

namespace portside::jobs {

class RevealJob final : public RunningJob {
  public:
    RevealJob(JobId id, RevealRequest request, JobContext& context)
        : id_(id), request_(std::move(request)), context_(context) {}
    void start() override;

  private:
    void refuse(RefusedJob why);
    void pkexec_ended(PkexecEnd end);

    JobId id_;
    RevealRequest request_;
    JobContext& context_;
    std::optional<std::string> helper_; // that was started
    std::unique_ptr<PkexecRun> pkexec_;
};

} // namespace portside::jobs
