// SPDX-License-Identifier: MIT
// The helper as a child of the test. Main thread of a test only, before it starts other threads.
#pragma once

#include "core/platform/kill_helper.h"

#include "job_support.h"

#include <fcntl.h>
#include <unistd.h>

namespace portside::tests {

using Words = std::vector<std::string>;

// Becomes the helper: for a forked child. `input` is its standard input; -1: closed.
[[noreturn]] inline void become_helper(const Words& words, int input, int output) {
    if (input < 0) {
        ::close(STDIN_FILENO);
    } else {
        ::dup2(input, STDIN_FILENO);
    }
    if (output >= 0) {
        ::dup2(output, STDOUT_FILENO);
    }
    Words all{PORTSIDE_HELPER};
    all.insert(all.end(), words.begin(), words.end());
    std::vector<char*> pointers;
    for (auto& word : all) {
        pointers.push_back(word.data());
    }
    pointers.push_back(nullptr);
    ::execv(PORTSIDE_HELPER, pointers.data());
    ::_exit(125);
}

[[nodiscard]] inline platform::HelperExit run_helper(const Words& words, int input = -1, int output = -1) {
    return static_cast<platform::HelperExit>(in_child([&]() -> int { become_helper(words, input, output); }));
}

} // namespace portside::tests
