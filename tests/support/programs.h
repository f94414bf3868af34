// SPDX-License-Identifier: MIT
// Copies of the tests' own programs, also for a user who may not look into the folder that this was built in. One
// thread.
#pragma once

#include <filesystem>

namespace portside::support {

// Before this process becomes another user: copy_program goes on finding the programs.
void keep_programs();

// Makes `to`, which anybody may run. Throws where it cannot.
void copy_program(const char* name, const std::filesystem::path& to);

} // namespace portside::support
