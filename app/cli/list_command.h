// SPDX-License-Identifier: MIT
// `portside list`: one scan, printed. Main thread.
#pragma once

#include "app/cli/arguments.h"
#include "core/snapshot/arrangement.h"

#include <string>

namespace portside::cli {

// Returns the exit code.
[[nodiscard]] int run_list(const ListArguments& arguments);

// The rows as a table with a header line, columns aligned by characters. `tags`: the snapshot's; a column for labels is
// there where one of the rows has one. Pure.
[[nodiscard]] std::string table_text(const snapshot::Snapshot& snapshot, const snapshot::Arrangement& arrangement,
                                     const snapshot::RowTags* tags = nullptr);

} // namespace portside::cli
