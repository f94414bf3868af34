// SPDX-License-Identifier: MIT
// Sends a signal to the process that was meant, or to nobody. Any thread.
// Order: guard rails, pidfd_open, identity (start time and the pidfd's own number), still holds the socket, consent,
// send. There is no way round a failed check.
#pragma once

#include "core/base/unique_fd.h"
#include "core/platform/owners.h"
#include "core/platform/pidfd.h"
#include "core/platform/process.h"
#include "core/platform/process_id.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace portside::platform {

struct SignalTarget {
    ProcessId process;
    // For a kill by port: at least one of these sockets must still be held. Empty: a kill by pid, nothing to hold.
    std::vector<std::uint64_t> inodes;
    Signal signal = Signal::term;
    bool consented = false; // the user was asked about a process that is asked about first, and said yes
    // A start time ticks only every 10 ms, so a process and its successor can share one; this number is never used
    // twice. 0: not known, and the start time alone is compared.
    std::uint64_t pidfd_id = 0;
};

enum class Refusal : std::uint8_t {
    never_signalled,  // pid 0, 1, negative, a kernel thread, Portside itself
    gone,             // ended before the signal
    identity_changed, // the number means another process now
    not_holding,      // it is the same process, but it no longer holds the socket
    needs_consent,    // an ancestor of ours, the display server, the compositor, the session bus
    not_permitted,    // the kernel said EPERM: another user's process
    failed,           // any other error; see the sentence
};

struct RefusedSignal {
    Refusal reason;
    std::string sentence; // for a person: what would happen, or what happened
};

// What the steps ask of the system; tests put their own in.
struct SignalSystem {
    std::function<base::Result<base::UniqueFd>(pid_t)> open_pidfd;
    std::function<std::uint64_t(const base::UniqueFd&)> pidfd_id;
    std::function<base::Result<ProcessStat>(pid_t)> read_stat;
    std::function<Holds(pid_t, std::uint64_t)> holds;
    // Why a process is asked about first ("It is the display server: ..."), or nothing.
    std::function<std::optional<std::string>(const ProcessId&)> why_protected;
    std::function<bool(const base::UniqueFd&)> may_send; // see may_signal
    std::function<base::Result<void>(const base::UniqueFd&, Signal)> send;
    [[nodiscard]] static SignalSystem real();
};

using CheckedPidfd = tl::expected<base::UniqueFd, RefusedSignal>;

// All steps but the last: a pidfd that is known to be the process meant. A socket whose holder may not be read
// (Holds::not_permitted) passes only with `trust_unreadable` (an elevated kill, which asks as administrator later).
[[nodiscard]] CheckedPidfd check_target(const SignalTarget& target, const SignalSystem& system,
                                        bool trust_unreadable = false);

// All steps. The pidfd comes back so that the caller can wait for the end.
[[nodiscard]] CheckedPidfd send_checked(const SignalTarget& target, const SignalSystem& system);

// Whether a process with this uid can be signalled without elevation: same uid, or we are root.
[[nodiscard]] bool is_owned_by_current_user(uid_t uid);

} // namespace portside::platform
