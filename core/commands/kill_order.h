// SPDX-License-Identifier: MIT
// One kill as it is asked for. Plain values; any thread.
#pragma once

#include "core/commands/targets.h"
#include "core/commands/way.h"
#include "core/platform/pidfd.h"

namespace portside::commands {

struct KillOrder {
    PlannedKill kill;
    Way way = Way::kill;
    platform::Signal signal = platform::Signal::term;
    bool elevate = false;
    bool consented = false; // see SignalTarget::consented
    bool internal_agent = false;
};

} // namespace portside::commands
