// SPDX-License-Identifier: MIT
// Guard rails, the pidfd that was handed over, identity, sockets, signal; each step that fails is the end. One thread.
#include "app/kill_helper/helper.h"

#include "core/base/file.h"
#include "core/platform/owners.h"
#include "core/platform/socket_source.h"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <unistd.h>

namespace portside::kill_helper {

namespace {

using platform::HelperExit;

// Whoever started the helper is its parent: pkexec becomes the helper in the place of Portside's child.
bool is_never_signalled(pid_t pid) {
    return pid <= 1 || pid == ::getpid() || pid == ::getppid();
}

// Which process standard input is the pidfd of; nothing where it is no pidfd.
base::Result<std::optional<pid_t>> handed_process() {
    const auto info = base::read_file(AT_FDCWD, "/proc/self/fdinfo/0", 64U * 1024);
    if (!info) {
        return base::failed(info.error());
    }
    return platform::parse_pidfd_info(*info);
}

platform::SignalSystem signal_system(bool handed) {
    platform::SignalSystem system = platform::SignalSystem::real();
    if (handed) {
        system.open_pidfd = [](pid_t) -> base::Result<base::UniqueFd> {
            base::UniqueFd pidfd(::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1));
            if (!pidfd) {
                return base::failed(base::error_from_errno(errno, "Could not use the process that was handed over"));
            }
            return pidfd;
        };
    }
    system.read_stat = [](pid_t pid) {
        auto stat = platform::read_stat(pid);
        if (stat) {
            stat->comm.clear(); // another's text: no sentence is made of it here
        }
        return stat;
    };
    // The question was put to the user before the password was; the session's variables say nothing to root.
    system.why_protected = [](const platform::ProcessId&) { return std::nullopt; };
    return system;
}

HelperExit exit_of(platform::Refusal reason) {
    switch (reason) {
    case platform::Refusal::never_signalled:
        return HelperExit::never_signalled;
    case platform::Refusal::gone:
        return HelperExit::gone;
    case platform::Refusal::identity_changed:
        return HelperExit::identity_changed;
    case platform::Refusal::not_holding:
        return HelperExit::not_holding;
    case platform::Refusal::not_permitted:
        return HelperExit::not_permitted;
    case platform::Refusal::needs_consent: // not asked for here
    case platform::Refusal::failed:
        break;
    }
    return HelperExit::failed;
}

HelperExit run_kill(const platform::SignalTarget& target) {
    const pid_t pid = target.process.pid;
    if (is_never_signalled(pid)) {
        return HelperExit::never_signalled;
    }
    const auto handed = handed_process();
    if (!handed) {
        return HelperExit::failed; // it cannot be known whether a pidfd was handed over
    }
    if (*handed && **handed != pid) {
        return **handed == -1 ? HelperExit::gone : HelperExit::identity_changed;
    }
    const auto sent = platform::send_checked(target, signal_system(handed->has_value()));
    return sent ? HelperExit::sent : exit_of(sent.error().reason);
}

bool write_all(std::string_view text) {
    while (!text.empty()) {
        const auto written = ::write(STDOUT_FILENO, text.data(), text.size());
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written <= 0) {
            return false;
        }
        text.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

HelperExit run_owners() {
    platform::SocketSource source(platform::SourceChoice::automatic);
    platform::SocketListing listing;
    if (!source.list({.include_bound = true}, listing)) {
        return HelperExit::failed;
    }
    std::vector<std::uint64_t> inodes;
    inodes.reserve(listing.sockets.size());
    for (const auto& socket : listing.sockets) {
        inodes.push_back(socket.inode);
    }
    std::sort(inodes.begin(), inodes.end());
    inodes.erase(std::unique(inodes.begin(), inodes.end()), inodes.end());
    const auto walk = platform::walk_owners(inodes);
    return write_all(platform::owner_lines({walk.owners.begin(), walk.owners.end()})) ? HelperExit::sent
                                                                                      : HelperExit::failed;
}

} // namespace

HelperExit run(std::span<const std::string_view> arguments) {
    const auto order = platform::parse_helper_arguments(arguments);
    if (!order) {
        return HelperExit::usage;
    }
    return order->task == platform::HelperTask::kill ? run_kill(order->target) : run_owners();
}

} // namespace portside::kill_helper
