// SPDX-License-Identifier: MIT
#include "app/session/supervision.h"

#include <fmt/format.h>

namespace portside::session {

std::string comes_back_sentence(const std::string& unit, const Supervision& facts, const std::string& it) {
    const std::string what = it.empty() ? "it" : it;
    if (!facts.sockets.empty()) {
        return fmt::format("{} is started by {}: the next connection starts {} again.", unit, facts.sockets.front(),
                           what);
    }
    if (facts.restart.empty() || facts.restart == "no") {
        return {};
    }
    // A signal that was asked for counts as a clean end (systemd.service(5), Restart=); what the program makes of it is
    // its own affair, so the rest may restart.
    const bool surely = facts.restart == "always" || facts.restart == "on-success";
    return fmt::format("{} has Restart={}: systemd {} start {} again.", unit, facts.restart, surely ? "will" : "may",
                       what);
}

} // namespace portside::session
