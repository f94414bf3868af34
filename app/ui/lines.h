// SPDX-License-Identifier: MIT
// What the lines of the list are: rows, above them the lines of the groups that they stand in, and below the one row
// that is unfolded its connections. A list that is not grouped has no lines of its own and costs nothing. Lines are
// counted from 0, those of rows that are gone left out (drawn_lines.h). UI thread.
#pragma once

#include "core/snapshot/row_groups.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

namespace portside::ui {

struct Model;

using snapshot::Grouping;
using snapshot::GroupKey;

struct LineAt {
    enum class Kind : std::uint8_t { row, group, connection };
    Kind kind = Kind::row;
    std::uint32_t index = 0; // into the snapshot's rows, of a group, or of the unfolded row's lines
};

class Lines {
  public:
    // At the start of a frame, and after fold() where the same frame goes on with what it changed. Costs one pass over
    // the numbers of the arrangement where nothing changed, and nothing in a flat list. `filter`: what is typed;
    // another text shows all that it finds, whatever is folded.
    void update(const Model& model, const std::string& filter);

    // The row whose connections are shown. From the next update on.
    [[nodiscard]] const std::optional<snapshot::RowKey>& unfolded() const { return unfolded_; }
    void unfold(std::optional<snapshot::RowKey> row);
    // Its lines: from this line on so many. None where the row is not shown.
    struct Block {
        int at = 0;
        int count = 0;
        bool operator==(const Block&) const = default;
    };
    [[nodiscard]] Block connections() const { return {block_at_ + 1, block_count_}; }
    // Where a row would stand that comes directly after the row on this line.
    [[nodiscard]] int line_after(int line) const { return line + 1 + (line == block_at_ ? block_count_ : 0); }

    // As it was set; what is drawn is so from the next update on.
    [[nodiscard]] Grouping grouping() const { return wanted_; }
    void set_grouping(Grouping grouping) { wanted_ = grouping; }
    // Another number: the person changed which lines there are, so none of them is missed.
    [[nodiscard]] std::uint64_t epoch() const { return epoch_; }

    [[nodiscard]] int count() const { return static_cast<int>(lines().size()) + block_count_; }
    [[nodiscard]] LineAt at(int line) const;
    // -1: it is not shown, or its group is folded.
    [[nodiscard]] int line_of_row(std::uint32_t row) const;
    [[nodiscard]] int line_of_group(std::uint32_t group) const;

    [[nodiscard]] const snapshot::RowGroup& group(std::uint32_t group) const { return gathered_.groups()[group]; }
    // The group whose line stands above the rows that this one belongs to; nothing: it stands in none.
    [[nodiscard]] std::optional<std::uint32_t> group_of(std::uint32_t row) const;
    [[nodiscard]] std::optional<std::uint32_t> find_group(const GroupKey& key) const;
    [[nodiscard]] GroupKey key_of(std::uint32_t group) const { return gathered_.key_of(this->group(group)); }
    [[nodiscard]] bool has_key(std::uint32_t group, const GroupKey& key) const;

    [[nodiscard]] bool is_folded(std::uint32_t group) const;
    // From the next update on.
    void fold(std::uint32_t group, bool folded);
    void fold_all(bool folded);

  private:
    static constexpr std::uint32_t kGroup = 1U << 31U; // set: the line of a group
    struct Folds {
        std::set<snapshot::ProcessId> processes;
        std::set<std::string, std::less<>> projects;
        bool rest = false; // what has no project
        void put(const GroupKey& key, bool folded);
        [[nodiscard]] bool has(const GroupKey& key) const;
        [[nodiscard]] bool any() const { return rest || !processes.empty() || !projects.empty(); }
    };

    [[nodiscard]] std::span<const std::uint32_t> lines() const;
    [[nodiscard]] bool has_line(const snapshot::RowGroup& group) const;
    [[nodiscard]] int find(std::uint32_t one) const; // in lines()
    [[nodiscard]] int with_block(int line) const { return line > block_at_ ? line + block_count_ : line; }
    void place_block(const Model& model);
    void note_folds();
    void update_groups(const Model& model);
    void rebuild();

    Grouping wanted_ = Grouping::flat;
    Grouping grouping_ = Grouping::flat; // of lines()
    std::uint64_t epoch_ = 0;
    std::string filter_;
    Folds folds_;
    Folds folds_found_; // while a filter is typed
    bool stale_ = true;

    std::span<const std::uint32_t> rows_; // the arrangement's, during this frame
    snapshot::SnapshotPtr of_;
    std::vector<std::uint32_t> arranged_; // what lines_ were made of
    snapshot::RowGroups gathered_;
    std::vector<std::uint8_t> folded_; // of each group
    std::vector<std::uint32_t> lines_;

    std::optional<snapshot::RowKey> unfolded_;
    int block_at_ = -1; // the line of its row, where it is shown
    int block_count_ = 0;
};

} // namespace portside::ui
