// SPDX-License-Identifier: MIT
// See the header for the order of the steps.
#include "core/jobs/tree_job.h"

#include "core/jobs/job_thread.h"

#include <algorithm>
#include <fmt/format.h>

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

void TreeJob::start() {
    auto taken = take_first();
    if (taken) {
        taken = send_first();
    }
    if (!taken) {
        refuse(std::move(taken.error()));
        return;
    }
    asked_at_ = EventLoop::Clock::now();
    context_.post(event(Stage::asked));
    patience_timer_ = context_.loop.at(asked_at_ + request_.kill.patience, [this] { patience_over(); });
    await_round(0ms);
}

TreeJob::Checked TreeJob::take_first() {
    if (request_.kill.elevate) {
        return refusal(Refusal::not_permitted, kNoElevatedTree);
    }
    const auto& target = request_.kill.target;
    auto root = platform::check_target(target, context_.system.signals);
    if (!root) {
        return tl::unexpected<RefusedSignal>(std::move(root.error()));
    }
    if (request_.holder) {
        auto target_below = *request_.holder;
        target_below.consented = true; // whether it needs to be is asked when it is taken
        if (auto holder = platform::check_target(target_below, context_.system.signals); !holder) {
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
    members_.push_back({target.process, platform::label_of(found.front().stat), std::move(*root), {}});
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
        members_.push_back({target.process, platform::label_of(process.stat), std::move(*pidfd), {}});
        return {};
    }
    switch (pidfd.error().reason) {
    case Refusal::gone:
    case Refusal::identity_changed:
        return {};
    case Refusal::never_signalled: // Portside itself, in the tree of its own terminal
        members_.push_back({target.process, platform::label_of(process.stat), {}, " (it is Portside itself)"});
        return {};
    case Refusal::needs_consent:
    case Refusal::not_holding:
    case Refusal::not_permitted:
    case Refusal::failed:
        break;
    }
    return tl::unexpected<RefusedSignal>(std::move(pidfd.error()));
}

// The root is the first: where it refuses, nothing was sent.
TreeJob::Checked TreeJob::send_first() {
    auto& root = members_.front();
    if (const auto sent = context_.system.signals.send(root.pidfd, request_.kill.target.signal); !sent) {
        switch (sent.error().kind) {
        case base::ErrorKind::not_found:
            return refusal(Refusal::gone, fmt::format("{} has ended already: nothing was sent.", root.label));
        case base::ErrorKind::not_permitted:
            return refusal(Refusal::not_permitted,
                           fmt::format("{} belongs to another user, so the system refused {}: nothing was sent. It "
                                       "takes an administrator to stop it.",
                                       root.label, platform::name_of(request_.kill.target.signal)));
        default:
            return refusal(Refusal::failed, fmt::format("{} could not be signalled, nothing was sent. {}.", root.label,
                                                        sent.error().what));
        }
    }
    watch(root);
    for (auto member = std::next(members_.begin()); member != members_.end(); ++member) {
        send(*member);
    }
    return {};
}

void TreeJob::send(Member& member) {
    if (!member.asked()) {
        return;
    }
    const auto sent = context_.system.signals.send(member.pidfd, request_.kill.target.signal);
    if (!sent && sent.error().kind == base::ErrorKind::not_permitted) {
        member.why_left = " (it belongs to another user)";
    } else if (!sent && sent.error().kind != base::ErrorKind::not_found) {
        member.why_left = " (it could not be signalled)";
    } else {
        watch(member);
    }
}

void TreeJob::watch(Member& member) {
    member.ended = context_.loop.when_readable(member.pidfd.get(), [this, &member] { member_ended(member); });
}

// Newcomers are younger than the first reading: none of them is an ancestor of ours, and what they are part of was
// asked about with those that were there.
bool TreeJob::read_again() {
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
            members_.push_back({process.stat.id, platform::label_of(process.stat), {}, " (it could not be checked)"});
        }
    }
    still_growing_ = members_.size() != before;
    for (auto member = std::next(members_.begin(), static_cast<std::ptrdiff_t>(before)); member != members_.end();
         ++member) {
        send(*member);
    }
    return still_growing_;
}

void TreeJob::await_round(std::chrono::milliseconds gap) {
    gap_ = gap;
    round_timer_ = context_.loop.at(EventLoop::Clock::now() + gap, [this] { round(); });
}

void TreeJob::round() {
    if (rounds_ == kRounds) {
        if (all_ended()) {
            ended();
        }
        return;
    }
    if (read_again()) {
        await_round(0ms);
    } else if (all_ended()) {
        ended();
    } else {
        await_round(std::clamp(gap_ * 2, std::chrono::milliseconds(kFirstGap), std::chrono::milliseconds(kLongestGap)));
    }
}

// Its children have another parent from now on: they are looked for before anything is said.
void TreeJob::member_ended(Member& member) {
    member.ended.end();
    member.pidfd.reset();
    if (all_ended()) {
        await_round(0ms);
    }
}

bool TreeJob::all_ended() const {
    return std::none_of(members_.begin(), members_.end(),
                        [](const Member& member) { return member.asked() && member.pidfd; });
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
            members_.push_back({process.stat.id, platform::label_of(process.stat), {}, " (it appeared too late)"});
        }
    }
    context_.post(event(Stage::ended));
    finish();
}

void TreeJob::refuse(RefusedSignal refused) {
    members_.clear();
    context_.post({.job = id_,
                   .stage = Stage::refused,
                   .problem = problem_of(refused.reason),
                   .sentence = std::move(refused.sentence)});
    finish();
}

JobEvent TreeJob::event(Stage stage) const {
    JobEvent made{.job = id_, .stage = stage, .signal_sent = true};
    made.since_asked = std::chrono::duration_cast<std::chrono::milliseconds>(EventLoop::Clock::now() - asked_at_);
    made.members = static_cast<std::size_t>(
        std::count_if(members_.begin(), members_.end(), [](const Member& member) { return member.asked(); }));
    if (stage != Stage::asked) {
        made.left = left();
    }
    return made;
}

std::vector<std::string> TreeJob::left() const {
    std::vector<std::string> names;
    for (const auto& member : members_) {
        if (member.asked() && member.pidfd) {
            const auto stat = context_.system.signals.read_stat(member.id.pid);
            const bool stopped = stat && stat->id == member.id && stat->state == 'T';
            names.push_back(member.label + (stopped ? " (it is stopped)" : ""));
        } else if (!member.asked()) {
            names.push_back(member.label + member.why_left);
        }
    }
    return names;
}

} // namespace portside::jobs
