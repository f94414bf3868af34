// SPDX-License-Identifier: MIT
// Which rows, in which order. Pure; any thread.
#include "core/snapshot/arrangement.h"

#include "core/snapshot/row_classes.h"
#include "core/snapshot/sort_key.h"

#include <algorithm>
#include <numeric>

namespace portside::snapshot {

namespace {

// Puts the rows, which stand in the snapshot's own order, into this one. Equal rows stay by port, protocol and key,
// whatever the direction.
void put_in_order(const Snapshot& snapshot, SortOrder order, Arrangement& arrangement) {
    if (order == SortOrder{}) {
        return;
    }
    std::vector<SortKey> keys;
    keys.reserve(arrangement.rows.size());
    for (const auto index : arrangement.rows) {
        keys.push_back(sort_key_of(snapshot, index, order.column));
    }
    std::vector<std::uint32_t> ranks;
    std::vector<std::uint32_t> places(rank(keys, order.descending, ranks), 0);
    for (const auto one : ranks) {
        ++places[one];
    }
    std::exclusive_scan(places.begin(), places.end(), places.begin(), 0U);
    for (std::size_t i = 0; i < keys.size(); ++i) {
        arrangement.rows[places[ranks[i]]++] = keys[i].row;
    }
}

// What a query asks of rows, one after another. What it asks of their texts is found out for all of them at once: rows
// share them, and they lie side by side.
class Sieve {
  public:
    Sieve(const Snapshot& snapshot, const Query& query, const RowTags* tags) : snapshot_(snapshot), tags_(tags) {
        for (const auto& term : query.terms()) {
            const auto part = text_part_of(term.field);
            const bool labelled = part == TextPile::Part::whole && tags != nullptr && !tags->labels.empty();
            if (snapshot.texts.size() > 0 && part && !labelled) { // a label may have the word, too
                text_terms_.push_back(&term);
                find(term, *part);
            } else {
                other_terms_.push_back(&term);
            }
        }
    }

    [[nodiscard]] bool keeps(const Row& row) const {
        const bool known = row.text < stays_.size(); // none is, without such a term
        return (known ? stays_[row.text] != 0 : all(text_terms_, row)) && all(other_terms_, row);
    }

  private:
    using Terms = std::vector<const Query::Term*>;

    void find(const Query::Term& term, TextPile::Part part) {
        stays_.resize(snapshot_.texts.size(), 1);
        snapshot_.texts.find(term.text, part, found_);
        for (std::size_t i = 0; i < stays_.size(); ++i) {
            stays_[i] &= static_cast<std::uint8_t>((found_[i] != 0) != term.negated);
        }
    }

    [[nodiscard]] bool all(const Terms& terms, const Row& row) const {
        return std::ranges::all_of(
            terms, [&](const auto* term) { return Query::finds(*term, snapshot_, row, tags_) != term->negated; });
    }

    const Snapshot& snapshot_;
    const RowTags* tags_;
    Terms text_terms_;
    Terms other_terms_;
    std::vector<std::uint8_t> stays_; // by text
    std::vector<std::uint8_t> found_;
};

} // namespace

Arrangement arrange(const Snapshot& snapshot, const Query& query, SortOrder order) {
    Arrangement arrangement;
    arrangement.rows.reserve(snapshot.rows.size());
    const Sieve sieve(snapshot, query, nullptr);
    for (std::uint32_t index = 0; index < snapshot.rows.size(); ++index) {
        if (sieve.keeps(snapshot.rows[index])) {
            arrangement.rows.push_back(index);
        }
    }
    arrangement.hidden = snapshot.rows.size() - arrangement.rows.size();
    put_in_order(snapshot, order, arrangement);
    return arrangement;
}

Arrangement arrange(const Snapshot& snapshot, const RowTags& tags, const Scope& scope, const Query& query,
                    SortOrder order) {
    Arrangement arrangement;
    const Sieve sieve(snapshot, query, &tags);
    for (std::uint32_t index = 0; index < snapshot.rows.size(); ++index) {
        const bool found = sieve.keeps(snapshot.rows[index]);
        const bool in_view = is_in(scope.view, tags.bits[index]);
        const bool left_out = is_left_out(scope, tags.bits[index], index);
        arrangement.system += left_out ? 1 : 0;
        arrangement.system_found += left_out && in_view && found ? 1 : 0;
        arrangement.system_outside += left_out && !in_view && found ? 1 : 0;
        arrangement.outside += found && !in_view && !left_out ? 1 : 0;
        if (in_view && !left_out && found) {
            arrangement.rows.push_back(index);
        } else if (in_view && !left_out) {
            ++arrangement.hidden;
        }
    }
    put_in_order(snapshot, order, arrangement);
    return arrangement;
}

} // namespace portside::snapshot
