// SPDX-License-Identifier: MIT
// The owner index: one update from evidence to answer. One object belongs to one thread.
#include "core/platform/owner_index.h"

#include <algorithm>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <tuple>
#include <utility>

namespace portside::platform {

namespace {

constexpr std::size_t kNamesWorthTwo = 16; // processes to read from which a second thread pays for its waking
// What one look tells of others is followed up so many times in an update; the next one goes on.
constexpr int kMostRounds = 4;

std::vector<std::uint64_t> difference(std::span<const WantedSocket> a, std::span<const WantedSocket> b) {
    std::vector<std::uint64_t> only;
    auto other = b.begin();
    for (const WantedSocket& socket : a) {
        while (other != b.end() && other->inode < socket.inode) {
            ++other;
        }
        if (other == b.end() || other->inode != socket.inode) {
            only.push_back(socket.inode);
        }
    }
    return only;
}

// Of this very process: the folder that is read must be the one that was listed.
std::uint64_t read_start_time(const ProcRoot& root, const KnownProcess& process) {
    const base::UniqueFd folder(
        ::openat(root.fd.get(), fmt::format("{}", process.pid).c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    struct stat status {};
    if (!folder || ::fstat(folder.get(), &status) != 0 || (root.is_procfs && status.st_ino != process.folder)) {
        return 0;
    }
    const auto stat = read_stat_in(folder.get(), process.pid);
    return stat ? stat->id.start_time : 0;
}

} // namespace

OwnerIndex::OwnerIndex(const std::string& proc_root)
    : root_(proc_root), table_(root_), lookers_{Looker(root_), Looker(root_)} {}

OwnerIndex::Budget OwnerIndex::budget(std::size_t share) const {
    return limit_ == 0 ? Budget{} : Budget{.left = std::max<std::size_t>(limit_ / share, 1)};
}

// A socket that is gone leaves its holders under suspicion: the next socket on the same descriptor number changes no
// count.
void OwnerIndex::take_wanted(std::span<const WantedSocket> wanted) {
    appeared_.clear();
    if (std::equal(wanted.begin(), wanted.end(), wanted_.begin(), wanted_.end())) {
        return;
    }
    for (const std::uint64_t inode : difference(wanted_, wanted)) {
        for (const Holding& holding : holdings_.of_socket(inode)) {
            if (KnownProcess* const process = table_.find(holding.pid)) {
                process->held_before = true;
            }
        }
    }
    appeared_ = difference(wanted, wanted_);
    wanted_.assign(wanted.begin(), wanted.end());
    changed_ = true;
}

// Those with few descriptors come first, so that one with very many delays nobody; half of the budget is for those that
// have waited longest.
void OwnerIndex::look_at_changed() {
    places_.clear();
    const auto processes = table_.processes();
    for (std::size_t i = 0; i < processes.size(); ++i) {
        if (processes[i].changed_at == 0) {
            continue;
        }
        if (processes[i].began_at < processes[i].changed_at) {
            processes[i].next_part = 0; // the parts that were read are from before the change
        }
        places_.push_back(i);
    }
    const bool hurry = !appeared_.empty() || unfinished_;
    Budget whole = budget(hurry ? 1 : kQuietShare);
    Budget half = whole;
    half.left = limit_ == 0 ? half.left : half.left / 2;
    std::sort(places_.begin(), places_.end(),
              [&](std::size_t a, std::size_t b) { return processes[a].count < processes[b].count; });
    const std::size_t planned = half.left;
    look_at(places_, half, false);
    if (places_.empty()) {
        return;
    }
    whole.left -= std::min(whole.left, planned - half.left);
    whole.any_taken = whole.left == 0;
    std::sort(places_.begin(), places_.end(),
              [&](std::size_t a, std::size_t b) { return processes[a].changed_at < processes[b].changed_at; });
    look_at(places_, whole, false);
}

// Who holds the wanted sockets, as far as they are still there.
void OwnerIndex::find_holders() {
    holders_.clear();
    Holdings::InOrder holdings(holdings_);
    for (const WantedSocket& socket : wanted_) {
        pid_t last = 0;
        for (const Holding& holding : holdings.of_socket(socket.inode)) {
            KnownProcess* const process = holding.pid == last ? nullptr : table_.find(holding.pid);
            last = holding.pid;
            if (process != nullptr) {
                holders_.push_back({holding, process});
            }
        }
    }
}

// Of those holders that were not asked yet.
void OwnerIndex::read_start_times() {
    unnamed_.clear();
    for (const Holder& holder : holders_) {
        if (holder.process->start_time == 0) {
            unnamed_.push_back(holder.process);
        }
    }
    std::sort(unnamed_.begin(), unnamed_.end());
    unnamed_.erase(std::unique(unnamed_.begin(), unnamed_.end()), unnamed_.end());
    if (unnamed_.empty()) {
        return;
    }
    const std::size_t before = readings_.size();
    readings_.resize(before + unnamed_.size());
    workers_.run(unnamed_.size(), unnamed_.size() >= kNamesWorthTwo, [&](std::size_t index, std::size_t worker) {
        KnownProcess& process = *unnamed_[index];
        ProcessReading& reading = readings_[before + index];
        if (readers_.empty()) {
            process.start_time = read_start_time(root_, process);
        } else {
            reading = readers_[worker].read_listed(process.pid, process.folder);
            process.start_time = reading.facts.stat.id.start_time; // 0 where it could not be read
        }
    });
    std::erase_if(readings_, [](const ProcessReading& reading) { return reading.fingerprint == 0; });
    std::sort(readings_.begin(), readings_.end(), [](const auto& a, const auto& b) { return a.pid < b.pid; });
}

ProcessReading OwnerIndex::take_facts(pid_t pid) {
    const auto found = std::lower_bound(readings_.begin(), readings_.end(), pid,
                                        [](const auto& reading, pid_t wanted) { return reading.pid < wanted; });
    return found != readings_.end() && found->pid == pid ? std::exchange(*found, {.pid = pid}) : ProcessReading{};
}

// Sockets without an owner that were not missing before are to be searched for.
void OwnerIndex::note_missing() {
    still_missing_.clear();
    auto known = missing_.cbegin();
    auto owner = next_answer_.owners.begin();
    for (const WantedSocket& socket : wanted_) {
        while (known != missing_.cend() && known->socket.inode < socket.inode) {
            ++known;
        }
        while (owner != next_answer_.owners.end() && owner->inode < socket.inode) {
            ++owner;
        }
        if (owner != next_answer_.owners.end() && owner->inode == socket.inode) {
            continue;
        }
        const bool missed_before = known != missing_.cend() && known->socket == socket;
        still_missing_.push_back(missed_before ? *known : Missing{.socket = socket, .next_at = update_});
    }
    std::swap(missing_, still_missing_);
}

// Makes the next answer, where anything that it is made of changed.
void OwnerIndex::settle() {
    if (!changed_) {
        return;
    }
    changed_ = false;
    settled_ = true;
    find_holders();
    read_start_times();
    known_.clear();
    next_answer_.owners.clear();
    for (const auto& [holding, process] : holders_) {
        if (process->start_time != 0) {
            next_answer_.owners.add({holding.inode, {process->pid, process->start_time}});
            known_.push_back(holding);
        } else {
            changed_ = true; // it ended meanwhile, or it could not be read for now: the next update settles that
        }
    }
    std::sort(known_.begin(), known_.end(), [](const Holding& a, const Holding& b) {
        return std::tie(a.pid, a.thread, a.fd) < std::tie(b.pid, b.thread, b.fd);
    });
    note_missing();
}

// Why a socket may have no owner here.
void OwnerIndex::count_gaps() {
    std::size_t denied = 0;
    bool unread = false;
    for (const KnownProcess& process : table_.processes()) {
        denied += process.is_denied ? 1 : 0;
        unread = unread || process.is_unread;
    }
    denied_ = denied == 0 && hides_processes(root_) ? 1 : denied;
    complete_ = wanted_.empty() || (listed_ && !unread);
}

// True when the answer is another one than before.
bool OwnerIndex::publish() {
    searching_.clear();
    if (unfinished_) {
        for (const Missing& missing : missing_) {
            if (missing.pause == 0) {
                searching_.push_back(missing.socket.inode);
            }
        }
    }
    count_gaps();
    const bool news = (settled_ && next_answer_.owners != answer_.owners) || complete_ != answer_.complete ||
                      (denied_ > 0) != (answer_.denied > 0) || searching_ != answer_.searching;
    if (settled_) {
        std::swap(answer_.owners, next_answer_.owners);
    }
    settled_ = false;
    answer_.denied = denied_;
    answer_.complete = complete_;
    std::swap(answer_.searching, searching_);
    return news;
}

void OwnerIndex::follow_up() {
    for (int round = 0; round < kMostRounds; ++round) {
        verify_lost();
        if (!std::exchange(any_suspect_, false)) {
            return;
        }
        look_at_changed();
        settle();
    }
}

// What is told from here on is news to the next update.
bool OwnerIndex::refresh_table() {
    const bool quiet = fork_exit_ && fork_exit_->quiet();
    if (!fork_exit_ && update_ > 1 && root_.is_procfs && root_.own_numbers) { // whose processes the kernel tells of
        fork_exit_.emplace();
    }
    return table_.refresh(update_, workers_, quiet);
}

bool OwnerIndex::update(std::span<const WantedSocket> wanted) {
    ++update_;
    readings_ = {}; // what nobody took; a first update leaves memory behind that no other needs
    know_ourselves();
    const bool was_listed = std::exchange(listed_, refresh_table());
    changed_ = changed_ || was_listed != listed_;
    if (listed_ && !table_.ended().empty()) {
        changed_ = holdings_.replace({}, table_.ended(), found_[0], lost_) || changed_;
    }
    take_wanted(wanted);
    verify_new();
    verify_turn();
    any_suspect_ = false; // who was suspected so far is looked at now
    look_at_changed();
    audit();
    count_gaps();
    settle();
    search();
    follow_up();
    return publish();
}

std::uint64_t OwnerIndex::folder_of(pid_t pid) const {
    const KnownProcess* const process = table_.find(pid);
    return process == nullptr ? 0 : process->folder;
}

ScanWork OwnerIndex::work() const {
    ScanWork work;
    for (const Looker& looker : lookers_) {
        work.links_read += looker.links_read();
        work.tables_read += looker.tables_read();
    }
    work.links_read += links_verified_;
    work.counts_read = table_.counts_read();
    work.full_walks = full_walks_;
    return work;
}

} // namespace portside::platform
