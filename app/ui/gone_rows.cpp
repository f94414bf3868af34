// SPDX-License-Identifier: MIT
// Rows that were on the screen and are gone. UI thread.
#include "app/ui/gone_rows.h"

#include "app/ui/lines.h"
#include "app/ui/model.h"

#include <algorithm>
#include <utility>

namespace portside::ui {

namespace {

constexpr std::size_t kMostGone = 200; // lines of the highest window

// Whether the port is taken there still: by the same row, or by one that took its place and says so itself.
bool is_taken(const snapshot::Snapshot& now, const snapshot::Row& row) {
    if (now.find_row(row.key) != nullptr) {
        return true;
    }
    const auto place = [](const snapshot::Row& one) { return std::pair(one.key.port, one.key.protocol); };
    const auto same_place = std::ranges::equal_range(now.rows, place(row), {}, place);
    return std::ranges::any_of(same_place, [&](const snapshot::Row& one) {
        return std::ranges::find_first_of(one.addresses, row.addresses) != one.addresses.end();
    });
}

} // namespace

void GoneRows::note_drawn(const snapshot::SnapshotPtr& in, std::uint32_t row, int at) {
    if (drawn_.size() < kMostGone) {
        drawn_.push_back({in, row, at});
    }
}

void GoneRows::note_group_drawn(const snapshot::SnapshotPtr& in, std::uint32_t first_row, int at) {
    if (drawn_.size() < kMostGone) {
        drawn_.push_back({in, first_row, at, true});
    }
}

// Where that line stands now.
GoneRows::Place GoneRows::place_of(const Drawn& drawn, const Model& model, const Lines& lines) {
    const auto* const now = model.snapshot->find_row(drawn.in->rows[drawn.row].key);
    if (now == nullptr) {
        return {};
    }
    const auto index = static_cast<std::uint32_t>(now - model.snapshot->rows.data());
    if (!drawn.group) {
        return {lines.line_of_row(index), true};
    }
    const auto group = lines.group_of(index);
    return {group ? lines.line_of_group(*group) : -1, true};
}

// From the last line on the screen upwards: a row that is gone stands above the next one below it that is not.
void GoneRows::find_gone(const Model& model, const Lines& lines) {
    const auto known = std::exchange(gone_, {});
    int next = -1; // the line below; -1: nothing that stays was seen below yet
    std::vector<GoneRow> found;
    for (auto drawn = drawn_.rbegin(); drawn != drawn_.rend(); ++drawn) {
        const snapshot::Row& row = drawn->in->rows[drawn->row];
        const Place place = place_of(*drawn, model, lines);
        if (place.line >= 0) {
            next = place.line;
            for (GoneRow& below : found) { // at the end of the list
                below.before = below.before < 0 ? lines.line_after(next) : below.before;
            }
        }
        if (drawn->group) { // what went above it stood in another group
            const bool below_a_group = next > 0 && lines.at(next - 1).kind == LineAt::Kind::group;
            next -= place.line < 0 && below_a_group ? 1 : 0;
        } else if (!place.in_snapshot && !is_taken(*model.snapshot, row)) {
            const auto before = std::ranges::find_if(
                known, [&](const GoneRow& one) { return one.in == drawn->in && one.row == drawn->row; });
            found.push_back({drawn->in, drawn->row, before != known.end() ? before->since : model.now, next});
        }
    }
    for (GoneRow& one : found) {
        one.before = std::clamp(one.before, 0, lines.count());
    }
    std::ranges::reverse(found);
    std::ranges::stable_sort(found, {}, &GoneRow::before);
    gone_ = std::move(found);
}

// More connections of the unfolded row, or fewer: what is gone below them moves with its neighbours.
void GoneRows::follow_block(const Lines& lines) {
    for (GoneRow& one : gone_) {
        one.before += one.before > block_at_ - 1 ? lines.connections().count - block_count_ : 0;
    }
}

// Of the topmost line that stays.
int GoneRows::find_shift(const Model& model, const Lines& lines) const {
    for (const Drawn& drawn : drawn_) {
        if (const Place place = place_of(drawn, model, lines); place.line >= 0) {
            return drawn_at(place.line) - drawn.at;
        }
    }
    return 0;
}

void GoneRows::update(const Model& model, const Lines& lines, const std::string& filter) {
    shift_ = 0;
    const bool other_list = filter != filter_ || model.sort != sort_ || lines.epoch() != epoch_ ||
                            model.view != view_ || model.preferences.hide_system_ports != hides_system_;
    if (other_list) {
        filter_ = filter;
        sort_ = model.sort;
        epoch_ = lines.epoch();
        view_ = model.view;
        hides_system_ = model.preferences.hide_system_ports;
        gone_.clear();
    } else if (of_ && model.snapshot) {
        const bool other_block = lines.connections() != Lines::Block{block_at_, block_count_};
        if (of_ != model.snapshot) {
            find_gone(model, lines);
        } else if (other_block) {
            follow_block(lines);
        }
        shift_ = of_ != model.snapshot || other_block ? find_shift(model, lines) : 0;
    }
    block_at_ = lines.connections().at;
    block_count_ = lines.connections().count;
    of_ = model.snapshot;
    drawn_.clear();
    std::erase_if(gone_, [&](const GoneRow& one) { return model.now - one.since >= kGone; });
}

GoneRows::Line GoneRows::at(int drawn) const {
    int above = 0; // of those that are gone
    for (const GoneRow& one : gone_) {
        if (one.before + above == drawn) {
            return {.gone = &one};
        }
        if (one.before + above > drawn) {
            break;
        }
        ++above;
    }
    return {.line = drawn - above};
}

int GoneRows::drawn_at(int line) const {
    const auto above = std::ranges::count_if(gone_, [&](const GoneRow& one) { return one.before <= line; });
    return line + static_cast<int>(above);
}

} // namespace portside::ui
