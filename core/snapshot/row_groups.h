// SPDX-License-Identifier: MIT
// The rows that are shown, gathered by what holds them or by what they are for. What a snapshot's rows have in common
// is found out once a snapshot; from then on a keystroke costs some passes over numbers. One object belongs to one
// thread.
#pragma once

#include "core/snapshot/grouping.h"
#include "core/snapshot/snapshot.h"

#include <cstdint>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace portside::snapshot {

enum class Grouping : std::uint8_t { flat, process, project };

// What a group is, across rescans: a topmost owner, a project's folder, or what has neither.
using GroupKey = std::variant<std::monostate, ProcessId, std::string>;

struct RowGroup {
    std::uint32_t first = 0;    // its first row in the order shown: an index into Snapshot::rows
    std::uint32_t begin = 0;    // where its rows begin in RowGroups::rows()
    std::uint32_t count = 0;    // so many of them are shown
    std::uint32_t all = 0;      // so many there are, shown or not
    std::uint8_t exposures = 0; // of those that are shown: bit_of() each
    // Without a known owner there is no process, and each such row is a group of its own; rows without a project are
    // one group, the last.
    bool named = false;
};

[[nodiscard]] constexpr std::uint8_t bit_of(Exposure exposure) {
    return static_cast<std::uint8_t>(1U << static_cast<unsigned>(exposure));
}

class RowGroups {
  public:
    // Gathers the rows `arranged` (indices into the snapshot's rows, in the order shown): groups in the order of their
    // first rows, and in each of them its rows in that order. Not for Grouping::flat.
    void gather(const SnapshotPtr& snapshot, Grouping by, std::span<const std::uint32_t> arranged);

    [[nodiscard]] const std::vector<RowGroup>& groups() const { return groups_; }
    [[nodiscard]] const std::vector<std::uint32_t>& rows() const { return rows_; } // group by group
    static constexpr std::uint32_t kNone = ~std::uint32_t{0};
    // The group of a row of that snapshot; kNone where nothing of it is shown.
    [[nodiscard]] std::uint32_t group_of(std::uint32_t row) const;
    [[nodiscard]] GroupKey key_of(const RowGroup& group) const;
    [[nodiscard]] bool has_key(const RowGroup& group, const GroupKey& key) const;

  private:
    void take(const SnapshotPtr& snapshot, Grouping by);
    void classify_by_process();
    void classify_by_project();
    void gather_groups(std::span<const std::uint32_t> arranged);

    SnapshotPtr snapshot_;
    Grouping by_ = Grouping::flat;
    Groups classes_;                      // of every row
    std::vector<std::uint32_t> totals_;   // rows of each class
    std::vector<std::uint8_t> named_;     // of each class
    std::vector<std::uint8_t> exposures_; // of each row
    std::vector<std::uint32_t> places_;   // of each class in groups_
    std::vector<std::uint32_t> next_;     // of each group in rows_
    std::vector<RowGroup> groups_;
    std::vector<std::uint32_t> rows_;
};

} // namespace portside::snapshot
