// SPDX-License-Identifier: MIT
// What the details say about a row. Pure.
#pragma once

#include "app/ui/model.h"

#include <optional>
#include <string>
#include <vector>

namespace portside::ui {

struct Fact {
    std::string label;
    std::string text;
    bool mono = false;
};

[[nodiscard]] std::vector<Fact> facts_of(const Model& model, const snapshot::Row& row);
// All of them for the clipboard: each label on a line of its own, above its text.
[[nodiscard]] std::string copy_of(const std::vector<Fact>& facts);

// The facts of the row whose details are open, made anew only when something in them changed. UI thread.
class DetailsText {
  public:
    // Holds until the next call.
    [[nodiscard]] const std::vector<Fact>& of(const Model& model, const snapshot::Row& row);
    // When they change though nothing arrives: ages are told in them.
    [[nodiscard]] snapshot::WallTime until() const { return until_; }

  private:
    snapshot::SnapshotPtr snapshot_;
    snapshot::DetailsPtr details_;
    std::optional<snapshot::RowKey> row_;
    bool with_keeper_ = false;
    snapshot::PortBookPtr book_;
    snapshot::WallTime until_;
    std::vector<Fact> facts_;
};

} // namespace portside::ui
