// SPDX-License-Identifier: MIT
#include "core/jobs/elevated_signal.h"

#include "core/jobs/helper.h"

#include <utility>

namespace portside::jobs {

using namespace std::chrono_literals;

namespace {

// Between "the process ended" and "kill, as administrator, ended too": both happen at once when the signal did it, and
// the order in which we hear of them says nothing.
constexpr auto kSettle = 1s;
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

std::optional<RefusedJob> ElevatedSignal::start(platform::SignalTarget target, const base::UniqueFd& pidfd,
                                                PkexecWords words, Done done) {
    PkexecCommand command = helper_ ? helper_kill(*helper_, target, pidfd) : plain_kill(target);
    command.internal_agent = internal_agent_;
    auto run = PkexecRun::start(pkexec_, command, context_, [this](const PkexecEnd& end) { pkexec_ended(end); });
    if (!run) {
        return no_pkexec(run.error().what, words);
    }
    run_ = std::move(*run);
    target_ = std::move(target);
    pidfd_ = &pidfd;
    words_ = std::move(words);
    done_ = std::move(done);
    end_watch_ = context_.loop.when_readable(pidfd.get(), [this] { target_ended(); });
    return std::nullopt;
}

void ElevatedSignal::target_ended() {
    end_watch_.end();
    timer_ = context_.loop.at(EventLoop::Clock::now() + kSettle, [this] {
        run_->withdraw();
        timer_ = context_.loop.at(EventLoop::Clock::now() + kWithdraw, [this] {
            run_.reset(); // nobody waits for it any more
            tell({ElevatedEnd::Outcome::gone});
        });
    });
}

void ElevatedSignal::pkexec_ended(const PkexecEnd& end) {
    if (end.succeeded()) {
        tell({ElevatedEnd::Outcome::sent});
    } else if (platform::has_ended(*pidfd_)) {
        tell({ElevatedEnd::Outcome::gone});
    } else {
        tell({ElevatedEnd::Outcome::refused,
              helper_ ? explain_helper_kill(end, target_, words_) : explain(end, words_)});
    }
}

void ElevatedSignal::tell(ElevatedEnd end) {
    end_watch_.end();
    timer_.end();
    told_ = std::move(run_);
    const auto done = std::exchange(done_, {});
    done(std::move(end));
}

} // namespace portside::jobs
