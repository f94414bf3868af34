// SPDX-License-Identifier: MIT
// The process that the row showed is checked as for a kill, at the click and again before the manager is asked: what is
// stopped is what keeps that process, or nothing. Job thread only.
#include "core/jobs/stop_job.h"

#include "core/base/file.h"
#include "core/jobs/job_thread.h"

#include <fcntl.h>
#include <fmt/format.h>

namespace portside::jobs {

using supervisors::Phase;
using supervisors::Trouble;

Problem problem_of(Trouble::Kind kind) {
    switch (kind) {
    case Trouble::Kind::none:
        return Problem::none;
    case Trouble::Kind::gone:
    case Trouble::Kind::changed:
        return Problem::identity_changed; // Problem::gone would say that what was wanted has come about
    case Trouble::Kind::not_authorised:
        return Problem::not_authorised;
    case Trouble::Kind::not_permitted:
        return Problem::not_permitted;
    case Trouble::Kind::unreachable:
    case Trouble::Kind::failed:
        break;
    }
    return Problem::failed;
}

supervisors::ContainerWish wish_for(const platform::Container& container, const Shown& shown) {
    supervisors::ContainerWish wish{container, shown.protocol, shown.port, std::nullopt};
    if (shown.target.process.pid <= 0) {
        return wish;
    }
    const auto facts = platform::read_process(shown.target.process.pid);
    if (facts && facts->stat.id == shown.target.process && facts->command_line) {
        wish.forward = platform::forwarded_by(platform::process_name(*facts), *facts->command_line);
    }
    return wish;
}

std::optional<pid_t> member_of(const platform::Unit& unit, const Shown& shown) {
    const pid_t pid = shown.target.process.pid;
    return pid > 1 && !unit.name.ends_with(".socket") ? std::optional(pid) : std::nullopt;
}

supervisors::UnitWish unit_wish(const std::optional<platform::Unit>& unit, const Shown& shown) {
    return unit ? supervisors::UnitWish{*unit, member_of(*unit, shown), shown.activated}
                : supervisors::wish_for(shown.activated.value_or(platform::ManagerSockets{}));
}

void StopJob::start() {
    if (auto never = why_never()) {
        refuse(Problem::never_signalled, *never + " Nothing was stopped.");
        return;
    }
    if (process_is_checked()) {
        auto checked = platform::check_target(shown_.target, context_.system.signals, true);
        if (!checked) {
            refuse(problem_of(checked.error().reason), std::move(checked.error().sentence));
            return;
        }
        pidfd_ = std::move(*checked);
    }
    auto talk = make_talk();
    talk_ = talk.get();
    driver_.emplace(std::move(talk), context_.loop, [this] { stepped(); });
    driver_->step();
}

void StopJob::stepped() {
    const auto phase = talk_->phase();
    if (phase == last_ || finished()) {
        return;
    }
    const auto before = std::exchange(last_, phase);
    switch (phase) {
    case Phase::looking_up:
        break;
    case Phase::looked_up:
        looked_up();
        break;
    case Phase::authorising:
        break; // posted when it was asked for
    case Phase::stopping:
        accepted();
        break;
    case Phase::stopped:
        if (before != Phase::stopping) {
            accepted(); // both in one step
        }
        patience_timer_.end();
        context_.post({.job = id_,
                       .stage = Stage::ended,
                       .since_asked = since_asked(),
                       .signal_sent = true,
                       .sentence = stopped_sentence()});
        finish();
        break;
    case Phase::failed:
        refuse(problem_of(talk_->trouble().kind), talk_->trouble().sentence);
        break;
    }
}

void StopJob::looked_up() {
    if (pidfd_ && platform::has_ended(pidfd_)) {
        driver_->end();
        refuse(Problem::gone,
               fmt::format("Process {} has ended by itself: nothing was stopped.", shown_.target.process.pid));
        return;
    }
    context_.post({.job = id_, .stage = Stage::authorising});
    talk_->stop();
    stepped();
}

void StopJob::accepted() {
    if (std::exchange(accepted_, true)) {
        return; // the next of several
    }
    asked_at_ = EventLoop::Clock::now();
    context_.post({.job = id_, .stage = Stage::asked, .signal_sent = true});
    patience_timer_ = context_.loop.at(asked_at_ + patience_, [this] {
        context_.post({.job = id_,
                       .stage = Stage::still_running,
                       .since_asked = since_asked(),
                       .signal_sent = true,
                       .sentence = still_stopping_sentence()});
    });
}

void StopJob::refuse(Problem problem, std::string sentence) {
    patience_timer_.end();
    context_.post({.job = id_, .stage = Stage::refused, .problem = problem, .sentence = std::move(sentence)});
    finish();
}

std::chrono::milliseconds StopJob::since_asked() const {
    return std::chrono::duration_cast<std::chrono::milliseconds>(EventLoop::Clock::now() - asked_at_);
}

std::optional<std::string> StopUnitJob::why_never() const {
    return supervisors::why_never_stopped(request_.unit, base::read_file(AT_FDCWD, "/proc/self/cgroup").value_or(""));
}

std::unique_ptr<supervisors::Talk> StopUnitJob::make_talk() {
    auto talk =
        std::make_unique<supervisors::UnitTalk>(unit_wish(request_.unit, request_.shown), context_.system.places);
    unit_talk_ = talk.get();
    return talk;
}

std::string StopUnitJob::stopped_sentence() const {
    return supervisors::stopped_sentence(unit_talk_->facts());
}

std::string StopUnitJob::still_stopping_sentence() const {
    return fmt::format("{} is still stopping; systemd ends it by force when the time in its unit file is over.",
                       request_.unit.name);
}

std::unique_ptr<supervisors::Talk> StopContainerJob::make_talk() {
    auto talk = std::make_unique<supervisors::ContainerTalk>(wish_for(request_.container, request_.shown),
                                                             context_.system.places);
    container_talk_ = talk.get();
    return talk;
}

std::string StopContainerJob::label() const {
    const auto& found = container_talk_->container();
    return fmt::format("The container {} ({})", found.name.empty() ? found.id.substr(0, 12) : found.name,
                       supervisors::engine_text(request_.container.engine));
}

std::string StopContainerJob::stopped_sentence() const {
    return label() + " was stopped";
}

std::string StopContainerJob::still_stopping_sentence() const {
    return label() + " is still stopping; the engine ends it by force when its time is over.";
}

} // namespace portside::jobs
