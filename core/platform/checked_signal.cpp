// SPDX-License-Identifier: MIT
// The order of the steps is the safety: see the header. Each step that fails ends the attempt, and nothing is sent. Any
// thread.
#include "core/platform/checked_signal.h"

#include "core/base/text.h"
#include "core/platform/protected_processes.h"

#include <fmt/format.h>
#include <unistd.h>

namespace portside::platform {

namespace {

tl::unexpected<RefusedSignal> refused(Refusal reason, std::string sentence) {
    return tl::unexpected<RefusedSignal>(RefusedSignal{reason, std::move(sentence)});
}

std::string label(const ProcessStat& stat) {
    const std::string name = base::sanitise(stat.comm, 64);
    return name.empty() ? fmt::format("Process {}", stat.id.pid) : fmt::format("{} ({})", name, stat.id.pid);
}

tl::unexpected<RefusedSignal> refused_as_gone(pid_t pid) {
    return refused(Refusal::gone, fmt::format("Process {} has ended already: nothing was sent.", pid));
}

// What no check, no consent and no password can change.
std::optional<std::string> why_never(pid_t pid) {
    if (pid <= 0) {
        return fmt::format("{} is not the number of one process but stands for a whole group: nothing was sent.", pid);
    }
    if (pid == 1) {
        return "Process 1 starts and looks after all others; the whole system would go down with it: nothing was sent.";
    }
    if (pid == ::getpid()) {
        return "That is Portside itself, which never signals itself: nothing was sent.";
    }
    return std::nullopt;
}

// The identity behind the pidfd. The pidfd was opened first, so a number that is taken over between the two reads shows
// up here as another start time.
tl::expected<ProcessStat, RefusedSignal> check_identity(const SignalTarget& target, const base::UniqueFd& pidfd,
                                                        const SignalSystem& system) {
    const ProcessId& wanted = target.process;
    const auto stat = system.read_stat(wanted.pid);
    if (!stat && stat.error().kind == base::ErrorKind::not_found && has_ended(pidfd)) {
        return refused_as_gone(wanted.pid);
    }
    if (!stat) { // it lives, and /proc hides it (mount option hidepid) or cannot be read
        const bool hidden =
            stat.error().kind == base::ErrorKind::not_found || stat.error().kind == base::ErrorKind::not_permitted;
        return refused(
            hidden ? Refusal::not_permitted : Refusal::failed,
            fmt::format("It could not be checked that process {} is still the one that was meant, so nothing was "
                        "sent. {}",
                        wanted.pid, stat.error().what));
    }
    // A number that cannot be read any more is no match either.
    if (stat->id != wanted || (target.pidfd_id != 0 && system.pidfd_id(pidfd) != target.pidfd_id)) {
        return refused(
            Refusal::identity_changed,
            fmt::format("The number {} means another process now, {}: the one that was meant has ended. Nothing "
                        "was sent.",
                        wanted.pid, base::sanitise(stat->comm, 64)));
    }
    // A main thread that ended while others of its process go on is 'Z' too; only the pidfd tells the two apart.
    if ((stat->state == 'Z' || stat->state == 'X') && has_ended(pidfd)) {
        return refused_as_gone(wanted.pid);
    }
    if (is_kernel_thread(*stat)) {
        return refused(Refusal::never_signalled,
                       fmt::format("{} is a part of the kernel and takes no signal: nothing was sent.", label(*stat)));
    }
    return *stat;
}

tl::expected<void, RefusedSignal> check_holding(const SignalTarget& target, const ProcessStat& stat,
                                                const SignalSystem& system, bool trust_unreadable) {
    if (target.inodes.empty()) {
        return {};
    }
    bool unreadable = false;
    for (const auto inode : target.inodes) {
        const Holds holds = system.holds(target.process.pid, inode);
        if (holds == Holds::yes) {
            return {};
        }
        unreadable = unreadable || holds == Holds::not_permitted;
    }
    if (unreadable && trust_unreadable) {
        return {};
    }
    if (unreadable) {
        return refused(
            Refusal::not_permitted,
            fmt::format("It takes an administrator to see whether {} still holds the port: nothing was sent.",
                        label(stat)));
    }
    return refused(Refusal::not_holding, fmt::format("{} no longer holds the port: nothing was sent.", label(stat)));
}

struct Checked {
    base::UniqueFd pidfd;
    ProcessStat stat;
};

tl::expected<Checked, RefusedSignal> check(const SignalTarget& target, const SignalSystem& system,
                                           bool trust_unreadable) {
    const pid_t pid = target.process.pid;
    if (auto why = why_never(pid)) {
        return refused(Refusal::never_signalled, std::move(*why));
    }
    auto pidfd = system.open_pidfd(pid);
    if (!pidfd && pidfd.error().kind == base::ErrorKind::not_found) {
        return refused_as_gone(pid);
    }
    if (!pidfd) {
        return refused(Refusal::failed, fmt::format("{} Nothing was sent.", pidfd.error().what));
    }
    auto stat = check_identity(target, *pidfd, system);
    if (!stat) {
        return tl::unexpected<RefusedSignal>(std::move(stat.error()));
    }
    if (auto holding = check_holding(target, *stat, system, trust_unreadable); !holding) {
        return tl::unexpected<RefusedSignal>(std::move(holding.error()));
    }
    if (!target.consented) {
        if (const auto why = system.why_protected(target.process)) {
            return refused(Refusal::needs_consent,
                           fmt::format("{} is asked about first, and nothing was sent yet. {}", label(*stat), *why));
        }
    }
    return Checked{std::move(*pidfd), std::move(*stat)};
}

} // namespace

SignalSystem SignalSystem::real() {
    SignalSystem system;
    system.open_pidfd = [](pid_t pid) { return platform::open_pidfd(pid); };
    system.pidfd_id = [](const base::UniqueFd& pidfd) { return platform::pidfd_id(pidfd); };
    system.read_stat = [](pid_t pid) { return platform::read_stat(pid); };
    system.holds = [](pid_t pid, std::uint64_t inode) { return holds_socket(pid, inode); };
    system.why_protected = [](const ProcessId& id) { return platform::why_protected(id); };
    system.may_send = [](const base::UniqueFd& pidfd) { return may_signal(pidfd); };
    system.send = [](const base::UniqueFd& pidfd, Signal signal) { return send_signal(pidfd, signal); };
    return system;
}

CheckedPidfd check_target(const SignalTarget& target, const SignalSystem& system, bool trust_unreadable) {
    auto checked = check(target, system, trust_unreadable);
    if (!checked) {
        return tl::unexpected<RefusedSignal>(std::move(checked.error()));
    }
    return std::move(checked->pidfd);
}

CheckedPidfd send_checked(const SignalTarget& target, const SignalSystem& system) {
    auto checked = check(target, system, false);
    if (!checked) {
        return tl::unexpected<RefusedSignal>(std::move(checked.error()));
    }
    const auto sent = system.send(checked->pidfd, target.signal);
    if (sent) {
        return std::move(checked->pidfd);
    }
    switch (sent.error().kind) {
    case base::ErrorKind::not_found:
        return refused_as_gone(target.process.pid);
    case base::ErrorKind::not_permitted:
        return refused(
            Refusal::not_permitted,
            fmt::format("{} belongs to another user, so the system refused {}: nothing was sent. It takes an "
                        "administrator to stop it.",
                        label(checked->stat), name_of(target.signal)));
    default:
        return refused(Refusal::failed, fmt::format("{} could not be signalled, nothing was sent. {}.",
                                                    label(checked->stat), sent.error().what));
    }
}

bool is_owned_by_current_user(uid_t uid) {
    const uid_t own = ::geteuid();
    return own == 0 || own == uid;
}

} // namespace portside::platform
