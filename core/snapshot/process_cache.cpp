// SPDX-License-Identifier: MIT
// Facts of processes, kept. An update in which nothing changed reads a few of them again and allocates nothing.
// One object belongs to one thread.
#include "core/snapshot/process_cache.h"

#include <algorithm>
#include <tuple>
#include <unistd.h>
#include <utility>

namespace portside::snapshot {

namespace {

using platform::ProcessFacts;
using platform::ProcessId;
using platform::ProcessReading;

constexpr std::size_t kTurns = 16;      // updates in which each of a few is looked at again
constexpr std::size_t kMostInTurn = 16; // of many, fewer: so many in an update
constexpr std::size_t kMostUntold = 64; // where nobody tells of changes, all of a few are looked at in each update
constexpr std::size_t kSlowTurns = 64;  // but each of them in so many updates; the same where changes are told
constexpr std::size_t kWorthTwo = 16;   // processes to read from which a second thread pays for its waking

// All of a process but what only the kernel's scheduler cares about (state, flags).
bool looks_same(const ProcessFacts& a, const ProcessFacts& b) {
    const auto visible = [](const ProcessFacts& process) {
        return std::tie(process.stat.id, process.stat.comm, process.stat.parent, process.uid, process.executable,
                        process.command_line, process.cwd, process.project, process.cgroup, process.pidfd_id);
    };
    return visible(a) == visible(b);
}

std::size_t turn_size(std::size_t count) {
    return std::max(std::min((count + kTurns - 1) / kTurns, kMostInTurn), count / kSlowTurns);
}

} // namespace

void ProcessCache::forget(pid_t pid, Processes& processes) {
    kept_.erase(pid);
    processes.erase(pid);
    changed_ = true;
}

// Only the person's own: what others work on is theirs, and where they do may take long to look at.
void ProcessCache::find_project(ProcessFacts& facts) {
    if (facts.cwd && facts.uid == own_uid_) {
        facts.project = projects_.find(index_.root(), facts.stat.id.pid, *facts.cwd);
    }
}

// A process whose parent ended has another one from then on.
void ProcessCache::forget_ended(Processes& processes) {
    std::vector<pid_t> ended;
    for (const pid_t pid : order_) {
        const auto kept = kept_.find(pid);
        if (kept != kept_.end() && index_.folder_of(pid) != kept->second.folder) {
            ended.push_back(pid);
        }
    }
    if (ended.empty()) {
        return;
    }
    std::vector<pid_t> orphans;
    for (const auto& [pid, facts] : processes) {
        if (std::find(ended.begin(), ended.end(), facts.stat.parent) != ended.end()) {
            orphans.push_back(pid);
        }
    }
    for (const pid_t pid : ended) {
        forget(pid, processes);
    }
    for (const pid_t pid : orphans) {
        look_again_at(pid, processes);
    }
    incomplete_ = true;
}

void ProcessCache::look_again_at(pid_t pid, Processes& processes) {
    const auto kept = kept_.find(pid);
    if (kept == kept_.end()) {
        return;
    }
    platform::ProcessReader& reader = readers_[0];
    const std::uint64_t fingerprint = reader.fingerprint(pid);
    if (fingerprint == kept->second.fingerprint) {
        return;
    }
    auto facts = reader.read(pid);
    if (!facts) {
        forget(pid, processes);
        incomplete_ = true;
        return;
    }
    kept->second.fingerprint = reader.fingerprint_of_last();
    find_project(*facts);
    ProcessFacts& known = processes.at(pid);
    const bool same = looks_same(known, *facts);
    changed_ = changed_ || !same;
    facts->version = same ? known.version : ++versions_;
    incomplete_ = incomplete_ || known.stat.parent != facts->stat.parent || known.stat.id != facts->stat.id;
    known = std::move(*facts);
}

void ProcessCache::look_again(const Hints& hints, Processes& processes) {
    for (const pid_t pid : hints.changed) {
        look_again_at(pid, processes);
    }
    const std::size_t seen = hints.changes_are_told ? turn_size(hints.on_screen.size()) : hints.on_screen.size();
    for (std::size_t i = 0; i < seen; ++i) {
        screen_turn_ = screen_turn_ + 1 < hints.on_screen.size() ? screen_turn_ + 1 : 0;
        look_again_at(hints.on_screen[screen_turn_], processes);
    }
    const bool everybody = !index_.root().is_procfs || hints.all; // of a made-up tree no kernel tells
    std::size_t turn =
        everybody ? order_.size() : std::max(turn_size(order_.size()), std::min(order_.size(), kMostUntold));
    if (!everybody && hints.changes_are_told) {
        turn = (order_.size() + kSlowTurns - 1) / kSlowTurns;
    }
    for (std::size_t i = 0; i < turn; ++i) {
        turn_ = turn_ + 1 < order_.size() ? turn_ + 1 : 0;
        look_again_at(order_[turn_], processes);
    }
}

void ProcessCache::keep(ProcessReading read, Processes& processes) {
    if (read.fingerprint == 0) { // it ended, or it could not be read for now
        incomplete_ = true;
        return;
    }
    find_project(read.facts);
    if (read.facts.stat.parent > 0) {
        parents_.push_back(read.facts.stat.parent);
    }
    read.facts.version = ++versions_;
    kept_.insert_or_assign(read.pid, Kept{read.folder, read.fingerprint, 0});
    processes.insert_or_assign(read.pid, std::move(read.facts));
    changed_ = true;
}

void ProcessCache::read_missing(std::span<const ProcessId> owners, Processes& processes) {
    std::vector<ProcessReading> readings;
    const auto add = [&](pid_t pid) {
        const std::uint64_t folder = index_.folder_of(pid);
        if (folder == 0 || processes.contains(pid)) {
            return;
        }
        if (auto read = index_.take_facts(pid); read.fingerprint != 0 && read.folder == folder) {
            keep(std::move(read), processes);
        } else {
            readings.push_back({.pid = pid, .folder = folder});
        }
    };
    for (const ProcessId& owner : owners) {
        add(owner.pid);
    }
    while (!readings.empty() || !parents_.empty()) {
        index_.workers().run(readings.size(), readings.size() >= kWorthTwo, [&](std::size_t index, std::size_t worker) {
            readings[index] = readers_[worker].read_listed(readings[index].pid, readings[index].folder);
        });
        for (ProcessReading& reading : readings) {
            keep(std::move(reading), processes);
        }
        readings.clear();
        std::sort(parents_.begin(), parents_.end());
        parents_.erase(std::unique(parents_.begin(), parents_.end()), parents_.end());
        const auto parents = std::exchange(parents_, {});
        std::for_each(parents.begin(), parents.end(), add);
    }
}

// Leaves the owners that are still who they were, and their ancestors.
void ProcessCache::drop_unused(std::span<const ProcessId> owners, Processes& processes) {
    for (const ProcessId& owner : owners) {
        const auto found = processes.find(owner.pid);
        if (found == processes.end() || found->second.stat.id != owner) {
            continue;
        }
        for (pid_t pid = owner.pid;;) {
            const auto kept = kept_.find(pid);
            if (kept == kept_.end() || kept->second.used == update_) {
                break;
            }
            kept->second.used = update_;
            pid = processes.at(pid).stat.parent;
        }
    }
    order_.clear();
    for (auto kept = kept_.begin(); kept != kept_.end();) {
        if (kept->second.used == update_) {
            order_.push_back(kept->first);
            ++kept;
        } else {
            processes.erase(kept->first);
            kept = kept_.erase(kept);
            changed_ = true;
        }
    }
    std::sort(order_.begin(), order_.end());
}

bool ProcessCache::update(std::span<const ProcessId> owners, const Hints& hints, Processes& processes) {
    ++update_;
    changed_ = false;
    projects_.forget();
    own_uid_ = ::geteuid();
    if (index_.processes_changed()) {
        forget_ended(processes);
    }
    look_again(hints, processes);
    const bool other_owners = !std::equal(owners.begin(), owners.end(), owners_.begin(), owners_.end());
    if (other_owners || incomplete_) {
        owners_.assign(owners.begin(), owners.end());
        incomplete_ = false;
        read_missing(owners, processes);
        drop_unused(owners, processes);
    }
    return changed_;
}

} // namespace portside::snapshot
