// SPDX-License-Identifier: MIT
// arrange() at the price of a keystroke: what is known of a row beside its own facts. One thread.
#include "core/snapshot/arranger.h"

#include <algorithm>
#include <string_view>

namespace portside::snapshot {

namespace {

// Where a row stands to a scope. A row counts as what it is found or not found as: an index into six counters.
constexpr std::uint8_t kInScope = 0;
constexpr std::uint8_t kOutsideView = 2;
constexpr std::uint8_t kSystemInView = 4;
constexpr std::uint8_t kSystemOutside = 6;
constexpr std::size_t kCounters = 8; // each place, not found and found

} // namespace

// A word that a label has finds rows beyond those that their processes tell.
bool Arranger::is_in_labels(const Query::Term& term) const {
    return term.field == Query::Field::text && tags_ && std::ranges::any_of(tags_->labels, [&](const auto& label) {
               return label.lower.find(term.text) != std::string::npos;
           });
}

void Arranger::decide_labelled(const Query::Term& term) {
    const auto& of = classes(Facet::owners).of;
    const Verdicts& found = find_text(term);
    const std::uint8_t wanted = term.negated ? 0 : 1;
    auto label = tags_->labels.begin();
    for (std::uint32_t row = 0; row < of.size(); ++row) {
        std::uint8_t has = found[of[row]];
        if (label != tags_->labels.end() && label->row == row) {
            has |= label->lower.find(term.text) != std::string::npos ? 1 : 0;
            ++label;
        }
        kept_[row] &= static_cast<std::uint8_t>(has == wanted);
    }
}

void Arranger::decide_notes(const Query::Term& term) {
    const std::uint8_t wanted = term.negated ? 0 : 1;
    if (!tags_) { // no row is in a view
        std::ranges::transform(kept_, kept_.begin(),
                               [&](std::uint8_t kept) { return static_cast<std::uint8_t>(term.negated ? kept : 0); });
        return;
    }
    if (term.field == Query::Field::tag) {
        for (std::size_t row = 0; row < kept_.size(); ++row) {
            const auto has = static_cast<std::uint8_t>((tags_->bits[row] & term.tag) != 0);
            kept_[row] &= static_cast<std::uint8_t>(has == wanted);
        }
        return;
    }
    found_.assign(kept_.size(), 0);
    for (const auto& label : tags_->labels) {
        found_[label.row] = label.lower.find(term.text) != std::string::npos ? 1 : 0;
    }
    for (std::size_t row = 0; row < kept_.size(); ++row) {
        kept_[row] &= static_cast<std::uint8_t>(found_[row] == wanted);
    }
}

// From kept_, in the order of sorted_.
void Arranger::gather(const Scope& scope, Arrangement& into) {
    std::array<std::uint8_t, 256> place_of{}; // by a row's bits
    for (std::size_t bits = 0; bits < place_of.size(); ++bits) {
        const bool in_view = is_in(scope.view, static_cast<TagBits>(bits));
        const bool system = scope.hide_system && (bits & kTagSystem) != 0;
        place_of[bits] = system ? (in_view ? kSystemInView : kSystemOutside) : (in_view ? kInScope : kOutsideView);
    }
    places_in_scope_.resize(sorted_.size());
    std::ranges::transform(tags_->bits, places_in_scope_.begin(), [&](TagBits bits) { return place_of[bits]; });
    for (const auto row : scope.shown_anyway) {
        if (row < places_in_scope_.size()) {
            const auto bits = static_cast<TagBits>(tags_->bits[row] & ~kTagSystem);
            places_in_scope_[row] = place_of[bits];
        }
    }
    std::array<std::size_t, kCounters> counts{};
    into.rows.resize(sorted_.size());
    std::size_t shown = 0;
    for (const auto row : sorted_) { // without a branch: whether a row stays is anybody's guess
        const std::uint8_t counted = places_in_scope_[row] | kept_[row];
        ++counts[counted];
        into.rows[shown] = row;
        shown += counted == (kInScope | 1U) ? 1 : 0;
    }
    into.rows.resize(shown);
    into.hidden = counts[kInScope];
    into.outside = counts[kOutsideView | 1U];
    into.system_found = counts[kSystemInView | 1U];
    into.system_outside = counts[kSystemOutside | 1U];
    into.system = counts[kSystemInView] + into.system_found + counts[kSystemOutside] + into.system_outside;
}

void Arranger::arrange(const SnapshotPtr& snapshot, const RowTagsPtr& tags, const Scope& scope, const Query& query,
                       SortOrder order, Arrangement& into) {
    take(snapshot);
    tags_ = tags;
    sort(order);
    if (query.matches_everything()) {
        kept_.assign(snapshot->rows.size(), 1);
    } else {
        decide(query);
    }
    gather(scope, into);
}

} // namespace portside::snapshot
