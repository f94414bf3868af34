// SPDX-License-Identifier: MIT
// The owner index: a socket without an owner is searched for in an ordered list of scopes, each a choice of processes;
// who was looked at since the search began is not looked at again. What is found nowhere is searched for again with
// growing pauses. One object belongs to one thread.
#include "core/platform/owner_index.h"

#include <algorithm>

namespace portside::platform {

namespace {

// In updates; meanwhile every change and the audit may find it.
constexpr std::uint64_t kFirstPause = 64;
constexpr std::uint64_t kLongestPause = 4096;

} // namespace

struct OwnerIndex::Scope {
    enum class Who : std::uint8_t { changed, former_holders, of_same_user, all };
    Who who = Who::all;
    bool every_table = false; // also those of threads that only reading tells from the process's
};

// A socket of another user is likely to be held where we may not look: going through all our own processes for it can
// wait until it has been there for a while.
bool OwnerIndex::is_in_reach(const WantedSocket& socket) const {
    return denied_ == 0 || socket.uid == own_uid_;
}

bool OwnerIndex::searches_for_the_first_time() const {
    return std::any_of(missing_.begin(), missing_.end(),
                       [](const Missing& missing) { return missing.asked_at != 0 && missing.pause == 0; });
}

// A first search is not disturbed: one that began later would begin it anew. A repeated one gives way to it.
void OwnerIndex::begin_searches() {
    const auto is_due = [&](const Missing& missing) { return missing.asked_at != 0 || missing.next_at <= update_; };
    const bool first_due = std::any_of(missing_.begin(), missing_.end(),
                                       [&](const Missing& missing) { return missing.pause == 0 && is_due(missing); });
    const bool any_under_way =
        std::any_of(missing_.begin(), missing_.end(), [](const Missing& missing) { return missing.asked_at != 0; });
    const bool goes_on = first_due ? searches_for_the_first_time() : any_under_way;
    for (Missing& missing : missing_) {
        if (!goes_on && is_due(missing)) {
            missing.asked_at = update_;
        }
    }
    asked_at_ = 0;
    for (const Missing& missing : missing_) {
        asked_at_ = std::max(asked_at_, missing.asked_at);
    }
}

void OwnerIndex::end_searches() {
    for (Missing& missing : missing_) {
        if (missing.asked_at != 0) {
            missing.asked_at = 0;
            missing.pause = std::clamp(missing.pause * 4, kFirstPause, kLongestPause);
            missing.next_at = (update_ / missing.pause + 1) * missing.pause; // together with others
        }
    }
}

// False when the budget ended before the scope did.
bool OwnerIndex::search_in(const Scope& scope, Budget& budget) {
    const auto is_wanted = [&](const KnownProcess& process) {
        switch (scope.who) {
        case Scope::Who::changed:
            return process.changed_at != 0;
        case Scope::Who::former_holders:
            return process.held_before;
        case Scope::Who::of_same_user:
            return std::any_of(missing_.begin(), missing_.end(), [&](const Missing& missing) {
                return missing.asked_at != 0 && missing.socket.uid == process.table_uid;
            });
        case Scope::Who::all:
            break;
        }
        return true;
    };
    places_.clear();
    const auto processes = table_.processes();
    for (std::size_t i = 0; i < processes.size(); ++i) {
        KnownProcess& process = processes[i];
        const std::uint64_t looked_at = scope.every_table ? process.every_table_at : process.looked_at;
        const bool idle_kernel_thread = process.is_kernel_thread && process.count == 0;
        const bool goes_on_denying = process.is_denied && process.changed_at == 0;
        if (looked_at >= asked_at_ || idle_kernel_thread || goes_on_denying || !is_wanted(process)) {
            continue;
        }
        if (process.began_at < asked_at_) {
            process.next_part = 0; // what was read of it is from before the question
        }
        places_.push_back(i);
    }
    const bool wide = scope.who == Scope::Who::of_same_user || scope.who == Scope::Who::all;
    if (wide && !places_.empty() && walk_counted_ != asked_at_) {
        walk_counted_ = asked_at_;
        ++full_walks_;
    }
    look_at(places_, budget, scope.every_table);
    settle();
    return places_.empty();
}

void OwnerIndex::search() {
    using Who = Scope::Who;
    static constexpr std::array<Scope, 5> kScopes{
        {{Who::changed}, {Who::former_holders}, {Who::of_same_user}, {Who::all}, {Who::all, true}}};
    unfinished_ = false;
    begin_searches();
    const bool first_time = searches_for_the_first_time();
    Budget budget = this->budget(first_time ? 1 : kQuietShare);
    for (const Scope& scope : kScopes) {
        const bool far = scope.who == Who::all;
        const bool any = std::any_of(missing_.begin(), missing_.end(), [&](const Missing& missing) {
            return missing.asked_at != 0 && (!far || missing.pause != 0 || is_in_reach(missing.socket));
        });
        if (!any) {
            break;
        }
        if (scope.every_table && root_.compares_tables) {
            continue; // every look reads them
        }
        if (!search_in(scope, budget)) {
            unfinished_ = searches_for_the_first_time(); // what was not found before can wait
            return;
        }
    }
    end_searches();
}

} // namespace portside::platform
