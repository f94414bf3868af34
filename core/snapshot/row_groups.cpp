// SPDX-License-Identifier: MIT
// The rows that are shown, gathered. One object belongs to one thread.
#include "core/snapshot/row_groups.h"

#include <algorithm>
#include <functional>
#include <string_view>
#include <utility>

namespace portside::snapshot {

namespace {

// The project of the row's topmost owner; empty where there is none.
std::string_view project_of(const Snapshot& snapshot, std::uint32_t row) {
    const Process* const process = topmost_process(snapshot, snapshot.rows[row]);
    return process != nullptr && process->project ? std::string_view(*process->project) : std::string_view();
}

} // namespace

// A row without a known owner is like no other: nobody knows whether one process holds both.
void RowGroups::classify_by_process() {
    const auto& rows = snapshot_->rows;
    classes_ = group(
        rows.size(),
        [&](std::uint32_t row) {
            const auto* const process = std::get_if<ProcessId>(&rows[row].key.holder);
            return process != nullptr ? mixed(mixed(1, static_cast<std::uint64_t>(process->pid)), process->start_time)
                                      : mixed(2, row);
        },
        [&](std::uint32_t a, std::uint32_t b) {
            const auto* const process = std::get_if<ProcessId>(&rows[a].key.holder);
            return process != nullptr && rows[a].key.holder == rows[b].key.holder;
        });
    named_.clear();
    for (const auto example : classes_.examples) {
        named_.push_back(std::holds_alternative<ProcessId>(rows[example].key.holder) ? 1 : 0);
    }
}

// Of many rows few processes have them, and of those few projects: each is looked up once.
void RowGroups::classify_by_project() {
    classify_by_process();
    std::vector<std::string_view> projects;
    projects.reserve(classes_.examples.size());
    for (const auto example : classes_.examples) {
        projects.push_back(project_of(*snapshot_, example));
    }
    const auto by_project = group(
        projects.size(), [&](std::uint32_t one) { return std::hash<std::string_view>{}(projects[one]); },
        [&](std::uint32_t a, std::uint32_t b) { return projects[a] == projects[b]; });
    named_.clear();
    for (const auto example : by_project.examples) {
        named_.push_back(projects[example].empty() ? 0 : 1);
    }
    for (auto& one : classes_.of) {
        one = by_project.of[one];
    }
    classes_.examples.resize(by_project.examples.size()); // not needed any more: only how many there are
}

void RowGroups::take(const SnapshotPtr& snapshot, Grouping by) {
    if (snapshot == snapshot_ && by == by_) {
        return;
    }
    const bool other_rows = snapshot != snapshot_;
    snapshot_ = snapshot;
    by_ = by;
    if (by == Grouping::process) {
        classify_by_process();
    } else {
        classify_by_project();
    }
    totals_.assign(classes_.examples.size(), 0);
    for (const auto one : classes_.of) {
        ++totals_[one];
    }
    if (other_rows) {
        exposures_.clear();
        for (const Row& row : snapshot->rows) {
            exposures_.push_back(bit_of(row.exposure));
        }
    }
}

// Rows without a project are gathered last: their class gets its place when all others have theirs.
void RowGroups::gather_groups(std::span<const std::uint32_t> arranged) {
    places_.assign(totals_.size(), kNone);
    groups_.clear();
    const auto* const of = classes_.of.data(); // not read anew from the object after each byte that is written
    const auto* const named = named_.data();
    const auto* const exposures = exposures_.data();
    auto* const places = places_.data();
    const bool rest_is_last = by_ == Grouping::project;
    RowGroup rest;
    std::uint32_t rest_class = kNone;
    for (const auto row : arranged) {
        const auto one = of[row];
        if (rest_is_last && named[one] == 0) {
            rest.first = rest.count == 0 ? row : rest.first;
            rest.exposures |= exposures[row];
            ++rest.count;
            rest_class = one;
            continue;
        }
        if (places[one] == kNone) {
            places[one] = static_cast<std::uint32_t>(groups_.size());
            groups_.push_back(
                {.first = row, .count = 1, .all = totals_[one], .exposures = exposures[row], .named = named[one] != 0});
            continue;
        }
        RowGroup& group = groups_[places[one]];
        ++group.count;
        group.exposures |= exposures[row];
    }
    if (rest_class != kNone) {
        places[rest_class] = static_cast<std::uint32_t>(groups_.size());
        rest.all = totals_[rest_class];
        groups_.push_back(rest);
    }
}

void RowGroups::gather(const SnapshotPtr& snapshot, Grouping by, std::span<const std::uint32_t> arranged) {
    take(snapshot, by);
    gather_groups(arranged);
    next_.resize(groups_.size());
    std::uint32_t begin = 0;
    for (std::size_t i = 0; i < groups_.size(); ++i) {
        groups_[i].begin = next_[i] = begin;
        begin += groups_[i].count;
    }
    rows_.resize(arranged.size());
    for (const auto row : arranged) {
        rows_[next_[places_[classes_.of[row]]]++] = row;
    }
}

std::uint32_t RowGroups::group_of(std::uint32_t row) const {
    return row < classes_.of.size() ? places_[classes_.of[row]] : kNone;
}

GroupKey RowGroups::key_of(const RowGroup& group) const {
    if (!group.named) {
        return std::monostate{};
    }
    if (by_ == Grouping::process) {
        return std::get<ProcessId>(snapshot_->rows[group.first].key.holder);
    }
    return std::string(project_of(*snapshot_, group.first));
}

bool RowGroups::has_key(const RowGroup& group, const GroupKey& key) const {
    if (!group.named) {
        return by_ == Grouping::project && std::holds_alternative<std::monostate>(key);
    }
    if (by_ == Grouping::process) {
        const auto* const process = std::get_if<ProcessId>(&key);
        return process != nullptr && std::get<ProcessId>(snapshot_->rows[group.first].key.holder) == *process;
    }
    const auto* const project = std::get_if<std::string>(&key);
    return project != nullptr && project_of(*snapshot_, group.first) == *project;
}

} // namespace portside::snapshot
