// SPDX-License-Identifier: MIT
// `portside kill`: the window's button for the command line. It never prompts: its flags are the consent. Main thread.
#pragma once

#include "app/cli/arguments.h"

namespace portside::cli {

// Returns the exit code: 0 every target ended, 1 something did not end, 3 not permitted, 4 nothing matched; of several
// the first that applies in the order 3, 4, 1, 0.
[[nodiscard]] int run_kill(const KillArguments& arguments);

} // namespace portside::cli
