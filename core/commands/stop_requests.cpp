// SPDX-License-Identifier: MIT
#include "core/commands/stop_requests.h"

namespace portside::commands {

namespace {

// A process that runs again under another number is no longer the one that was shown: the job compares all of it.
jobs::Shown shown_in(const PlannedKill& kill, bool consented) {
    jobs::Shown shown;
    shown.target.process = kill.process;
    shown.target.inodes = kill.inodes;
    shown.target.consented = consented;
    shown.target.pidfd_id = kill.pidfd_id;
    shown.protocol = kill.row.protocol;
    shown.port = kill.row.port;
    shown.activated = kill.activated;
    return shown;
}

} // namespace

jobs::StopUnitRequest stop_unit_request(const KillOrder& order, std::chrono::milliseconds patience) {
    return {order.kill.unit.value_or(platform::Unit{}), shown_in(order.kill, order.consented), patience};
}

jobs::StopContainerRequest stop_container_request(const KillOrder& order, std::chrono::milliseconds patience) {
    return {order.kill.container.value_or(platform::Container{}), shown_in(order.kill, order.consented), patience};
}

jobs::LookUpRequest look_up_request(const PlannedKill& kill) {
    return {kill.unit, kill.container, shown_in(kill, false)};
}

} // namespace portside::commands
