// SPDX-License-Identifier: MIT
// pidfd_open(2) and pidfd_send_signal(2), called directly: C libraries got wrappers years after the kernel. Any thread.
#include "core/platform/pidfd.h"

#include <cerrno>
#include <csignal>
#include <fmt/format.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>
#include <utility>

namespace portside::platform {

namespace {
constexpr decltype(std::declval<struct statfs>().f_type) kPidfs = 0x50494446; // PID_FS_MAGIC of linux/magic.h

base::Error pidfd_error(int number, std::string tried) {
    if (number == ENOSYS) {
        return {
            base::ErrorKind::unsupported, number,
            "This kernel has no pidfd (Linux 5.3 or later is needed), so it cannot be made sure that a signal reaches "
            "the right process."};
    }
    return base::error_from_errno(number, std::move(tried));
}
} // namespace

int number_of(Signal signal) {
    return signal == Signal::kill ? SIGKILL : SIGTERM;
}

const char* name_of(Signal signal) {
    return signal == Signal::kill ? "SIGKILL" : "SIGTERM";
}

base::Result<base::UniqueFd> open_pidfd(pid_t pid) {
    base::UniqueFd fd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0U)));
    if (!fd) {
        return base::failed(pidfd_error(errno, fmt::format("Could not open process {}", pid)));
    }
    return fd;
}

base::Result<void> send_signal(const base::UniqueFd& pidfd, Signal signal) {
    if (::syscall(SYS_pidfd_send_signal, pidfd.get(), number_of(signal), nullptr, 0U) != 0) {
        return base::failed(pidfd_error(errno, fmt::format("Could not send {}", name_of(signal))));
    }
    return {};
}

bool may_signal(const base::UniqueFd& pidfd) {
    return ::syscall(SYS_pidfd_send_signal, pidfd.get(), 0, nullptr, 0U) == 0 || errno != EPERM;
}

std::uint64_t pidfd_id(const base::UniqueFd& pidfd) {
    struct statfs system {};
    struct stat status {};
    const bool numbered = ::fstatfs(pidfd.get(), &system) == 0 && system.f_type == kPidfs;
    return numbered && ::fstat(pidfd.get(), &status) == 0 ? status.st_ino : 0;
}

bool has_ended(const base::UniqueFd& pidfd) {
    pollfd wait{pidfd.get(), POLLIN, 0};
    int ready = 0;
    do {
        ready = ::poll(&wait, 1, 0);
    } while (ready < 0 && errno == EINTR);
    // POLLHUP: it has been collected by its parent as well.
    return ready == 1 && (wait.revents & (POLLIN | POLLHUP)) != 0;
}

} // namespace portside::platform
