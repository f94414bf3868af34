// SPDX-License-Identifier: MIT
// The program that window_program.cpp is, as the tests start it.
#pragma once

#include <chrono>
#include <string>

namespace portside::shell_test {

inline const std::string kProgram = PORTSIDE_BUILD "/tests/test_shell_window";
inline constexpr std::chrono::milliseconds kPause{200}; // between two questions to it

} // namespace portside::shell_test
