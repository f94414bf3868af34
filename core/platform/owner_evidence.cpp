// SPDX-License-Identifier: MIT
// The owner index: what a count cannot tell. A descriptor that was exchanged for another leaves the count as it was, so
// known descriptors are verified in turn, and all of them are looked at again, a few in each update. One object belongs
// to one thread.
#include "core/platform/owner_index.h"

#include <algorithm>

namespace portside::platform {

namespace {

constexpr std::size_t kVerifyTurns = 8; // updates in which every known descriptor is verified once
// Descriptors that an update reads again without any evidence: some tenths of a millisecond on a small machine.
constexpr std::size_t kAuditAtLeast = 16;
constexpr std::size_t kAuditShare = 12;     // and one more for so many processes
constexpr std::size_t kWithoutCounts = 4;   // so many times more where the kernel does not count descriptors
constexpr std::uint64_t kProcessWeight = 4; // descriptors that opening the folders of a process costs

std::uint64_t weight_of(const KnownProcess& process) {
    return process.is_kernel_thread ? 0
           : process.is_denied      ? 1
                                    : process.count + process.threads + process.thread_links + kProcessWeight;
}

} // namespace

void OwnerIndex::suspect(const Holding& holding) {
    ++links_verified_;
    if (still_holds(root_, holding)) {
        return;
    }
    any_suspect_ = true;
    KnownProcess* const process = table_.find(holding.pid);
    if (process != nullptr && process->changed_at <= process->began_at) {
        process->changed_at = update_; // a look that is under way may have passed it already
    }
}

// A socket that was seen before it was listened on: is it still where it was?
void OwnerIndex::verify_new() {
    for (const std::uint64_t inode : appeared_) {
        for (const Holding& holding : holdings_.of_socket(inode)) {
            suspect(holding);
        }
    }
}

// Who held what another holder lost? They may have done the same at the same time.
void OwnerIndex::verify_lost() {
    std::sort(lost_.begin(), lost_.end());
    lost_.erase(std::unique(lost_.begin(), lost_.end()), lost_.end());
    for (const std::uint64_t inode : lost_) {
        for (const Holding& holding : holdings_.of_socket(inode)) {
            suspect(holding);
        }
    }
    lost_.clear();
}

void OwnerIndex::verify_turn() {
    const std::size_t turn = (known_.size() + kVerifyTurns - 1) / kVerifyTurns;
    for (std::size_t i = 0; i < turn; ++i) {
        verify_at_ = verify_at_ + 1 < known_.size() ? verify_at_ + 1 : 0;
        suspect(known_[verify_at_]);
    }
}

std::size_t OwnerIndex::audit_budget() const {
    const std::size_t descriptors = kAuditAtLeast + table_.processes().size() / kAuditShare;
    return root_.counts_descriptors ? descriptors : descriptors * kWithoutCounts;
}

// Which of those without a descriptor are kernel threads: they need no counting from then on.
void OwnerIndex::add_natureless() {
    const auto processes = table_.processes();
    for (std::size_t i = 0; i < processes.size() && root_.counts_descriptors; ++i) {
        if (processes[i].count == 0 && processes[i].looked_at == 1) {
            places_.push_back(i);
        }
    }
    std::sort(places_.begin(), places_.end());
    places_.erase(std::unique(places_.begin(), places_.end()), places_.end());
}

// What was read ahead is part of a turn through all descriptors. Those of a process that has ended or closed some are
// no part of the next one: waiting for their sake would make that longer than audit_period().
void OwnerIndex::forgive_audit() {
    const KnownProcess* const debtor = audit_credit_ < 0 ? table_.find(audit_debtor_) : nullptr;
    if (debtor == nullptr || debtor->count < audit_debtor_count_) {
        audit_credit_ = 0;
    }
}

// A long table that the audit has begun may have been read to its end since, by a search or for a change: beginning it
// anew would cost its turn twice.
void OwnerIndex::pass_over_what_was_read() {
    const KnownProcess* const process = audit_left_since_ != 0 ? table_.find(audit_at_) : nullptr;
    if (process != nullptr && process->looked_at >= audit_left_since_) {
        ++audit_at_;
    }
    audit_left_since_ = 0;
}

void OwnerIndex::audit() {
    forgive_audit();
    const auto processes = table_.processes();
    // A part of a long table is more than one update may read: the next ones pay for it.
    audit_credit_ += static_cast<std::int64_t>(audit_budget());
    if (audit_credit_ <= 0) {
        return;
    }
    pass_over_what_was_read();
    const std::uint64_t read_before = lookers_[0].links_read() + lookers_[1].links_read();
    Budget budget{.left = static_cast<std::size_t>(audit_credit_)};
    places_.clear();
    audit_debtor_count_ = 0;
    std::uint64_t weight = 0;
    const auto first = std::lower_bound(processes.begin(), processes.end(), audit_at_,
                                        [](const KnownProcess& process, pid_t pid) { return process.pid < pid; });
    auto at = static_cast<std::size_t>(first - processes.begin());
    for (std::size_t i = 0; i < processes.size() && weight < budget.left; ++i, ++at) {
        at = at < processes.size() ? at : 0;
        const KnownProcess& process = processes[at];
        if (process.looked_at != update_ && !process.is_kernel_thread) {
            places_.push_back(at);
            weight += weight_of(process);
            if (process.count >= audit_debtor_count_) {
                audit_debtor_ = process.pid;
                audit_debtor_count_ = process.count;
            }
        }
        audit_at_ = process.pid + 1;
    }
    if (update_ == 2) {
        add_natureless();
        budget.left += places_.size(); // each of them costs one
    }
    look_at(places_, budget, false);
    if (!places_.empty()) { // not all of them, or not the whole of the first: they are the first of the next turn
        const KnownProcess& left = processes[places_.front()];
        audit_at_ = left.pid;
        audit_left_since_ = left.next_part != 0 ? left.began_at : 0;
    }
    const std::uint64_t read = lookers_[0].links_read() + lookers_[1].links_read() - read_before;
    audit_credit_ = std::min<std::int64_t>(audit_credit_ - static_cast<std::int64_t>(read), 0);
}

// A turn through all, and what was read in one go just before it, which is paid for afterwards.
std::size_t OwnerIndex::audit_period() const {
    std::uint64_t weight = 0;
    std::uint64_t longest = 0;
    for (const KnownProcess& process : table_.processes()) {
        weight += weight_of(process);
        longest = std::max(longest, std::min<std::uint64_t>(process.count, kPart) + process.thread_links);
    }
    return static_cast<std::size_t>(weight + longest) / audit_budget() + 2;
}

} // namespace portside::platform
