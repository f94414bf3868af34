// SPDX-License-Identifier: MIT
// `portside` without a command: becomes portside-overlay. Main thread.
#pragma once

#include "app/cli/arguments.h"

namespace portside::cli {

// Returns only when it could not: the exit code, after one sentence on stderr.
[[nodiscard]] int open_overlay(const OverlayArguments& arguments);

} // namespace portside::cli
