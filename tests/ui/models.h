// SPDX-License-Identifier: MIT
// Models of a few rows, and what the details say of a row. Without ImGui.
#pragma once

#include "app/ui/details_text.h"
#include "tests/support/canned_snapshots.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace portside::ui {

inline Model model_with(const std::vector<canned::RowWords>& rows) {
    return canned::model_of(canned::snapshot_of(rows));
}

inline const snapshot::Row& row_of(const Model& model, std::uint16_t port) {
    return *std::ranges::find(model.snapshot->rows, port, [](const auto& row) { return row.key.port; });
}

inline std::string text_of(const std::vector<Fact>& facts, std::string_view label) {
    const auto found = std::ranges::find(facts, label, &Fact::label);
    return found != facts.end() ? found->text : "(not said)";
}

} // namespace portside::ui
