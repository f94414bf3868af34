// SPDX-License-Identifier: MIT
// The privileged helper's two tasks. It runs as root after the password and trusts nobody: it uses no environment and
// no file of a user, formats no process's text, and says nothing but exit codes and numbers. One thread.
#pragma once

#include "core/platform/kill_helper.h"

namespace portside::kill_helper {

// All that `arguments` (without the program's name) ask for. Standard input may be a pidfd of the process that is
// meant: then only it is signalled, whatever became of the number meanwhile. Standard output gets the owners.
[[nodiscard]] platform::HelperExit run(std::span<const std::string_view> arguments);

} // namespace portside::kill_helper
