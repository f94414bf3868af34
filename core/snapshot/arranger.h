// SPDX-License-Identifier: MIT
// arrange() for a window: the same answers, at the price of a keystroke. What a snapshot's rows have in common and
// their order are found out once a snapshot, when they are needed first. One thread.
#pragma once

#include "core/snapshot/arrangement.h"
#include "core/snapshot/row_classes.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace portside::snapshot {

class Arranger {
  public:
    // `into` is arrange(*snapshot, query, order); what memory it has is used again.
    void arrange(const SnapshotPtr& snapshot, const Query& query, SortOrder order, Arrangement& into);
    // `into` is arrange(*snapshot, *tags, scope, query, order).
    void arrange(const SnapshotPtr& snapshot, const RowTagsPtr& tags, const Scope& scope, const Query& query,
                 SortOrder order, Arrangement& into);
    // What a first word in the filter will need, found out before it is typed; while somebody is typing there
    // (`filtering`) also what a first `user:`, `addr:`, `proto:`, `unit:` and `pid:` will, one of them at each call.
    // False when nothing was left to find out.
    bool prepare(const SnapshotPtr& snapshot, bool filtering);

  private:
    // For each class whether its rows stay (1) or go (0).
    using Verdicts = std::vector<std::uint8_t>;

    void take(const SnapshotPtr& snapshot);
    const RowClasses& classes(Facet facet);
    const ClassPids& pids();
    // Of the classes of owners, which must be known.
    [[nodiscard]] const TextPile& texts() const { return own_texts_ ? *own_texts_ : snapshot_->texts; }
    void decide(const Query& query);
    void decide_facet(const Query& query, Facet facet);
    [[nodiscard]] const Verdicts& find_term(const Query::Term& term, Facet facet);
    void find_ports(const Query::Term& term);
    void find_pid(const Query::Term& term);
    [[nodiscard]] const Verdicts& find_text(const Query::Term& term);
    [[nodiscard]] bool is_in_labels(const Query::Term& term) const;
    void decide_labelled(const Query::Term& term);
    void decide_notes(const Query::Term& term);
    void gather(const Scope& scope, Arrangement& into);
    void sort(SortOrder order);

    SnapshotPtr snapshot_;
    RowTagsPtr tags_; // null: none
    std::array<std::optional<RowClasses>, kFacetCount> classes_;
    std::optional<TextPile> own_texts_; // of the classes of owners, where rows were made by hand
    std::optional<ClassPids> pids_;
    std::optional<SortOrder> sorted_by_;
    std::vector<std::uint32_t> sorted_; // every row, in that order

    // While one word is typed, the others say what they said before.
    struct FoundText {
        Query::Field field = Query::Field::text;
        std::string text; // empty: nothing yet
        Verdicts found;
        std::uint64_t used = 0;
    };
    std::array<FoundText, 8> texts_found_;
    std::uint64_t uses_ = 0;

    // Kept for their memory only.
    Verdicts kept_;            // by row
    Verdicts verdicts_;        // by class of one facet
    Verdicts found_;           // of one term
    Verdicts places_in_scope_; // by row (arranger_scope.cpp)
    std::vector<std::uint32_t> ranks_;
    std::vector<std::uint32_t> places_;
};

} // namespace portside::snapshot
