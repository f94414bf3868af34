// SPDX-License-Identifier: MIT
// A process as a descriptor (pidfd_open(2)): it goes on meaning the same process whatever becomes of the number. Any
// thread.
#pragma once

#include "core/base/result.h"
#include "core/base/unique_fd.h"

#include <cstdint>
#include <sys/types.h>

namespace portside::platform {

enum class Signal : std::uint8_t { term, kill };

[[nodiscard]] int number_of(Signal signal);       // SIGTERM, SIGKILL
[[nodiscard]] const char* name_of(Signal signal); // "SIGTERM", "SIGKILL"

// Linux 5.3. Becomes readable (poll) when the process has ended. CLOEXEC by nature. No privilege is needed.
[[nodiscard]] base::Result<base::UniqueFd> open_pidfd(pid_t pid);
// pidfd_send_signal(2). not_found when it has ended.
[[nodiscard]] base::Result<void> send_signal(const base::UniqueFd& pidfd, Signal signal);
// Whether a signal of ours may reach it, as the kernel says; nothing is sent. True also when it has ended.
[[nodiscard]] bool may_signal(const base::UniqueFd& pidfd);
// The number of the process behind the pidfd: on pidfs (Linux 6.9 and later) fstat(2) gives each process an inode
// number that is never used twice while the machine runs. 0 where the kernel has none: before, all pidfds share one
// inode.
[[nodiscard]] std::uint64_t pidfd_id(const base::UniqueFd& pidfd);
// Whether the process behind the pidfd has ended. Does not block.
[[nodiscard]] bool has_ended(const base::UniqueFd& pidfd);

} // namespace portside::platform
