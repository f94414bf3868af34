// SPDX-License-Identifier: MIT
// Asks the window's fonts for the characters that are about to be drawn, whenever what they are made of changed. UI
// thread.
#pragma once

#include "app/shell/window.h"
#include "app/ui/model.h"
#include "app/ui/ui_state.h"

#include <cstdint>
#include <string>

namespace portside::overlay {

class DrawnGlyphs {
  public:
    // Before a frame. Costs nothing while everything is as it was.
    void ask(shell::Window& window, const ui::Model& model, const ui::UiState& state);

  private:
    // Whose characters were asked for.
    snapshot::SnapshotPtr snapshot_;
    snapshot::RowTagsPtr tags_;
    snapshot::RowConnectionsPtr connections_;
    std::string keeper_;
    std::uint64_t notice_ = 0; // the newest
    std::string filter_;
    std::string naming_;
};

} // namespace portside::overlay
