// SPDX-License-Identifier: MIT
// Texts that are put together for rows on the screen, once a snapshot. UI thread.
#pragma once

#include "core/snapshot/snapshot.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

namespace portside::ui {

struct DrawnText {
    std::string voice;     // beside the name of the topmost owner (row_text.h)
    std::string knowledge; // how an owner is known, or why none is shown
    std::string others;    // "+4": the owners but for the first
};

class DrawnTexts {
  public:
    // `row` is an index into the snapshot's rows. Holds until the next call.
    [[nodiscard]] const DrawnText& of(const snapshot::SnapshotPtr& snapshot, std::uint32_t row, std::string_view home);

  private:
    snapshot::SnapshotPtr of_;
    std::unordered_map<std::uint32_t, DrawnText> texts_;
};

} // namespace portside::ui
