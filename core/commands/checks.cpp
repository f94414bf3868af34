// SPDX-License-Identifier: MIT
#include "core/commands/checks.h"

namespace portside::commands {

std::optional<platform::RefusedSignal> would_refuse(const KillOrder& order) {
    const platform::SignalTarget target{order.kill.process, order.kill.inodes, order.signal, order.consented,
                                        order.kill.pidfd_id};
    auto checked = platform::check_target(target, platform::SignalSystem::real(), order.elevate);
    if (checked) {
        return std::nullopt;
    }
    return std::move(checked.error());
}

UnlistedPid classify_unlisted(pid_t pid) {
    const auto facts = platform::read_process(pid);
    if (!facts) {
        return UnlistedPid::no_such_process;
    }
    return facts->uid && platform::is_owned_by_current_user(*facts->uid) ? UnlistedPid::holds_nothing
                                                                         : UnlistedPid::not_visible;
}

} // namespace portside::commands
