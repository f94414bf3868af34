// SPDX-License-Identifier: MIT
// Which characters are about to be drawn, whenever what they are made of changed: the window's fonts are asked for
// them. UI thread.
#pragma once

#include "app/ui/model.h"
#include "app/ui/ui_state.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace portside::overlay {

class DrawnGlyphs {
  public:
    // Before a frame: those beyond ASCII in what is another text than at the last call; some may be told twice. Costs
    // nothing while everything is as it was.
    [[nodiscard]] std::vector<char32_t> news(const ui::Model& model, const ui::UiState& state);

  private:
    // Whose characters were asked for.
    snapshot::SnapshotPtr snapshot_;
    snapshot::RowTagsPtr tags_;
    snapshot::RowConnectionsPtr connections_;
    std::optional<ui::KeeperNews> keeper_;
    std::uint64_t notice_ = 0; // the newest
    std::string filter_;
    std::string naming_;
};

} // namespace portside::overlay
