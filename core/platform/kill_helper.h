// SPDX-License-Identifier: MIT
// What Portside and its privileged helper `portside-kill-helper` say to each other: arguments, exit codes and lines of
// numbers. Both sides use these functions, so that neither can know another form. Pure; any thread.
//
//   portside-kill-helper kill --pid N --start-time T [--pidfd-id P] [--inode I]... --signal TERM|KILL
//   portside-kill-helper owners
//
// In this order, each with its value in the next argument, and nothing else. Of several inodes (a row can have several
// sockets) at least one must still be held; without any, nothing has to be held.
#pragma once

#include "core/base/result.h"
#include "core/platform/checked_signal.h"
#include "core/platform/owners.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace portside::platform {

// How `kill` ended; of all but `sent`, nothing was sent. `owners`: sent (all is printed), usage or failed. pkexec's own
// codes are 126 and 127.
enum class HelperExit : std::uint8_t {
    sent = 0,
    usage = 64,       // other arguments than the above
    gone = 65,        // the process has ended
    identity_changed, // the number means another process, or standard input is the pidfd of another one
    not_holding,      // it is the same process, and it holds none of the sockets
    never_signalled,  // a guard rail: pid 0, 1, negative, a kernel thread, the helper itself, or who started it
    not_permitted,    // the kernel said no, also to this caller: it does not run as root
    failed,           // any other error
};

enum class HelperTask : std::uint8_t { kill, owners };

struct HelperOrder {
    HelperTask task = HelperTask::owners;
    SignalTarget target; // of kill; `consented` is set: who was asked for a password was asked before
};

// More sockets than that are left out: a process that holds so many holds one of the first too.
inline constexpr std::size_t kMostHelperInodes = 1024;

[[nodiscard]] std::vector<std::string> helper_kill_arguments(const SignalTarget& target);
[[nodiscard]] std::vector<std::string> helper_owners_arguments();
// `arguments` are without the program's name. Nothing where they have not exactly the form above.
[[nodiscard]] std::optional<HelperOrder> parse_helper_arguments(std::span<const std::string_view> arguments);

// A line "inode pid start_time" for each.
[[nodiscard]] std::string owner_lines(std::span<const SocketOwner> owners);
// Strict: one line of another form, a cut last line or too many of them make the whole answer an error.
[[nodiscard]] base::Result<std::vector<SocketOwner>> parse_owner_lines(std::string_view text);

// The pid that /proc/self/fdinfo/N of a pidfd names (proc(5)): -1 once that process has been collected. Nothing for a
// descriptor that is no pidfd.
[[nodiscard]] std::optional<pid_t> parse_pidfd_info(std::string_view text);

} // namespace portside::platform
