// SPDX-License-Identifier: MIT
#include "core/commands/kill_sentences.h"

#include "core/commands/port_check.h"
#include "core/commands/times.h"
#include "core/platform/process.h"

#include <fmt/format.h>

namespace portside::commands {

namespace {

std::string tree_text(const KillOrder& order, const jobs::JobEvent& event) {
    if (order.way != Way::kill_tree || event.members < 2) {
        return order.kill.label;
    }
    return fmt::format("{} and {} descendant{}", order.kill.label, event.members - 1, event.members == 2 ? "" : "s");
}

std::string left_text(const jobs::JobEvent& event) {
    return event.left.empty() ? std::string() : fmt::format(" Left: {}.", joined_names(event.left));
}

// A signal that waits: the process is stopped (signal(7)), or a debugger holds it.
std::string why_running(const KillOrder& order) {
    const auto stat = platform::read_stat(order.kill.process.pid);
    if (!stat || stat->id != order.kill.process || order.signal == platform::Signal::kill) {
        return {};
    }
    if (stat->state == 'T') {
        return " It is stopped, so SIGTERM waits until it is continued (kill -CONT).";
    }
    if (stat->state == 't') {
        return " A debugger has stopped it, so SIGTERM waits.";
    }
    return stat->state == 'D' ? " It waits for a device or a disk and takes no signal meanwhile." : "";
}

const char* way_text(Way way) {
    switch (way) {
    case Way::kill:
        return "kill";
    case Way::kill_tree:
        return "kill tree of";
    case Way::stop_unit:
        return "stop unit of";
    case Way::stop_container:
        break;
    }
    return "stop container of";
}

} // namespace

std::string end_sentence(const KillOrder& order, const jobs::JobEvent& event) {
    if (!event.sentence.empty()) {
        return event.sentence; // of a unit or a container: more has ended than the process
    }
    const auto left = event.left.empty() ? "" : fmt::format(" (left: {})", joined_names(event.left));
    if (!event.signal_sent) {
        return fmt::format("{} ended by itself (nothing was sent){}", order.kill.label, left);
    }
    return fmt::format("{} ended after {}{}", tree_text(order, event), seconds_text(event.since_asked), left);
}

std::string still_running_sentence(const KillOrder& order, const jobs::JobEvent& event) {
    if (!event.sentence.empty()) {
        return event.sentence;
    }
    const auto after = seconds_text(event.since_asked);
    if (order.way == Way::kill_tree) {
        return fmt::format("The tree of {} has not ended after {}.{}", order.kill.label, after, left_text(event));
    }
    return fmt::format("{} is still running after {}.{}", order.kill.label, after, why_running(order));
}

std::string prompt_open_sentence(const jobs::JobEvent& event) {
    constexpr const char* kOpen = "the password prompt was open when Portside quit";
    return event.members == 0 ? fmt::format("{}; nothing is known to have been sent", kOpen)
                              : fmt::format("{}; {} of the tree had got the signal before", kOpen, event.members);
}

std::string log_text(const KillOrder& order, const std::string& outcome) {
    const auto& kill = order.kill;
    const bool signals = order.way == Way::kill || order.way == Way::kill_tree;
    const bool tree = order.way == Way::kill_tree; // whose own processes get the person's own signal
    const char* const how = order.elevate ? (tree ? " (as administrator where needed)" : " as administrator") : "";
    return fmt::format("{} {}, start time {}, on {} {}{}{}: {}", way_text(order.way), kill.label,
                       kill.process.start_time, platform::to_string(kill.row.protocol), kill.port,
                       signals ? fmt::format(", {}", platform::name_of(order.signal)) : "", how, outcome);
}

} // namespace portside::commands
