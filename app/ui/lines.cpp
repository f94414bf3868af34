// SPDX-License-Identifier: MIT
// What the lines of the list are. UI thread.
#include "app/ui/lines.h"

#include "app/ui/model.h"

#include <algorithm>

namespace portside::ui {

void Lines::Folds::put(const GroupKey& key, bool folded) {
    if (const auto* const process = std::get_if<snapshot::ProcessId>(&key)) {
        folded ? static_cast<void>(processes.insert(*process)) : static_cast<void>(processes.erase(*process));
    } else if (const auto* const project = std::get_if<std::string>(&key)) {
        folded ? static_cast<void>(projects.insert(*project)) : static_cast<void>(projects.erase(*project));
    } else {
        rest = folded;
    }
}

bool Lines::Folds::has(const GroupKey& key) const {
    if (const auto* const process = std::get_if<snapshot::ProcessId>(&key)) {
        return processes.contains(*process);
    }
    const auto* const project = std::get_if<std::string>(&key);
    return project != nullptr ? projects.contains(*project) : rest;
}

std::span<const std::uint32_t> Lines::lines() const {
    return grouping_ == Grouping::flat || !of_ ? rows_ : std::span<const std::uint32_t>(lines_);
}

// A process with one port says in its row all that there is to say.
bool Lines::has_line(const snapshot::RowGroup& group) const {
    return grouping_ == Grouping::project || (group.named && group.all > 1);
}

void Lines::update(const Model& model, const std::string& filter) {
    if (grouping_ != wanted_) {
        grouping_ = wanted_;
        stale_ = true;
        ++epoch_;
    }
    if (filter != filter_) {
        filter_ = filter;
        folds_found_ = {};
        stale_ = true;
    }
    rows_ = model.snapshot ? std::span<const std::uint32_t>(model.arrangement.rows) : std::span<const std::uint32_t>();
    if (grouping_ != Grouping::flat) {
        update_groups(model);
    }
    place_block(model);
}

void Lines::update_groups(const Model& model) {
    stale_ = stale_ || of_ != model.snapshot || !std::ranges::equal(rows_, arranged_);
    of_ = model.snapshot;
    if (stale_ && of_) {
        rebuild();
    }
}

void Lines::unfold(std::optional<snapshot::RowKey> row) {
    if (unfolded_ != row) {
        unfolded_ = row;
        ++epoch_;
    }
}

// Where the unfolded row stands, and how many lines it has: what was read of it, and a word where that is nothing or
// not all.
void Lines::place_block(const Model& model) {
    const auto* const row = unfolded_ && model.snapshot ? model.snapshot->find_row(*unfolded_) : nullptr;
    if (row == nullptr) {
        block_at_ = -1;
        block_count_ = 0;
        return;
    }
    const auto index = static_cast<std::uint32_t>(row - model.snapshot->rows.data());
    const auto all = lines();
    const bool stayed = block_at_ >= 0 && static_cast<std::size_t>(block_at_) < all.size() &&
                        all[static_cast<std::size_t>(block_at_)] == index;
    block_at_ = stayed ? block_at_ : find(index);
    if (block_at_ < 0) {
        block_count_ = 0;
        return;
    }
    const auto& told = model.connections;
    const bool known = told && told->row == *unfolded_;
    const std::size_t some = known ? told->some.size() : 0;
    block_count_ = static_cast<int>(some) + (some == 0 || told->count > some ? 1 : 0);
}

void Lines::note_folds() {
    const auto& groups = gathered_.groups();
    folded_.assign(groups.size(), 0);
    const Folds& folds = filter_.empty() ? folds_ : folds_found_;
    if (!folds.any()) {
        return;
    }
    for (std::size_t i = 0; i < groups.size(); ++i) {
        folded_[i] = has_line(groups[i]) && folds.has(gathered_.key_of(groups[i])) ? 1 : 0;
    }
}

void Lines::rebuild() {
    stale_ = false;
    arranged_.assign(rows_.begin(), rows_.end());
    gathered_.gather(of_, grouping_, arranged_);
    note_folds();
    const auto& groups = gathered_.groups();
    const auto* rows = gathered_.rows().data(); // group by group
    lines_.resize(groups.size() + rows_.size());
    auto* line = lines_.data();
    for (std::uint32_t i = 0; i < groups.size(); ++i) {
        *line = i | kGroup;
        line += has_line(groups[i]) ? 1 : 0;
        const std::uint32_t count = groups[i].count;
        if (folded_[i] == 0 && count == 1) {
            *line++ = *rows;
        } else if (folded_[i] == 0) {
            line = std::copy_n(rows, count, line);
        }
        rows += count;
    }
    lines_.resize(static_cast<std::size_t>(line - lines_.data()));
}

LineAt Lines::at(int line) const {
    if (block_count_ > 0 && line > block_at_) {
        if (line <= block_at_ + block_count_) {
            return {LineAt::Kind::connection, static_cast<std::uint32_t>(line - block_at_ - 1)};
        }
        line -= block_count_;
    }
    const std::uint32_t one = lines()[static_cast<std::size_t>(line)];
    const bool grouped = grouping_ != Grouping::flat && (one & kGroup) != 0;
    return grouped ? LineAt{LineAt::Kind::group, one & ~kGroup} : LineAt{LineAt::Kind::row, one};
}

int Lines::find(std::uint32_t one) const {
    const auto all = lines();
    const auto found = std::ranges::find(all, one);
    return found != all.end() ? static_cast<int>(found - all.begin()) : -1;
}

int Lines::line_of_row(std::uint32_t row) const {
    return with_block(find(row));
}

int Lines::line_of_group(std::uint32_t group) const {
    return grouping_ == Grouping::flat ? -1 : with_block(find(group | kGroup));
}

std::optional<std::uint32_t> Lines::group_of(std::uint32_t row) const {
    if (grouping_ == Grouping::flat || !of_) {
        return std::nullopt;
    }
    const auto group = gathered_.group_of(row);
    const bool stands_in = group != snapshot::RowGroups::kNone && has_line(gathered_.groups()[group]);
    return stands_in ? std::optional(group) : std::nullopt;
}

bool Lines::has_key(std::uint32_t group, const GroupKey& key) const {
    return group < gathered_.groups().size() && gathered_.has_key(this->group(group), key);
}

std::optional<std::uint32_t> Lines::find_group(const GroupKey& key) const {
    if (grouping_ == Grouping::flat) {
        return std::nullopt;
    }
    const auto& groups = gathered_.groups();
    for (std::uint32_t i = 0; i < groups.size(); ++i) {
        if (has_line(groups[i]) && gathered_.has_key(groups[i], key)) {
            return i;
        }
    }
    return std::nullopt;
}

bool Lines::is_folded(std::uint32_t group) const {
    return group < folded_.size() && folded_[group] != 0;
}

void Lines::fold(std::uint32_t group, bool folded) {
    if (group < gathered_.groups().size() && is_folded(group) != folded) {
        (filter_.empty() ? folds_ : folds_found_).put(key_of(group), folded);
        stale_ = true;
        ++epoch_;
    }
}

void Lines::fold_all(bool folded) {
    Folds& folds = filter_.empty() ? folds_ : folds_found_;
    const auto& groups = gathered_.groups();
    for (const auto& group : groups) {
        if (has_line(group)) {
            folds.put(gathered_.key_of(group), folded);
        }
    }
    stale_ = true;
    ++epoch_;
}

} // namespace portside::ui
