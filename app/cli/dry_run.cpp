// SPDX-License-Identifier: MIT
#include "app/cli/dry_run.h"

#include "core/commands/checks.h"
#include "core/snapshot/respawner.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <span>
#include <vector>

namespace portside::cli {

namespace {

using commands::KillOrder;
using commands::Way;

std::string first_line(const KillOrder& order) {
    const char* const signal = platform::name_of(order.signal);
    const auto& kill = order.kill;
    const char* const how = order.elevate ? ", as administrator" : "";
    const auto holds = kill.holder ? fmt::format("under which process {} holds {}", kill.holder->pid, kill.port)
                                   : fmt::format("which holds {}", kill.port);
    if (order.way != Way::kill_tree) {
        return fmt::format("Would send {} to {}, {}{}.", signal, kill.label, holds, how);
    }
    const auto tree = commands::tree_targets(order);
    if (tree.size() < 2) {
        return fmt::format("Would send {} to {}, {}{}; it has no descendants.", signal, kill.label, holds, how);
    }
    std::vector<std::string> below;
    for (const auto& target : std::span(tree).subspan(1)) {
        below.push_back(target.label + (target.own ? "" : " of another user"));
    }
    return fmt::format("Would send {} to {}, {}, and then to its {} descendant{}, top down: {}.", signal, kill.label,
                       holds, below.size(), below.size() == 1 ? "" : "s", fmt::join(below, ", "));
}

// Whose signal each process of a tree would get, where it is not all the caller's own.
std::string whose_signals(const KillOrder& order) {
    std::vector<std::string> own;
    std::vector<std::string> others;
    if (order.way == Way::kill_tree) {
        for (const auto& target : commands::tree_targets(order)) {
            (target.own ? own : others).push_back(target.label);
        }
    }
    if (others.empty()) {
        return {};
    }
    if (!order.elevate) {
        return fmt::format("Without --elevate it is left alone: {}.", fmt::join(others, ", "));
    }
    const auto by_own = own.empty() ? std::string() : fmt::format("By your own signal: {}. ", fmt::join(own, ", "));
    return fmt::format("{}As administrator, after a password, one after another: {}.", by_own, fmt::join(others, ", "));
}

} // namespace

std::string dry_run_text(const snapshot::Snapshot& snapshot, const KillOrder& order, const jobs::LookedUp* told) {
    auto text = first_line(order);
    const auto add = [&](const std::string& reason) {
        if (!reason.empty()) {
            text += "\n  " + reason;
        }
    };
    add(whose_signals(order));
    const auto* const row = snapshot.find_row(order.kill.row);
    if (row != nullptr && row->owners.size() > 1 && !order.kill.holder) {
        add(row->owners.front().id == order.kill.process
                ? fmt::format("It is the topmost of {} owners: ending another of them would free nothing.",
                              row->owners.size())
                : fmt::format("It is one of {} owners, and not the topmost ({}): the port stays held.",
                              row->owners.size(), commands::label_of(snapshot, row->owners.front().id)));
    }
    if (auto hint = unit_hint(order, told); !hint.empty()) {
        add(hint);
    } else if (told != nullptr && told->unit && !told->unit->restart.empty()) {
        add(fmt::format("It belongs to unit {}, whose manager does not start it again (Restart={}).",
                        order.kill.unit->name, told->unit->restart));
    } else if (order.kill.unit) {
        add(fmt::format("It belongs to unit {}, whose manager may start it again.", order.kill.unit->name));
    }
    if (order.kill.container) {
        const auto& container = *order.kill.container;
        add(fmt::format("It belongs to container {}, which may start it again.",
                        container.name.empty() ? container.id : container.name));
    }
    add(respawner_hint(snapshot, order));
    return text;
}

std::string unit_hint(const KillOrder& order, const jobs::LookedUp* told) {
    const auto why = told == nullptr ? std::string() : jobs::why_stop(*told);
    return why.empty() ? why
                       : fmt::format("{} To free the port: portside kill --stop-unit {}", why, order.kill.row.port);
}

std::string respawner_hint(const snapshot::Snapshot& snapshot, const KillOrder& order) {
    const auto respawner = snapshot::respawner_of(snapshot, order.kill.process);
    return respawner ? fmt::format("{}. To end both: portside kill --tree pid:{}", snapshot::respawner_text(*respawner),
                                   respawner->process.pid)
                     : std::string();
}

} // namespace portside::cli
