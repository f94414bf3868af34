// SPDX-License-Identifier: MIT
// The window program, wired: work, session, window. Construction order is shutdown order. Main thread.
#pragma once

#include "app/overlay/options.h"

namespace portside::overlay {

// Runs until the person quits. Returns the exit code; what went wrong is one sentence on stderr.
[[nodiscard]] int run(const Options& options);

} // namespace portside::overlay
