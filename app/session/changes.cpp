// SPDX-License-Identifier: MIT
// What is new in the list, for as long as it is marked. UI thread.
#include "app/session/changes.h"

#include "core/snapshot/origins.h"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

namespace portside::session {

namespace {

using snapshot::kNoOrigin;
using snapshot::Row;
using snapshot::Snapshot;
using ui::SteadyTime;

std::string words_of(const Snapshot& snapshot, const snapshot::ProcessId& id) {
    const auto* const process = snapshot.find_process(id);
    return process != nullptr ? fmt::format("{} ({})", process->name, id.pid) : fmt::format("process {}", id.pid);
}

// The same sockets in other hands: the one that held them then is no owner now.
std::optional<ui::Before> handed_over(const Row& now, const Snapshot& before, const Row& then, SteadyTime at) {
    if (now.key == then.key || now.owners.empty() || then.owners.empty()) {
        return std::nullopt;
    }
    const auto& holder = then.owners.front().id;
    if (std::ranges::find(now.owners, holder, &snapshot::Owner::id) != now.owners.end()) {
        return std::nullopt;
    }
    return ui::Before{words_of(before, holder), at};
}

} // namespace

bool Changes::goes_on(const Change& change, SteadyTime at) const {
    return hidden_ || (change.new_since && at - *change.new_since < ui::kGlow) ||
           (change.before && at - change.before->since < ui::kChanged);
}

void Changes::remember_departed(const Snapshot& before, const std::vector<std::uint32_t>& origins, SteadyTime at) {
    std::vector<std::uint8_t> stays(before.rows.size(), 0);
    for (const auto origin : origins) {
        if (origin != kNoOrigin) {
            stays[origin] = 1;
        }
    }
    std::erase_if(departed_, [&](const Departed& one) { return at - one.at > kRemembered; });
    for (std::size_t i = 0; i < before.rows.size() && departed_.size() < kMostMarked; ++i) {
        const Row& row = before.rows[i];
        if (stays[i] == 0 && !row.owners.empty()) {
            const auto& owner = row.owners.front().id;
            departed_.push_back({row.key.protocol, row.key.port, row.addresses, owner, words_of(before, owner), at});
        }
    }
}

std::optional<ui::Before> Changes::previous_owner(const Row& row, SteadyTime at) const {
    const auto is_here = [&](const Departed& one) {
        return one.port == row.key.port && one.protocol == row.key.protocol &&
               std::ranges::find_first_of(one.addresses, row.addresses) != one.addresses.end() &&
               std::ranges::find(row.owners, one.owner, &snapshot::Owner::id) == row.owners.end();
    };
    for (auto one = departed_.rbegin(); one != departed_.rend(); ++one) {
        if (is_here(*one)) {
            return ui::Before{one->words, at};
        }
    }
    return std::nullopt;
}

void Changes::take(const Snapshot& now, const Snapshot* before, SteadyTime at) {
    const auto known = std::exchange(changes_, {});
    if (before == nullptr) {
        return;
    }
    const auto origins = snapshot::origins_of(now, *before);
    remember_departed(*before, origins, at);
    const auto appeared = static_cast<std::size_t>(std::ranges::count(origins, kNoOrigin));
    for (std::uint32_t row = 0; row < origins.size(); ++row) {
        if (origins[row] == kNoOrigin) {
            if (appeared <= kMostMarked) {
                changes_.push_back({row, at, previous_owner(now.rows[row], at)});
            }
            continue;
        }
        Change change{row, {}, handed_over(now.rows[row], *before, before->rows[origins[row]], at)};
        const auto old = std::ranges::lower_bound(known, origins[row], {}, &Change::row);
        if (old != known.end() && old->row == origins[row] && goes_on(*old, at)) {
            change.new_since = old->new_since;
            change.before = change.before ? change.before : old->before;
        }
        if ((change.new_since || change.before) && changes_.size() < 2 * kMostMarked) {
            changes_.push_back(std::move(change));
        }
    }
}

bool Changes::show(SteadyTime since, SteadyTime now) {
    hidden_ = false;
    bool any = false;
    for (Change& change : changes_) {
        if (change.new_since && *change.new_since >= since) {
            change.new_since = now;
            any = true;
        }
        if (change.before && change.before->since >= since) {
            change.before->since = now;
            any = true;
        }
    }
    return any;
}

} // namespace portside::session
