// SPDX-License-Identifier: MIT
// One unit or container that is asked to stop, from the checks to its end. Job thread only.
#pragma once

#include "core/base/unique_fd.h"
#include "core/jobs/running_job.h"
#include "core/jobs/supervisor_requests.h"
#include "core/jobs/talk_driver.h"
#include "core/supervisors/container_talk.h"
#include "core/supervisors/unit_talk.h"

#include <memory>
#include <optional>
#include <string>

namespace portside::jobs {

[[nodiscard]] Problem problem_of(supervisors::Trouble::Kind kind);
// The container that is meant, with what the forwarder's own arguments tell where the process is one.
[[nodiscard]] supervisors::ContainerWish wish_for(const platform::Container& container, const Shown& shown);
// The process that must belong to the unit; nothing where the unit is a socket (its manager holds the port for it).
[[nodiscard]] std::optional<pid_t> member_of(const platform::Unit& unit, const Shown& shown);
// The unit with what is checked of it; without one, the unit that `shown.activated` belongs to.
[[nodiscard]] supervisors::UnitWish unit_wish(const std::optional<platform::Unit>& unit, const Shown& shown);

class StopJob : public RunningJob {
  public:
    void start() override;

  protected:
    StopJob(JobId id, Shown shown, std::chrono::milliseconds patience, JobContext& context)
        : context_(context), id_(id), shown_(std::move(shown)), patience_(patience) {}

    // Why it is not to be asked for at all, or nothing.
    [[nodiscard]] virtual std::optional<std::string> why_never() const = 0;
    [[nodiscard]] virtual bool process_is_checked() const = 0;
    [[nodiscard]] virtual std::unique_ptr<supervisors::Talk> make_talk() = 0;
    [[nodiscard]] virtual std::string stopped_sentence() const = 0;
    [[nodiscard]] virtual std::string still_stopping_sentence() const = 0;

    JobContext& context_;

  private:
    void stepped();
    void looked_up();
    void accepted();
    void refuse(Problem problem, std::string sentence); // the job's end
    [[nodiscard]] std::chrono::milliseconds since_asked() const;

    JobId id_;
    Shown shown_;
    std::chrono::milliseconds patience_;
    base::UniqueFd pidfd_;              // of the process that the row showed
    supervisors::Talk* talk_ = nullptr; // the driver's
    supervisors::Phase last_ = supervisors::Phase::looking_up;
    bool accepted_ = false;
    EventLoop::Clock::time_point asked_at_;
    EventLoop::Watch patience_timer_;
    std::optional<TalkDriver> driver_;
};

class StopUnitJob final : public StopJob {
  public:
    StopUnitJob(JobId id, StopUnitRequest request, JobContext& context)
        : StopJob(id, request.shown, request.patience, context), request_(std::move(request)) {}

  private:
    [[nodiscard]] std::optional<std::string> why_never() const override;
    [[nodiscard]] bool process_is_checked() const override {
        return member_of(request_.unit, request_.shown).has_value();
    }
    [[nodiscard]] std::unique_ptr<supervisors::Talk> make_talk() override;
    [[nodiscard]] std::string stopped_sentence() const override;
    [[nodiscard]] std::string still_stopping_sentence() const override;

    StopUnitRequest request_;
    supervisors::UnitTalk* unit_talk_ = nullptr; // the driver's
};

class StopContainerJob final : public StopJob {
  public:
    StopContainerJob(JobId id, StopContainerRequest request, JobContext& context)
        : StopJob(id, request.shown, request.patience, context), request_(std::move(request)) {}

  private:
    [[nodiscard]] std::optional<std::string> why_never() const override { return std::nullopt; }
    [[nodiscard]] bool process_is_checked() const override { return request_.shown.target.process.pid > 0; }
    [[nodiscard]] std::unique_ptr<supervisors::Talk> make_talk() override;
    [[nodiscard]] std::string stopped_sentence() const override;
    [[nodiscard]] std::string still_stopping_sentence() const override;
    [[nodiscard]] std::string label() const;

    StopContainerRequest request_;
    supervisors::ContainerTalk* container_talk_ = nullptr; // the driver's
};

} // namespace portside::jobs
