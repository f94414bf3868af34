// SPDX-License-Identifier: MIT
#include "app/session/outcome_words.h"

#include "app/session/row_actions.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <span>

namespace portside::session {

using jobs::Stage;
using ui::KillPhase;
using ui::RowAction;

namespace {

constexpr std::size_t kMostNamed = 8; // before quitting: as many lines as the card has room for

const char* asked_text(RowAction action) {
    if (action == RowAction::stop_unit) {
        return "unit is being stopped";
    }
    if (action == RowAction::stop_container) {
        return "container is being stopped";
    }
    if (is_force(action)) {
        return is_tree(action) ? "tree is being ended" : "being ended";
    }
    return is_tree(action) ? "tree asked to stop" : "asked to stop";
}

bool stops(RowAction action) {
    return action == RowAction::stop_unit || action == RowAction::stop_container;
}

} // namespace

ui::RowStatus status_of(RowAction action, const commands::Update& update) {
    const auto time = commands::seconds_text(update.event.since_asked);
    switch (update.event.stage) {
    case Stage::authorising:
        return {KillPhase::authorising, "waiting for the password"};
    case Stage::still_running:
        return {KillPhase::still_running,
                fmt::format("still {} after {}", stops(action) ? "stopping" : "running", time)};
    case Stage::ended:
        return {KillPhase::ended, fmt::format("{} after {}", stops(action) ? "stopped" : "ended", time)};
    default:
        return {KillPhase::asked, asked_text(action)};
    }
}

ui::Notice::Tone tone_of(commands::Update::PortAfter port) {
    return port == commands::Update::PortAfter::free ? ui::Notice::Tone::good : ui::Notice::Tone::mixed;
}

std::string quit_question(const std::vector<std::string>& pending) {
    const auto named = std::span(pending).first(std::min(pending.size(), kMostNamed));
    const auto more = pending.size() - named.size();
    return fmt::format("Still pending: {}{}. Quit all the same?", fmt::join(named, ", "),
                       more == 0 ? "" : fmt::format(" and {} more", more));
}

} // namespace portside::session
