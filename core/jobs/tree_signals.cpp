// SPDX-License-Identifier: MIT
#include "core/jobs/tree_signals.h"

#include "core/jobs/helper.h"
#include "core/jobs/job_thread.h"
#include "core/jobs/tree_job.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <utility>

namespace portside::jobs {

using State = TreeMember::State;

std::optional<RefusedJob> TreeSignals::prepare() {
    const auto& signals = context_.system.signals;
    const bool needed =
        request_.elevate && std::any_of(members_.begin(), members_.end(), [&](const TreeMember& member) {
            return !member.is_left() && !signals.may_send(member.pidfd);
        });
    auto helper = request_.elevate ? find_helper(context_.system) : std::nullopt;
    if (needed && !helper) {
        return RefusedJob{Problem::not_permitted, kNoElevatedTree};
    }
    auto pkexec = helper ? find_pkexec(context_.system) : std::nullopt;
    if (needed && !pkexec) {
        return no_pkexec("There is no pkexec on this system", words(members_.front()));
    }
    if (helper && pkexec) {
        elevated_ =
            std::make_unique<ElevatedSignal>(context_, std::move(*pkexec), std::move(helper), request_.internal_agent);
    }
    return std::nullopt;
}

void TreeSignals::send_from(std::list<TreeMember>::iterator first) {
    next_ = first;
    under_way_ = true;
    go_on();
}

void TreeSignals::go_on() {
    while (next_ != members_.end()) {
        auto& member = *next_++;
        if (!send(member)) {
            return;
        }
    }
    over(std::nullopt);
}

bool TreeSignals::send(TreeMember& member) {
    if (member.is_left()) {
        return true;
    }
    const auto sent = context_.system.signals.send(member.pidfd, request_.target.signal);
    if (sent) {
        settle(member, State::signalled);
        return true;
    }
    const auto kind = sent.error().kind;
    if (kind == base::ErrorKind::not_found) {
        return gone(member);
    }
    if (kind != base::ErrorKind::not_permitted) {
        auto sentence =
            fmt::format("{} could not be signalled, nothing was sent. {}.", member.label, sent.error().what);
        return refused(member, {Problem::failed, std::move(sentence)}, " (it could not be signalled)");
    }
    if (elevated_) {
        return ask(member);
    }
    auto sentence = fmt::format("{} belongs to another user, so the system refused {}: nothing was sent. It takes an "
                                "administrator to stop it.",
                                member.label, platform::name_of(request_.target.signal));
    return refused(member, {Problem::not_permitted, std::move(sentence)}, " (it belongs to another user)");
}

bool TreeSignals::ask(TreeMember& member) {
    if (platform::has_ended(member.pidfd)) { // while the prompt of another was open
        return gone(member);
    }
    platform::SignalTarget target{member.id, {}, request_.target.signal, true};
    target.pidfd_id = context_.system.signals.pidfd_id(member.pidfd);
    if (is_root(member)) {
        target.inodes = request_.target.inodes;
    }
    auto why = elevated_->start(std::move(target), member.pidfd, words(member),
                                [this, &member](ElevatedEnd end) { answered(member, std::move(end)); });
    if (why) {
        over(std::move(*why));
    } else {
        handlers_.asking();
    }
    return false;
}

void TreeSignals::answered(TreeMember& member, ElevatedEnd end) {
    switch (end.outcome) {
    case ElevatedEnd::Outcome::sent:
        settle(member, State::signalled);
        break;
    case ElevatedEnd::Outcome::gone:
        settle(member, State::gone);
        break;
    case ElevatedEnd::Outcome::refused:
        switch (end.why.problem) {
        case Problem::identity_changed:
        case Problem::never_signalled:
        case Problem::not_permitted:
        case Problem::gone: // the pidfd does not say so
            if (!refused(member, std::move(end.why), " (it could not be signalled as administrator either)")) {
                return;
            }
            break;
        default: // nobody answers, or the answer is no: it would be the same for the next one
            over(std::move(end.why));
            return;
        }
    }
    go_on();
}

// Before its turn. Without its root nobody can tell any more whether the rest is still the tree that was meant.
bool TreeSignals::gone(TreeMember& member) {
    if (is_root(member)) {
        over(RefusedJob{Problem::gone, fmt::format("{} has ended already: nothing was sent.", member.label)});
        return false;
    }
    settle(member, State::gone);
    return true;
}

// Where the root refuses, nothing was sent and nothing is; of another one the rest goes on.
bool TreeSignals::refused(TreeMember& member, RefusedJob why, const char* why_left) {
    if (is_root(member)) {
        over(std::move(why));
        return false;
    }
    member.state = State::left;
    member.why_left = why_left;
    return true;
}

void TreeSignals::settle(TreeMember& member, State state) {
    member.state = state;
    signalled_ += state == State::signalled ? 1 : 0;
    handlers_.done(member);
}

void TreeSignals::over(std::optional<RefusedJob> why) {
    under_way_ = false;
    handlers_.over(std::move(why));
}

PkexecWords TreeSignals::words(const TreeMember& member) const {
    const bool force = request_.target.signal == platform::Signal::kill;
    return {signalled_ == 0 ? "nothing was sent" : "nothing more was sent",
            fmt::format("sudo portside kill {}--tree pid:{}", force ? "--force " : "", member.id.pid)};
}

std::string stopped_sentence(const std::list<TreeMember>& members, platform::Signal signal) {
    std::size_t signalled = 0;
    std::vector<std::string> running;
    std::vector<std::string> without;
    for (const auto& member : members) {
        const bool ended = !member.is_left() && (!member.pidfd || platform::has_ended(member.pidfd));
        if (member.state == State::signalled) {
            ++signalled;
            if (!ended) {
                running.push_back(member.label);
            }
        } else if (!ended) {
            without.push_back(member.label + member.why_left);
        }
    }
    const auto so_far = running.empty() ? fmt::format("and {} ended", signalled == 1 ? "has" : "have")
                                        : fmt::format("(not ended yet: {})", fmt::join(running, ", "));
    const auto rest =
        without.empty() ? std::string() : fmt::format("; {} got none: {}", without.size(), fmt::join(without, ", "));
    return fmt::format("Of {} process{} {} got {} {}{}.", signalled + without.size(),
                       signalled + without.size() == 1 ? "" : "es", signalled, platform::name_of(signal), so_far, rest);
}

} // namespace portside::jobs
