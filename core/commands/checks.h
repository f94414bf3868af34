// SPDX-License-Identifier: MIT
// What would happen, without doing it: for --dry-run and for targets that no listing shows. Any thread.
#pragma once

#include "core/commands/kill_order.h"
#include "core/platform/checked_signal.h"

#include <cstdint>
#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace portside::commands {

// Why this kill would be refused now, or nothing. All checks but the kernel's own word at the signal.
[[nodiscard]] std::optional<platform::RefusedSignal> would_refuse(const KillOrder& order);

// Who would be ended by Way::kill_tree: the process and its descendants now, top down. None where it has ended.
struct TreeTarget {
    std::string label;
    bool own = false; // our own signal may reach it
};
[[nodiscard]] std::vector<TreeTarget> tree_targets(const KillOrder& order);

// What a pid that holds no listed socket is.
enum class UnlistedPid : std::uint8_t {
    no_such_process,
    holds_nothing, // ours to see, and it holds no listed socket
    not_visible,   // another user's: whether it holds a socket cannot be seen without --elevate
};
[[nodiscard]] UnlistedPid classify_unlisted(pid_t pid);

} // namespace portside::commands
