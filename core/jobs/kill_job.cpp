// SPDX-License-Identifier: MIT
// Plain: check and send, then wait. Elevated: check, ask by pkexec, then wait.
#include "core/jobs/kill_job.h"

#include "core/jobs/helper.h"
#include "core/jobs/job_thread.h"

#include <fmt/format.h>

namespace portside::jobs {

using namespace std::chrono_literals;

void KillJob::start() {
    if (request_.elevate) {
        start_elevated();
    } else {
        start_plain();
    }
}

void KillJob::start_plain() {
    auto target = platform::send_checked(request_.target, context_.system.signals);
    if (!target) {
        refuse(std::move(target.error()));
        return;
    }
    pidfd_ = std::move(*target);
    sent();
}

void KillJob::start_elevated() {
    const auto pkexec = find_pkexec(context_.system);
    if (!pkexec) {
        const auto why = no_pkexec("There is no pkexec on this system", words());
        refuse(why.problem, why.sentence);
        return;
    }
    auto target = platform::check_target(request_.target, context_.system.signals, true);
    if (!target) {
        refuse(std::move(target.error()));
        return;
    }
    pidfd_ = std::move(*target);
    auto elevated =
        std::make_unique<ElevatedSignal>(context_, *pkexec, find_helper(context_.system), request_.internal_agent);
    if (auto why =
            elevated->start(request_.target, pidfd_, words(), [this](ElevatedEnd end) { answered(std::move(end)); })) {
        refuse(why->problem, std::move(why->sentence));
        return;
    }
    elevated_ = std::move(elevated);
    context_.post({.job = id_, .stage = Stage::authorising});
}

void KillJob::answered(ElevatedEnd end) {
    switch (end.outcome) {
    case ElevatedEnd::Outcome::sent:
        sent();
        break;
    case ElevatedEnd::Outcome::gone:
        ended(false);
        break;
    case ElevatedEnd::Outcome::refused:
        refuse(end.why.problem, std::move(end.why.sentence));
        break;
    }
}

void KillJob::sent() {
    asked_at_ = EventLoop::Clock::now();
    context_.post({.job = id_, .stage = Stage::asked, .signal_sent = true});
    end_watch_ = context_.loop.when_readable(pidfd_.get(), [this] { ended(true); });
    timer_ = context_.loop.at(asked_at_ + request_.patience, [this] {
        // Both in one turn: the end comes right after this and is the better news.
        if (!platform::has_ended(pidfd_)) {
            context_.post(
                {.job = id_, .stage = Stage::still_running, .since_asked = since_asked(), .signal_sent = true});
        }
    });
}

void KillJob::ended(bool signal_sent) {
    end_watch_.end();
    timer_.end();
    context_.post({.job = id_,
                   .stage = Stage::ended,
                   .since_asked = signal_sent ? since_asked() : 0ms,
                   .signal_sent = signal_sent});
    finish();
}

void KillJob::refuse(Problem problem, std::string sentence) {
    end_watch_.end();
    timer_.end();
    context_.post({.job = id_, .stage = Stage::refused, .problem = problem, .sentence = std::move(sentence)});
    finish();
}

void KillJob::refuse(platform::RefusedSignal refusal) {
    refuse(problem_of(refusal.reason), std::move(refusal.sentence));
}

std::chrono::milliseconds KillJob::since_asked() const {
    return std::chrono::duration_cast<std::chrono::milliseconds>(EventLoop::Clock::now() - asked_at_);
}

PkexecWords KillJob::words() const {
    const bool force = request_.target.signal == platform::Signal::kill;
    return {"nothing was sent",
            fmt::format("sudo portside kill {}pid:{}", force ? "--force " : "", request_.target.process.pid)};
}

} // namespace portside::jobs
