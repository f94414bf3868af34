// SPDX-License-Identifier: MIT
// See the header for the order of the steps.
#include "core/jobs/tree_job.h"

#include "core/jobs/job_thread.h"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

namespace portside::jobs {

using namespace std::chrono_literals;
using platform::Refusal;
using platform::RefusedSignal;

namespace {

// Between two rounds: short while somebody new was found, then longer and longer, so that the rounds last for seconds.
constexpr auto kFirstGap = 5ms;
constexpr auto kLongestGap = 500ms;

tl::unexpected<RefusedSignal> refusal(Refusal reason, std::string sentence) {
    return tl::unexpected<RefusedSignal>(RefusedSignal{reason, std::move(sentence)});
}

} // namespace

TreeJob::TreeJob(JobId id, TreeRequest request, JobContext& context)
    : id_(id), request_(std::move(request)), context_(context), tree_(request_.kill.target.process),
      signals_(context, request_.kill, members_,
               {[this](TreeMember& member) { watch(member); }, [this] { asking(); },
                [this](std::optional<RefusedJob> why) { pass_over(std::move(why)); }}) {}

void TreeJob::start() {
    if (auto taken = take_first(); !taken) {
        refuse({problem_of(taken.error().reason), std::move(taken.error().sentence)});
    } else if (auto why = signals_.prepare()) {
        refuse(std::move(*why));
    } else {
        signals_.send_from(members_.begin());
    }
}

TreeJob::Checked TreeJob::take_first() {
    const bool trust_unreadable = request_.kill.elevate; // the helper asks as administrator
    const auto& target = request_.kill.target;
    auto root = platform::check_target(target, context_.system.signals, trust_unreadable);
    if (!root) {
        return tl::unexpected<RefusedSignal>(std::move(root.error()));
    }
    if (request_.holder) {
        auto target_below = *request_.holder;
        target_below.consented = true; // whether it needs to be is asked when it is taken
        if (auto holder = platform::check_target(target_below, context_.system.signals, trust_unreadable); !holder) {
            return tl::unexpected<RefusedSignal>(std::move(holder.error()));
        }
    }
    const auto all = platform::read_relatives();
    if (!all) {
        return refusal(Refusal::failed, all.error().what + " Nothing was sent.");
    }
    const auto found = tree_.take_new(*all);
    if (found.empty()) {
        return refusal(Refusal::gone,
                       fmt::format("Process {} has ended already: nothing was sent.", target.process.pid));
    }
    if (request_.holder && !tree_.has(request_.holder->process)) {
        return refusal(Refusal::not_holding,
                       fmt::format("Process {} no longer descends from {}: nothing was sent.",
                                   request_.holder->process.pid, platform::label_of(found.front().stat)));
    }
    members_.push_back({target.process, platform::label_of(found.front().stat), std::move(*root)});
    for (auto process = std::next(found.begin()); process != found.end(); ++process) {
        if (auto taken = take(*process, target.consented); !taken) {
            return taken;
        }
    }
    return {};
}

TreeJob::Checked TreeJob::take(const platform::Relative& process, bool consented) {
    platform::SignalTarget target;
    target.process = process.stat.id;
    target.signal = request_.kill.target.signal;
    target.consented = consented;
    auto pidfd = platform::check_target(target, context_.system.signals);
    if (pidfd) {
        members_.push_back({target.process, platform::label_of(process.stat), std::move(*pidfd)});
        return {};
    }
    switch (pidfd.error().reason) {
    case Refusal::gone:
    case Refusal::identity_changed:
        return {};
    case Refusal::never_signalled: // Portside itself, in the tree of its own terminal
        leave(process, " (it is Portside itself)");
        return {};
    case Refusal::needs_consent:
    case Refusal::not_holding:
    case Refusal::not_permitted:
    case Refusal::failed:
        break;
    }
    return tl::unexpected<RefusedSignal>(std::move(pidfd.error()));
}

// It is named, and gets no signal.
void TreeJob::leave(const platform::Relative& process, const char* why) {
    members_.push_back({process.stat.id, platform::label_of(process.stat), {}, why, TreeMember::State::left});
}

void TreeJob::asking() {
    round_timer_.end();
    patience_timer_.end(); // patience is for the processes, not for the person
    asked_ = false;
    JobEvent made{.job = id_, .stage = Stage::authorising, .signal_sent = signals_.signalled() != 0};
    made.members = signals_.signalled();
    context_.post(std::move(made));
}

void TreeJob::pass_over(std::optional<RefusedJob> why) {
    if (why && signals_.signalled() == 0) {
        refuse(std::move(*why));
    } else if (why) {
        stop(std::move(*why));
    } else {
        asked();
        await_round(0ms);
    }
}

// All that were found so far: again after each prompt, whose time does not count.
void TreeJob::asked() {
    if (std::exchange(asked_, true)) {
        return;
    }
    asked_at_ = EventLoop::Clock::now();
    if (signals_.signalled() != 0) {
        context_.post(event(Stage::asked));
    }
    patience_timer_ = context_.loop.at(asked_at_ + request_.kill.patience, [this] { patience_over(); });
}

// Nothing more is sent: what became of those that got the signal is waited for, and then all is told.
void TreeJob::stop(RefusedJob why) {
    stopped_ = std::move(why);
    round_timer_.end();
    patience_timer_ = context_.loop.at(EventLoop::Clock::now() + request_.kill.patience, [this] { tell_stopped(); });
    if (all_ended()) {
        tell_stopped();
    }
}

void TreeJob::tell_stopped() {
    stopped_->sentence += " " + stopped_sentence(members_, request_.kill.target.signal);
    context_.post({.job = id_,
                   .stage = Stage::refused,
                   .problem = stopped_->problem,
                   .signal_sent = true,
                   .sentence = std::move(stopped_->sentence)});
    patience_timer_.end();
    finish();
}

void TreeJob::watch(TreeMember& member) {
    member.ended = context_.loop.when_readable(member.pidfd.get(), [this, &member] { member_ended(member); });
}

// Newcomers are younger than the first reading: none of them is an ancestor of ours, and what they are part of was
// asked about with those that were there.
void TreeJob::round() {
    if (rounds_ == kRounds) {
        if (all_ended()) {
            ended();
        }
        return;
    }
    ++rounds_;
    const auto all = platform::read_relatives();
    const auto found = all ? tree_.take_new(*all) : std::vector<platform::Relative>{};
    const auto before = members_.size();
    for (const auto& process : found) {
        const bool zombie = process.stat.state == 'Z' || process.stat.state == 'X';
        if (zombie) {
            continue;
        }
        if (const auto taken = take(process, true); !taken) {
            leave(process, " (it could not be checked)");
        }
    }
    still_growing_ = members_.size() != before;
    if (still_growing_) {
        signals_.send_from(std::next(members_.begin(), static_cast<std::ptrdiff_t>(before)));
    } else if (all_ended()) {
        ended();
    } else {
        await_round(std::clamp(gap_ * 2, std::chrono::milliseconds(kFirstGap), std::chrono::milliseconds(kLongestGap)));
    }
}

void TreeJob::await_round(std::chrono::milliseconds gap) {
    gap_ = gap;
    round_timer_ = context_.loop.at(EventLoop::Clock::now() + gap, [this] { round(); });
}

// Its children have another parent from now on: they are looked for before anything is said.
void TreeJob::member_ended(TreeMember& member) {
    member.ended.end();
    member.pidfd.reset();
    if (signals_.under_way() || !all_ended()) {
        return;
    }
    if (stopped_) {
        tell_stopped();
    } else {
        await_round(0ms);
    }
}

// Of those that were to end.
bool TreeJob::all_ended() const {
    return std::none_of(members_.begin(), members_.end(), [this](const TreeMember& member) {
        const bool counts = stopped_ ? member.state == TreeMember::State::signalled : !member.is_left();
        return counts && member.pidfd;
    });
}

void TreeJob::patience_over() {
    if (all_ended()) {
        return; // the end comes right after this and is the better news
    }
    context_.post(event(Stage::still_running));
}

void TreeJob::ended() {
    round_timer_.end();
    patience_timer_.end();
    if (still_growing_) { // and there are no more rounds: who is there now is named, not asked
        const auto all = platform::read_relatives();
        for (const auto& process : all ? tree_.take_new(*all) : std::vector<platform::Relative>{}) {
            leave(process, " (it appeared too late)");
        }
    }
    context_.post(event(Stage::ended));
    finish();
}

void TreeJob::refuse(RefusedJob refused) {
    context_.post(
        {.job = id_, .stage = Stage::refused, .problem = refused.problem, .sentence = std::move(refused.sentence)});
    finish();
}

JobEvent TreeJob::event(Stage stage) const {
    JobEvent made{.job = id_, .stage = stage, .signal_sent = signals_.signalled() != 0};
    made.since_asked = std::chrono::duration_cast<std::chrono::milliseconds>(EventLoop::Clock::now() - asked_at_);
    made.members = static_cast<std::size_t>(
        std::count_if(members_.begin(), members_.end(), [](const TreeMember& member) { return !member.is_left(); }));
    if (stage != Stage::asked) {
        made.left = left();
    }
    return made;
}

std::vector<std::string> TreeJob::left() const {
    std::vector<std::string> names;
    for (const auto& member : members_) {
        if (!member.is_left() && member.pidfd) {
            const auto stat = context_.system.signals.read_stat(member.id.pid);
            const bool stopped = stat && stat->id == member.id && stat->state == 'T';
            names.push_back(member.label + (stopped ? " (it is stopped)" : ""));
        } else if (member.is_left()) {
            names.push_back(member.label + member.why_left);
        }
    }
    return names;
}

} // namespace portside::jobs
