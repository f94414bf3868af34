// SPDX-License-Identifier: MIT
// `portside list`: one scan, printed. Main thread.
#pragma once

#include "app/cli/arguments.h"
#include "core/snapshot/arrangement.h"

#include <string>

namespace portside::cli {

// Returns the exit code.
[[nodiscard]] int run_list(const ListArguments& arguments);

// The rows as a table with a header line, columns aligned by characters. Pure.
[[nodiscard]] std::string table_text(const snapshot::Snapshot& snapshot, const snapshot::Arrangement& arrangement);

} // namespace portside::cli
