// SPDX-License-Identifier: MIT
#include "core/commands/checks.h"

#include "core/jobs/helper.h"
#include "core/jobs/job_thread.h"
#include "core/jobs/tree_job.h"
#include "core/platform/process.h"
#include "core/platform/process_tree.h"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

namespace portside::commands {

namespace {

using platform::Refusal;
using platform::RefusedSignal;

std::optional<RefusedSignal> refusal_of(const platform::SignalTarget& target, bool trust_unreadable) {
    auto checked = platform::check_target(target, platform::SignalSystem::real(), trust_unreadable);
    return checked ? std::nullopt : std::optional(std::move(checked.error()));
}

std::vector<platform::Relative> tree_of(const platform::ProcessId& root) {
    const auto all = platform::read_relatives();
    return all ? platform::ProcessTree(root).take_new(*all) : std::vector<platform::Relative>{};
}

// Whether our own signal may reach it, or nothing needs to: it has ended.
bool is_own(const platform::Relative& process) {
    const auto pidfd = platform::open_pidfd(process.stat.id.pid);
    return !pidfd || platform::may_signal(*pidfd);
}

// As the job would: a descendant that has ended or is Portside itself is passed over, one that is asked about first
// stops the whole tree.
std::optional<RefusedSignal> tree_refusal(const KillOrder& order) {
    const auto tree = tree_of(order.kill.process);
    bool holds = !order.kill.holder;
    for (const auto& process : tree) {
        holds = holds || process.stat.id == *order.kill.holder;
        if (process.stat.id == order.kill.process) {
            continue;
        }
        auto refused = refusal_of({process.stat.id, {}, order.signal, order.consented}, order.elevate);
        const bool counts =
            refused && (refused->reason == Refusal::needs_consent || refused->reason == Refusal::not_permitted ||
                        refused->reason == Refusal::failed);
        if (counts) {
            return refused;
        }
    }
    if (!holds) {
        return RefusedSignal{Refusal::not_holding,
                             fmt::format("Process {} no longer descends from {}: nothing is sent.",
                                         order.kill.holder->pid, order.kill.label)};
    }
    const bool all_own = std::all_of(tree.begin(), tree.end(), [](const auto& process) { return is_own(process); });
    if (order.elevate && !all_own && !jobs::find_helper(jobs::JobSystem{})) {
        return RefusedSignal{Refusal::not_permitted, jobs::kNoElevatedTree};
    }
    return std::nullopt;
}

} // namespace

std::optional<RefusedSignal> would_refuse(const KillOrder& order) {
    platform::SignalTarget target{order.kill.process, order.kill.inodes, order.signal, order.consented,
                                  order.kill.pidfd_id};
    if (order.kill.holder) {
        const platform::SignalTarget holder{*order.kill.holder, std::exchange(target.inodes, {}), order.signal, true};
        if (auto refused = refusal_of(holder, order.elevate)) {
            return refused;
        }
    }
    auto refused = refusal_of(target, order.elevate);
    return !refused && order.way == Way::kill_tree ? tree_refusal(order) : refused;
}

std::vector<TreeTarget> tree_targets(const KillOrder& order) {
    std::vector<TreeTarget> targets;
    for (const auto& process : tree_of(order.kill.process)) {
        const bool root = process.stat.id == order.kill.process;
        targets.push_back({root ? order.kill.label : platform::label_of(process.stat), is_own(process)});
    }
    return targets;
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
