// SPDX-License-Identifier: MIT
// A machine of its own (pid and mount namespaces) in which a process's number is taken by an innocent process at the
// worst moment, and what then came of a signal that was meant for the first one. One thread, and forks of it.
#pragma once

#include "core/platform/checked_signal.h"

#include <cstdint>
#include <functional>
#include <string>

namespace portside::live {

// When the innocent process takes the number.
enum class Moment : std::uint8_t {
    before_request,    // between the listing and the click
    after_pidfd,       // the pidfd was opened, the identity not yet read
    after_identity,    // all was checked, the signal not yet sent
    before_helper,     // during the password: the helper gets the pidfd of the click
    before_helper_bare // and without that pidfd: the helper has the words alone
};

enum class Sender : std::uint8_t { checked, plain_kill };

struct Torture {
    int rounds = 0;
    int innocents_hit = 0; // a signal is pending for the innocent process: it would have ended
    int gone = 0;
    int identity_changed = 0;
    int other = 0;         // any other end
    int same_start = 0;    // rounds in which both had the same start time: only the pidfd's number tells them apart
    bool numbered = false; // this kernel numbers pidfds
};

// Runs that many rounds of each moment. As root. Throws std::runtime_error where the machine cannot be built.
[[nodiscard]] Torture torture(Sender sender, int rounds_each, const std::string& helper);

} // namespace portside::live
