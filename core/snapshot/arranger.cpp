// SPDX-License-Identifier: MIT
// arrange() at the price of a keystroke. One thread.
#include "core/snapshot/arranger.h"

#include "core/snapshot/sort_key.h"

#include <algorithm>
#include <limits>
#include <numeric>

namespace portside::snapshot {

namespace {

constexpr std::uint32_t kPorts = std::numeric_limits<std::uint16_t>::max() + 1U;

Facet facet_of(SortColumn column) {
    switch (column) {
    case SortColumn::port:
        return Facet::port;
    case SortColumn::protocol:
        return Facet::protocol;
    case SortColumn::address:
        return Facet::address;
    case SortColumn::user:
        return Facet::user;
    case SortColumn::since:
        return Facet::since;
    case SortColumn::process:
    case SortColumn::pid:
        break;
    }
    return Facet::owners;
}

} // namespace

void Arranger::take(const SnapshotPtr& snapshot) {
    if (snapshot == snapshot_) {
        return;
    }
    snapshot_ = snapshot;
    classes_ = {};
    own_texts_.reset();
    pids_.reset();
    sorted_by_.reset();
    for (auto& known : texts_found_) {
        known.text.clear();
    }
}

bool Arranger::prepare(const SnapshotPtr& snapshot, bool filtering) {
    take(snapshot);
    const auto is_known = [this](Facet facet) { return classes_.at(static_cast<std::size_t>(facet)).has_value(); };
    const bool was_known = is_known(Facet::port) && is_known(Facet::owners);
    classes(Facet::port);
    classes(Facet::owners);
    if (!was_known || !filtering) {
        return !was_known;
    }
    for (const Facet facet : {Facet::user, Facet::address, Facet::protocol, Facet::keepers}) {
        if (!is_known(facet)) {
            classes(facet);
            return true;
        }
    }
    const bool knew_pids = pids_.has_value();
    pids();
    return !knew_pids;
}

const ClassPids& Arranger::pids() {
    if (!pids_) {
        pids_ = pids_of(*snapshot_, classes(Facet::owners));
    }
    return *pids_;
}

const RowClasses& Arranger::classes(Facet facet) {
    auto& known = classes_.at(static_cast<std::size_t>(facet));
    if (known) {
        return *known;
    }
    switch (facet) {
    case Facet::port:
        known = classes_by_port(*snapshot_);
        break;
    case Facet::owners:
        known = classes_by_text(*snapshot_);
        if (!known) {
            known = classes_by_owners(*snapshot_);
            own_texts_ = texts_of(*snapshot_, *known);
        }
        break;
    case Facet::user:
        known = classes_by_user(*snapshot_, classes(Facet::owners));
        break;
    case Facet::protocol:
        known = classes_by_protocol(*snapshot_);
        break;
    case Facet::address:
        known = classes_by_address(*snapshot_);
        break;
    case Facet::keepers:
        known = classes_by_keepers(*snapshot_);
        break;
    case Facet::since:
        known = classes_by_since(*snapshot_);
        break;
    case Facet::notes:
        known.emplace();
        break;
    }
    return *known;
}

// Sets found_[port] to 1 for the ports that the term names. A prefix names a few ranges: 80, 800-809, 8000-8099.
void Arranger::find_ports(const Query::Term& term) {
    found_.assign(kPorts, 0);
    const auto add = [&](std::uint32_t first, std::uint32_t last) {
        std::fill(found_.begin() + first, found_.begin() + std::min(last, kPorts - 1) + 1, std::uint8_t{1});
    };
    if (term.field == Query::Field::port_range) {
        add(term.first_port, term.last_port);
        return;
    }
    if (term.text != std::to_string(term.first_port)) {
        return; // no port is written with a zero before it
    }
    std::uint32_t first = term.first_port;
    for (std::uint32_t width = 1; first < kPorts; width *= 10, first *= 10) {
        add(first, first + width - 1);
        if (first == 0) {
            return;
        }
    }
}

void Arranger::find_pid(const Query::Term& term) {
    const auto& [pids, ends] = this->pids();
    found_.assign(ends.size(), 0);
    for (std::size_t at = 0; at < pids.size(); ++at) {
        if (static_cast<std::uint64_t>(pids[at]) == term.number) {
            const auto end = std::upper_bound(ends.begin(), ends.end(), at);
            found_[static_cast<std::size_t>(end - ends.begin())] = 1;
        }
    }
}

const Arranger::Verdicts& Arranger::find_text(const Query::Term& term) {
    ++uses_;
    auto* oldest = &texts_found_.front();
    for (auto& known : texts_found_) {
        if (known.field == term.field && known.text == term.text) {
            known.used = uses_;
            return known.found;
        }
        oldest = known.used < oldest->used ? &known : oldest;
    }
    classes(Facet::owners);
    oldest->field = term.field;
    oldest->text = term.text;
    oldest->used = uses_;
    texts().find(term.text, *text_part_of(term.field), oldest->found);
    return oldest->found;
}

// For each class of the facet 1 where its rows have what the term names, else 0. Holds until the next call.
const Arranger::Verdicts& Arranger::find_term(const Query::Term& term, Facet facet) {
    if (text_part_of(term.field)) {
        return find_text(term);
    }
    if (facet == Facet::port) {
        find_ports(term);
        return found_;
    }
    if (term.field == Query::Field::pid) {
        find_pid(term);
        return found_;
    }
    const auto& examples = classes(facet).examples;
    found_.resize(examples.size());
    std::transform(examples.begin(), examples.end(), found_.begin(), [&](std::uint32_t row) -> std::uint8_t {
        return Query::finds(term, *snapshot_, snapshot_->rows[row]) ? 1 : 0;
    });
    return found_;
}

// All terms of one facet together: verdicts_.
void Arranger::decide_facet(const Query& query, Facet facet) {
    verdicts_.clear();
    for (const auto& term : query.terms()) {
        if (snapshot::facet_of(term.field) != facet || is_in_labels(term)) {
            continue;
        }
        const Verdicts& found = find_term(term, facet);
        verdicts_.resize(found.size(), 1); // does nothing but for the first term
        const std::uint8_t wanted = term.negated ? 0 : 1;
        for (std::size_t i = 0; i < found.size(); ++i) {
            verdicts_[i] &= static_cast<std::uint8_t>(found[i] == wanted);
        }
    }
}

void Arranger::decide(const Query& query) {
    kept_.assign(snapshot_->rows.size(), 1);
    for (std::size_t i = 0; i < kFacetCount; ++i) {
        const auto facet = static_cast<Facet>(i);
        const auto& terms = query.terms();
        if (std::none_of(terms.begin(), terms.end(), [&](const auto& term) {
                return snapshot::facet_of(term.field) == facet && !is_in_labels(term);
            })) {
            continue;
        }
        decide_facet(query, facet);
        const auto& of = classes(facet).of;
        for (std::size_t row = 0; row < of.size(); ++row) {
            kept_[row] &= verdicts_[of[row]];
        }
    }
    for (const auto& term : query.terms()) {
        if (snapshot::facet_of(term.field) == Facet::notes) {
            decide_notes(term);
        } else if (is_in_labels(term)) {
            decide_labelled(term);
        }
    }
}

// By counting, as a class's rank says where all of its rows go; equal rows stay in the snapshot's order.
void Arranger::sort(SortOrder order) {
    if (sorted_by_ == order) {
        return;
    }
    sorted_by_ = order;
    const auto rows = static_cast<std::uint32_t>(snapshot_->rows.size());
    sorted_.resize(rows);
    if (order == SortOrder{}) {
        std::iota(sorted_.begin(), sorted_.end(), 0U); // a snapshot's own order
        return;
    }
    const auto& by = classes(facet_of(order.column));
    std::uint32_t count = kPorts;
    if (order.column == SortColumn::port) {
        ranks_.resize(kPorts);
        std::iota(ranks_.rbegin(), ranks_.rend(), 0U); // descending, as ascending is a snapshot's own order
    } else {
        std::vector<SortKey> keys;
        keys.reserve(by.examples.size());
        for (const auto example : by.examples) {
            keys.push_back(sort_key_of(*snapshot_, example, order.column));
        }
        count = rank(keys, order.descending, ranks_);
    }
    places_.assign(count, 0);
    for (const auto one : by.of) {
        ++places_[ranks_[one]];
    }
    std::exclusive_scan(places_.begin(), places_.end(), places_.begin(), 0U);
    for (std::uint32_t row = 0; row < rows; ++row) {
        sorted_[places_[ranks_[by.of[row]]]++] = row;
    }
}

void Arranger::arrange(const SnapshotPtr& snapshot, const Query& query, SortOrder order, Arrangement& into) {
    take(snapshot);
    tags_ = nullptr;
    sort(order);
    into.outside = into.system = into.system_found = into.system_outside = 0;
    if (query.matches_everything()) {
        into.rows = sorted_;
        into.hidden = 0;
        return;
    }
    decide(query);
    into.rows.resize(sorted_.size());
    std::size_t shown = 0;
    for (const auto row : sorted_) { // without a branch: whether a row stays is anybody's guess
        into.rows[shown] = row;
        shown += kept_[row];
    }
    into.rows.resize(shown);
    into.hidden = sorted_.size() - shown;
}

} // namespace portside::snapshot
