// SPDX-License-Identifier: MIT
// One scan after another. The comparison with what was read before comes ahead of assembly, so that a machine on which
// nothing changes costs reads only. One object belongs to one thread.
#include "core/snapshot/scanner.h"

#include "core/snapshot/first_seen.h"

#include <algorithm>
#include <chrono>
#include <ctime>
#include <iterator>
#include <tuple>
#include <utility>

namespace portside::snapshot {

namespace {

using platform::SocketEntry;

std::vector<platform::WantedSocket> wanted_of(const std::vector<SocketEntry>& sockets) {
    std::vector<platform::WantedSocket> wanted;
    wanted.reserve(sockets.size());
    for (const auto& socket : sockets) {
        if (socket.inode != 0) { // no descriptor leads to a socket without an inode
            wanted.push_back({socket.inode, socket.uid});
        }
    }
    std::sort(wanted.begin(), wanted.end());
    const auto same = [](const auto& a, const auto& b) { return a.inode == b.inode; };
    wanted.erase(std::unique(wanted.begin(), wanted.end(), same), wanted.end());
    return wanted;
}

// Leaves only entries that a listed socket still matches in all of inode, uid and address.
void drop_unmatched(std::vector<PrivilegedOwner>& owners, const std::vector<SocketEntry>& sockets) {
    if (owners.empty()) {
        return;
    }
    std::unordered_map<std::uint64_t, const SocketEntry*> by_inode;
    for (const auto& socket : sockets) {
        by_inode.emplace(socket.inode, &socket);
    }
    std::erase_if(owners, [&](const PrivilegedOwner& owner) {
        const auto found = by_inode.find(owner.inode);
        return found == by_inode.end() || found->second->uid != owner.uid || found->second->local != owner.local;
    });
}

// The cgroups of the sockets that have no owner after a whole search; sorted.
std::vector<std::uint64_t> wanted_groups_of(const ScanFacts& facts) {
    std::vector<std::uint64_t> wanted;
    std::vector<std::uint64_t> told;
    told.reserve(facts.privileged.size());
    for (const auto& owner : facts.privileged) {
        told.push_back(owner.inode);
    }
    std::sort(told.begin(), told.end());
    const auto& searching = facts.walk.searching;
    for (const auto& socket : facts.listing.sockets) {
        const bool is_open = !facts.walk.owners.contains(socket.inode) &&
                             !std::binary_search(searching.begin(), searching.end(), socket.inode) &&
                             !std::binary_search(told.begin(), told.end(), socket.inode);
        if (is_open && socket.cgroup_id && *socket.cgroup_id != 0) {
            wanted.push_back(*socket.cgroup_id);
        }
    }
    std::sort(wanted.begin(), wanted.end());
    wanted.erase(std::unique(wanted.begin(), wanted.end()), wanted.end());
    return wanted;
}

// All of a socket but its queue lengths, which change all the time and are read anew where they are shown.
auto lasting_part(const SocketEntry& socket) {
    return std::tie(socket.protocol, socket.local, socket.family, socket.inode, socket.interface, socket.cookie,
                    socket.uid, socket.state, socket.v6only, socket.remote, socket.cgroup_id);
}

bool same_row(const Row& a, const Row& b) {
    const auto same_socket = [](const SocketEntry& x, const SocketEntry& y) {
        return lasting_part(x) == lasting_part(y);
    };
    return a.key == b.key && a.state == b.state && a.owners == b.owners && a.unknown == b.unknown && a.user == b.user &&
           a.candidates == b.candidates && a.unit == b.unit && a.container == b.container && a.text == b.text &&
           std::equal(a.sockets.begin(), a.sockets.end(), b.sockets.begin(), b.sockets.end(), same_socket);
}

bool same_content(const Snapshot& a, const Snapshot& b) {
    return std::equal(a.rows.begin(), a.rows.end(), b.rows.begin(), b.rows.end(), same_row) &&
           a.processes == b.processes && a.texts == b.texts && a.users == b.users && a.tables == b.tables &&
           a.notes == b.notes;
}

} // namespace

Scanner::Scanner(ScannerOptions options)
    : options_(std::move(options)), source_(options_.source, options_.proc_root), index_(options_.proc_root),
      groups_(index_, options_.proc_root), cache_(index_, options_.brief_processes), details_(index_.root()),
      connections_(options_.proc_root, options_.descriptors_per_scan) {
    index_.set_limit(options_.descriptors_per_scan);
    index_.set_busy_processors(options_.busy_processors);
}

void Scanner::set_privileged_owners(std::vector<PrivilegedOwner> owners) {
    privileged_ = std::move(owners);
    told_changed_ = true;
}

void Scanner::add_container_names(std::vector<ToldContainer> told) {
    std::move(told.begin(), told.end(), std::back_inserter(facts_.containers));
    told_changed_ = true;
}

void Scanner::take_listing() {
    source_.fill(facts_.listing);
    wanted_ = wanted_of(facts_.listing.sockets);
}

void Scanner::take_owners() {
    facts_.walk = index_.owners();
    facts_.privileged = privileged_;
    wanted_groups_ = wanted_groups_of(facts_);
}

// Whose facts are wanted.
void Scanner::gather_processes() {
    owners_.clear();
    for (const auto& owner : facts_.walk.owners) {
        owners_.push_back(owner.process);
    }
    for (const auto& told : privileged_) {
        owners_.push_back(told.process);
    }
    for (const auto& group : facts_.groups) {
        owners_.insert(owners_.end(), group.members.begin(), group.members.end());
    }
    std::sort(owners_.begin(), owners_.end());
    owners_.erase(std::unique(owners_.begin(), owners_.end()), owners_.end());
}

// True when anything in it changed.
bool Scanner::read_groups() {
    if (!groups_.update(wanted_groups_)) {
        return false;
    }
    facts_.groups = groups_.groups();
    facts_.hierarchy_is_missing = groups_.hierarchy_is_missing();
    return true;
}

void Scanner::name_users() {
    facts_.users.clear();
    const auto add = [&](uid_t uid) {
        if (!facts_.users.contains(uid)) {
            facts_.users.emplace(uid, users_.name(uid));
        }
    };
    for (const auto& socket : facts_.listing.sockets) {
        add(socket.uid);
    }
    for (const auto& [pid, process] : facts_.processes) {
        if (process.uid) {
            add(*process.uid);
        }
    }
}

bool Scanner::read_processes() {
    ProcessCache::Hints hints;
    hints.on_screen = visible_;
    hints.all = newest_ != nullptr && !events_;
    if (hints.all) {
        events_.emplace();
    } else if (events_) {
        hints.changes_are_told = events_->processes.drain();
        hints.changed = events_->processes.changed();
    }
    return cache_.update(owners_, hints, facts_.processes);
}

// True where anything may differ from what the newest snapshot was made of.
base::Result<bool> Scanner::read_facts() {
    if (events_) {
        events_->sockets.drain(); // what comes from here on is news to the next scan
    }
    auto listed = source_.refresh({.include_bound = options_.include_bound});
    if (!listed) {
        listing_changed_ = true; // or not: the next scan is no one to spare
        return base::failed(listed.error());
    }
    *listed = std::exchange(listing_changed_, false) || *listed;
    bound_changed_ = std::exchange(facts_.bound_wanted, options_.include_bound) != options_.include_bound;
    if (*listed) {
        take_listing();
    }
    const bool owners_changed = index_.update(wanted_);
    if (*listed || told_changed_) {
        drop_unmatched(privileged_, facts_.listing.sockets);
        drop_gone(facts_.containers, facts_.listing.sockets);
    }
    const bool taken = owners_changed || told_changed_ || *listed;
    if (taken) {
        take_owners();
    }
    const bool groups_changed = read_groups();
    if (taken || groups_changed) {
        gather_processes();
    }
    const bool processes_changed = read_processes();
    const bool told_changed = std::exchange(told_changed_, false);
    const bool changed =
        *listed || bound_changed_ || owners_changed || processes_changed || told_changed || groups_changed;
    if (changed) {
        if (!*listed) {
            source_.fill(facts_.listing); // for the queue lengths of now
        }
        name_users();
    }
    return changed;
}

// Told owners that have ended are shown as gone in this snapshot and are forgotten with it; that alone makes no new
// one.
void Scanner::forget_ended_owners() {
    std::erase_if(privileged_, [&](const PrivilegedOwner& told) {
        const auto found = facts_.processes.find(told.process.pid);
        return found == facts_.processes.end() || found->second.stat.id != told.process;
    });
    facts_.privileged = privileged_;
}

// What start times count from (proc_pid_stat(5)), by the clock of now: it stays as it is but for a clock that was set.
std::optional<WallTime> Scanner::boot_time() {
    struct timespec since_boot {};
    if (::clock_gettime(CLOCK_BOOTTIME, &since_boot) != 0) {
        return booted_at_;
    }
    const auto age = std::chrono::seconds(since_boot.tv_sec) + std::chrono::nanoseconds(since_boot.tv_nsec);
    const auto booted = std::chrono::system_clock::now() - std::chrono::duration_cast<WallTime::duration>(age);
    if (!booted_at_ || std::chrono::abs(booted - *booted_at_) > std::chrono::seconds(1)) {
        booted_at_ = booted;
    }
    return booted_at_;
}

RowConnections Scanner::read_connections(const ConnectionsWish& wish) {
    return connections_.read(wish, facts_.listing.sockets);
}

ProcessDetails Scanner::read_details(const DetailsWish& wish) {
    source_.fill(facts_.listing); // for the queue lengths of the last scan
    return details_.read(wish, facts_.listing.sockets);
}

base::Result<SnapshotPtr> Scanner::scan() {
    const auto begun = std::chrono::steady_clock::now();
    const auto changed = read_facts();
    if (!changed) {
        return base::failed(changed.error());
    }
    if (newest_ != nullptr && !*changed) {
        return newest_;
    }
    Snapshot snapshot = assembler_.assemble(facts_);
    if (newest_ != nullptr && same_content(snapshot, *newest_)) {
        return newest_;
    }
    forget_ended_owners();
    snapshot.generation = newest_ == nullptr ? 1 : newest_->generation + 1;
    snapshot.taken_at = std::chrono::system_clock::now();
    snapshot.booted_at = boot_time();
    note_first_seen(snapshot, newest_.get(), bound_changed_);
    snapshot.scan_cost =
        std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - begun);
    newest_ = std::make_shared<const Snapshot>(std::move(snapshot));
    return newest_;
}

} // namespace portside::snapshot
