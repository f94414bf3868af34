// SPDX-License-Identifier: MIT
// The owner index's one way in: processes are looked at, and what was known of their tables is replaced by what was
// seen. Long tables are read in parts, shared between two threads and, where an update may not read that much, carried
// on in the next one. One object belongs to one thread.
#include "core/platform/owner_index.h"

#include <algorithm>
#include <linux/capability.h>
#include <linux/kcmp.h>
#include <sys/syscall.h>
#include <tuple>
#include <unistd.h>

namespace portside::platform {

namespace {

constexpr std::uint64_t kUnknownCount = 32;         // of descriptors, where the kernel does not count them
constexpr std::uint64_t kDescriptorsWorthTwo = 512; // descriptors from which a second thread pays for its waking

std::uint64_t weight_of(const Look& look) {
    return look.is_closed ? 0 : look.range.is_whole() && look.expected != 0 ? look.expected : look.is_empty ? 1 : kPart;
}

// Of a table that is read in parts.
std::uint64_t with_part(std::uint64_t digest, std::uint64_t part) {
    return ((digest ^ part) * 0x100000001B3U) | 1U;
}

// Whether we may pass over the mode of a file that is another user's (capabilities(7)).
bool passes_over_modes() {
    __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3> data{};
    if (::syscall(SYS_capget, &header, data.data()) != 0) {
        return true; // nobody knows: it is tried
    }
    return (data[0].effective & ((1U << CAP_DAC_OVERRIDE) | (1U << CAP_DAC_READ_SEARCH))) != 0;
}

} // namespace

// The folder of a process's descriptors is its user's alone (mode 0500). The kernel makes an exception for a process
// that looks at itself.
void OwnerIndex::know_ourselves() {
    own_uid_ = ::geteuid();
    own_pid_ = root_.own_numbers ? ::getpid() : 0;
    opens_only_own_ = root_.is_procfs && root_.own_numbers && root_.counts_descriptors && !passes_over_modes();
}

// Adds looks at the parts of the process's table that the budget allows.
void OwnerIndex::plan_looks(KnownProcess& process, Budget& budget, bool every_table) {
    if (process.next_part == 0) {
        process.began_at = update_;
        process.began_count = process.count;
        process.began_table_uid = process.table_uid;
    }
    const bool counted = root_.counts_descriptors;
    // One that denies itself does so at the first step; another user's is likely to.
    const bool likely_denied =
        process.is_denied || (process.looked_at == 0 && own_uid_ != 0 && process.table_uid != own_uid_);
    const bool closed =
        opens_only_own_ && process.count != 0 && process.table_uid != own_uid_ && process.pid != own_pid_;
    const int parts = likely_denied || closed ? 1 : static_cast<int>(process.began_count / kPart) + 1;
    for (; process.next_part < parts && (budget.left > 0 || !budget.any_taken); ++process.next_part) {
        Look& look = looks_.emplace_back();
        look.pid = process.pid;
        look.every_table = every_table;
        look.is_closed = closed;
        look.folder = process.start_time != 0 && root_.is_procfs ? process.folder : 0;
        if (parts > 1) {
            look.range.first = process.next_part * static_cast<int>(kPart);
            look.range.end =
                process.next_part + 1 == parts ? look.range.end : look.range.first + static_cast<int>(kPart);
        } else if (process.began_at == update_) {
            // To look takes descriptors of our own, which were not counted: by the count we would stop before our last
            // one.
            look.expected = process.pid == own_pid_ ? 0 : process.count;
            look.is_empty = counted && process.count == 0;
            look.ask_nature = process.looked_at != 0; // the first look at all processes has no time for it
        }
        const std::uint64_t descriptors = parts > 1 ? std::min(kPart, process.began_count)
                                          : counted ? process.count
                                                    : kUnknownCount;
        const std::uint64_t cost =
            process.is_denied || closed
                ? 1
                : descriptors + (process.next_part == 0 ? process.threads + process.thread_links : 0) + 1;
        budget.left -= std::min<std::size_t>(budget.left, cost);
        budget.any_taken = true;
    }
    if (process.next_part >= parts) {
        process.next_part = 0;
    }
}

void OwnerIndex::do_looks() {
    // The largest first, so that the two workers end at about the same time.
    order_.resize(looks_.size());
    std::uint64_t total = 0;
    for (std::size_t i = 0; i < looks_.size(); ++i) {
        order_[i] = i;
        total += weight_of(looks_[i]);
    }
    std::sort(order_.begin(), order_.end(),
              [&](std::size_t a, std::size_t b) { return weight_of(looks_[a]) > weight_of(looks_[b]); });
    workers_.run(order_.size(), total >= kDescriptorsWorthTwo, [&](std::size_t index, std::size_t worker) {
        lookers_[worker].look(looks_[order_[index]], found_[worker]);
    });
    found_[0].insert(found_[0].end(), found_[1].begin(), found_[1].end());
    found_[1].clear();
}

// `looks` are those at this process, in order; a part that was not read yet follows in a later update.
void OwnerIndex::take_in(KnownProcess& process, std::span<const Look> looks) {
    const auto any = [&](auto test) { return std::any_of(looks.begin(), looks.end(), test); };
    const bool is_first = looks.front().range.first == 0;
    const bool denied = any([](const Look& look) { return look.access == Access::denied; });
    const bool was_denied = process.is_denied;
    process.is_denied = denied || (!is_first && process.is_denied);
    changed_ = changed_ || was_denied != process.is_denied;
    const bool failed = any([](const Look& look) { return look.access == Access::failed; });
    const bool unread = failed || (!is_first && process.is_unread);
    changed_ = changed_ || unread != process.is_unread;
    process.is_unread = unread;
    if (is_first) {
        process.is_kernel_thread = looks.front().is_kernel_thread;
        process.has_own_tables = looks.front().has_own_tables;
        process.threads = looks.front().threads;
        if (!looks.front().every_table) {
            process.thread_links = looks.front().thread_links;
        }
        process.every_table_at = looks.front().every_table ? update_ : process.every_table_at;
    }
    if (process.next_part == 0) {
        process.same_count = process.looked_count == process.began_count;
        process.looked_at = process.began_at;
        process.looked_count = process.began_count;
        process.looked_table_uid = process.began_table_uid;
        const bool changed_since = process.changed_at > process.began_at;
        process.changed_at = changed_since ? process.changed_at : unread ? update_ : 0;
        process.held_before = false;
    }
}

// Processes can share one descriptor table (clone(2) with CLONE_FILES). What changes in it without changing its count
// is seen in one of them first.
void OwnerIndex::suspect_sharers(const KnownProcess& changed) {
    const auto suspect_those_with = [&](pid_t thread, bool any_count) {
        for (KnownProcess& other : table_.processes()) {
            const bool may_share = (any_count || other.count == changed.count) && other.changed_at == 0 &&
                                   other.looked_at != update_ && other.pid != changed.pid && other.count != 0;
            if (may_share && ::syscall(SYS_kcmp, thread, other.pid, KCMP_FILES, 0UL, 0UL) == 0) {
                other.changed_at = update_;
                any_suspect_ = true;
            }
        }
    };
    if (!root_.compares_tables) {
        return;
    }
    if (changed.same_count) {
        suspect_those_with(changed.pid, false);
    }
    pid_t last = 0;
    for (const Holding& holding : found_[0]) {
        if (changed.has_own_tables && holding.pid == changed.pid && holding.thread != last) {
            last = holding.thread;
            if (last != 0) {
                suspect_those_with(last, true); // its own table was not counted
            }
        }
    }
}

// `looks` are those at this process, in order. Compares what they saw with what the last looks at its whole table saw:
// what changed without changing the count may have changed in others. True where it is the same, seen in one look.
bool OwnerIndex::is_old_news(KnownProcess& process, std::span<const Look> looks) {
    const bool begins = looks.front().range.first == 0;
    std::uint64_t digest = begins ? 1 : process.parts_digest; // 0: not all of it was read
    for (const Look& look : looks) {
        digest = look.access == Access::read && digest != 0 ? with_part(digest, look.digest) : 0;
    }
    const std::uint64_t before = process.looked_digest != 0 ? process.looked_digest : process.former_digest;
    process.looked_digest = 0; // until the whole is known again
    if (process.next_part != 0) {
        process.former_digest = before;
        process.parts_digest = digest;
        return false;
    }
    process.former_digest = 0;
    process.looked_digest = digest;
    const bool same = digest != 0 && digest == before;
    if (!same && before != 0) {
        suspect_sharers(process);
    }
    return same && looks.front().range.is_whole();
}

// Whether each look saw what the last look at the same whole tables saw.
bool OwnerIndex::all_looks_are_old_news() {
    bool all = true;
    for (auto first = looks_.cbegin(); first != looks_.cend();) {
        const auto last = std::find_if(first, looks_.cend(), [&](const Look& look) { return look.pid != first->pid; });
        KnownProcess* const process = table_.find(first->pid);
        all = process != nullptr && is_old_news(*process, {first, last}) && all;
        first = last;
    }
    return all;
}

// Looks at these processes in this order as far as the budget goes. Leaves in `places` those that are still to be done.
void OwnerIndex::look_at(Places& places, Budget& budget, bool every_table) {
    looks_.clear();
    std::size_t taken = 0;
    for (; taken < places.size() && (budget.left > 0 || !budget.any_taken); ++taken) {
        KnownProcess& process = table_.processes()[places[taken]];
        plan_looks(process, budget, every_table);
        if (process.next_part != 0) {
            break; // the budget ended inside of this table
        }
    }
    if (looks_.empty()) {
        return;
    }
    do_looks();
    std::sort(looks_.begin(), looks_.end(), [](const Look& a, const Look& b) {
        return std::tie(a.pid, a.range.first) < std::tie(b.pid, b.range.first);
    });
    for (auto first = looks_.begin(); first != looks_.end();) {
        const auto last = std::find_if(first, looks_.end(), [&](const Look& look) { return look.pid != first->pid; });
        if (KnownProcess* const process = table_.find(first->pid)) {
            take_in(*process, {first, last});
        }
        first = last;
    }
    places.erase(places.begin(), places.begin() + static_cast<std::ptrdiff_t>(taken));
    if (all_looks_are_old_news()) {
        found_[0].clear();
        return;
    }
    std::erase_if(looks_, [](const Look& look) { return look.access == Access::failed; }); // what was known stays
    changed_ = holdings_.replace(looks_, {}, found_[0], lost_) || changed_;
}

} // namespace portside::platform
