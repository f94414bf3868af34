// SPDX-License-Identifier: MIT
// What a word in the filter is looked for in. Pure; any thread.
#pragma once

#include "core/snapshot/snapshot.h"

namespace portside::snapshot {

// Writes Row::search_text and Row::search_names of a row whose owners and candidates are all in `snapshot`. Rows with
// the same owners have the same text, as have rows without owners that have the same candidates, unit and container.
void add_search_text(const Snapshot& snapshot, Row& row);

} // namespace portside::snapshot
