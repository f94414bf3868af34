// SPDX-License-Identifier: MIT
// Texts that are put together for rows on the screen, once a snapshot. UI thread.
#pragma once

#include "app/ui/age_text.h"
#include "core/snapshot/snapshot.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

namespace portside::ui {

struct DrawnText {
    std::string title;      // of a row without a known owner: "unit nginx.service", or why no owner is shown
    std::string voice;      // beside the name of the topmost owner, or beside the title: the candidates (row_text.h)
    std::string knowledge;  // how an owner is known, or why none is shown
    std::string others;     // "+4": the owners but for the first
    std::string keeper;     // a badge: the unit or the container, where it says more than the name
    std::string candidates; // a badge: "candidate", "3 candidates"
    std::string project;    // the folder that the topmost owner works on; empty: none is known
    AgeText age;            // since when; empty where that is not known
};

class DrawnTexts {
  public:
    // `row` is an index into the snapshot's rows; `clock`: the time by which ages are told. Holds until the next call.
    [[nodiscard]] const DrawnText& of(const snapshot::SnapshotPtr& snapshot, std::uint32_t row, std::string_view home,
                                      snapshot::WallTime clock);

  private:
    snapshot::SnapshotPtr of_;
    std::unordered_map<std::uint32_t, DrawnText> texts_;
};

} // namespace portside::ui
