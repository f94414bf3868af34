// SPDX-License-Identifier: MIT
// What a listing could not show, and why, as sentences for the command line and the window alike. Pure; any thread.
#pragma once

#include "core/snapshot/assemble.h"
#include "core/snapshot/snapshot.h"

#include <vector>

namespace portside::snapshot {

// In a fixed order: owners_not_permitted, then a table's source_fallback or source_missing by the order of kTables,
// then bound_unknown. `rows` are the assembled rows.
[[nodiscard]] std::vector<Note> notes_on(const ScanFacts& facts, const std::vector<Row>& rows);

} // namespace portside::snapshot
