// SPDX-License-Identifier: MIT
// Which characters a snapshot or a typed text will draw, so that fonts that have them can be found. Pure.
#pragma once

#include "core/snapshot/snapshot.h"

#include <string_view>
#include <vector>

namespace portside::overlay {

// Beyond ASCII, each once, ascending.
[[nodiscard]] std::vector<char32_t> code_points_of(const snapshot::Snapshot& snapshot);
[[nodiscard]] std::vector<char32_t> code_points_of(std::string_view text);

} // namespace portside::overlay
