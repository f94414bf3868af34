// SPDX-License-Identifier: MIT
// Which characters a snapshot will draw, so that fonts that have them can be found. Pure.
#pragma once

#include "core/snapshot/snapshot.h"

#include <vector>

namespace portside::overlay {

// Beyond Latin-1, each once, ascending.
[[nodiscard]] std::vector<char32_t> code_points_of(const snapshot::Snapshot& snapshot);

} // namespace portside::overlay
