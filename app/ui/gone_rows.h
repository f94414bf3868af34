// SPDX-License-Identifier: MIT
// Rows that were on the screen and are gone: they stay in their place for a moment, greyed, and can neither be selected
// nor acted on. As few as there are lines on the screen, whatever went. UI thread.
#pragma once

#include "core/snapshot/arrangement.h"
#include "core/snapshot/snapshot.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace portside::ui {

class Lines;
struct Model;

inline constexpr std::chrono::milliseconds kGone{2000};

struct GoneRow {
    snapshot::SnapshotPtr in; // the last one that had it
    std::uint32_t row = 0;    // its index there
    std::chrono::steady_clock::time_point since;
    int before = 0; // it stands above this line of the list
};

class GoneRows {
  public:
    // At the start of a frame: which rows have gone since the last one, where, and which were shown long enough. Costs
    // nothing while the snapshot stays the same. `filter`: what is typed; another one, another order or another
    // view is another list, in which nothing is missed. So is one whose lines the person changed.
    void update(const Model& model, const Lines& lines, const std::string& filter);
    // While rows are drawn, from top to bottom: what is on the screen.
    void note_drawn(const snapshot::SnapshotPtr& in, std::uint32_t row, int at);
    void note_group_drawn(const snapshot::SnapshotPtr& in, std::uint32_t first_row, int at);

    [[nodiscard]] const std::vector<GoneRow>& all() const { return gone_; } // from top to bottom
    // Lines as they are drawn: those of the list (lines.h) and, between them, those that are gone.
    struct Line {
        int line = 0;                  // of the list
        const GoneRow* gone = nullptr; // set: it is this row instead
    };
    [[nodiscard]] Line at(int drawn) const;
    [[nodiscard]] int drawn_at(int line) const;
    [[nodiscard]] int count() const { return static_cast<int>(gone_.size()); }
    // By how many lines the rows on the screen stand lower than in the last frame, where the snapshot changed.
    [[nodiscard]] int shift() const { return shift_; }

  private:
    // A line of the last frame.
    struct Drawn {
        snapshot::SnapshotPtr in;
        std::uint32_t row = 0;
        int at = 0;         // its line, as drawn
        bool group = false; // the line of the group whose first row that is
    };
    struct Place {
        int line = -1; // -1: it is not in the list
        bool in_snapshot = false;
    };
    [[nodiscard]] static Place place_of(const Drawn& drawn, const Model& model, const Lines& lines);
    void find_gone(const Model& model, const Lines& lines);
    void follow_block(const Lines& lines);
    [[nodiscard]] int find_shift(const Model& model, const Lines& lines) const;

    std::vector<GoneRow> gone_;
    std::vector<Drawn> drawn_; // in the last frame, from top to bottom
    snapshot::SnapshotPtr of_; // of the last frame
    int shift_ = 0;
    std::uint64_t epoch_ = 0; // of the lines
    int block_at_ = 0;        // and which of them are the unfolded row's
    int block_count_ = 0;
    std::string filter_;
    snapshot::SortOrder sort_;
    snapshot::View view_ = snapshot::View::all;
    bool hides_system_ = false;
};

} // namespace portside::ui
