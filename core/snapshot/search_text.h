// SPDX-License-Identifier: MIT
// What a word in the filter is looked for in, and whose it is. Pure; any thread.
#pragma once

#include "core/snapshot/snapshot.h"

namespace portside::snapshot {

// Writes Snapshot::texts, Row::text and Row::topmost_at. The owners and candidates of its rows are all in `snapshot`.
void add_texts(Snapshot& snapshot);

} // namespace portside::snapshot
