// SPDX-License-Identifier: MIT
// Copies of what was built, also for a user who may not look into the folder that it was built in. One thread.
#pragma once

#include <filesystem>

namespace portside::support {

// Before this process becomes another user: copy_program goes on finding the programs.
void keep_programs();

// Makes `to`, which anybody may run, of "portside" or "tests/NAME". Throws where it cannot.
void copy_program(const char* name, const std::filesystem::path& to);

} // namespace portside::support
