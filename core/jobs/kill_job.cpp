// SPDX-License-Identifier: MIT
// Plain: check and send, then wait. Elevated: check, ask by pkexec, then wait; the prompt goes when the process ends
// first.
#include "core/jobs/kill_job.h"

#include "core/jobs/helper.h"
#include "core/jobs/job_thread.h"

#include <fmt/format.h>

namespace portside::jobs {

using namespace std::chrono_literals;

namespace {

// Between "the process ended" and "kill, as administrator, ended too": both happen at once when the signal did it, and
// the order in which we hear of them says nothing.
constexpr auto kSettle = 250ms;
// After that the prompt is withdrawn; a pkexec that was authorised just then cannot be ended, but ends by itself.
constexpr auto kWithdraw = 2s;

// Where no helper is installed: the number is checked up to this moment, and not after the password.
PkexecCommand plain_kill(const platform::SignalTarget& target) {
    PkexecCommand command;
    command.arguments = {"kill", target.signal == platform::Signal::kill ? "-KILL" : "-TERM",
                         std::to_string(target.process.pid)};
    return command;
}

} // namespace

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
    helper_ = find_helper(context_.system);
    PkexecCommand command = helper_ ? helper_kill(*helper_, request_.target, pidfd_) : plain_kill(request_.target);
    command.internal_agent = request_.internal_agent;
    auto run = PkexecRun::start(*pkexec, command, context_, [this](const PkexecEnd& end) { pkexec_ended(end); });
    if (!run) {
        const auto why = no_pkexec(run.error().what, words());
        refuse(why.problem, why.sentence);
        return;
    }
    pkexec_ = std::move(*run);
    context_.post({.job = id_, .stage = Stage::authorising});
    end_watch_ = context_.loop.when_readable(pidfd_.get(), [this] { target_ended_during_prompt(); });
}

void KillJob::target_ended_during_prompt() {
    end_watch_.end();
    timer_ = context_.loop.at(EventLoop::Clock::now() + kSettle, [this] {
        pkexec_->withdraw();
        timer_ = context_.loop.at(EventLoop::Clock::now() + kWithdraw, [this] { ended(false); });
    });
}

void KillJob::pkexec_ended(const PkexecEnd& end) {
    timer_.end();
    if (end.succeeded()) {
        sent();
    } else if (platform::has_ended(pidfd_)) {
        ended(false);
    } else {
        auto why = helper_ ? explain_helper_kill(end, request_.target, words()) : explain(end, words());
        refuse(why.problem, std::move(why.sentence));
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
