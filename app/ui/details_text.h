// SPDX-License-Identifier: MIT
// What the details say about a row. Pure.
#pragma once

#include "app/ui/model.h"

#include <string>
#include <vector>

namespace portside::ui {

struct Fact {
    std::string label;
    std::string text;
    bool mono = false;
    bool copies = false; // offers to copy the text
};

[[nodiscard]] std::vector<Fact> facts_of(const Model& model, const snapshot::Row& row);

} // namespace portside::ui
