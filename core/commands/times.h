// SPDX-License-Identifier: MIT
// Times in sentences. Pure; any thread.
#pragma once

#include <chrono>
#include <string>

namespace portside::commands {

// "0.2 s", "12 s", "less than 0.1 s": for sentences.
[[nodiscard]] std::string seconds_text(std::chrono::milliseconds time);

} // namespace portside::commands
