// SPDX-License-Identifier: MIT
// Runs a part of a test in a child: as an ordinary user, or in a pid namespace of its own with its own /proc and
// network. As root, from a process with one thread.
#pragma once

#include <functional>
#include <string>
#include <sys/types.h>

namespace portside::owners {

// Each returns what the part threw; "" when it ended well.
[[nodiscard]] std::string as_nobody(const std::function<void()>& part);
[[nodiscard]] std::string in_own_processes(const std::function<void()>& part);
[[nodiscard]] std::string nobody_in_own_processes(const std::function<void()>& part);

// In there: the next process gets this number. It must be free.
void choose_next_pid(pid_t pid);

} // namespace portside::owners
