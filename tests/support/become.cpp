// SPDX-License-Identifier: MIT
// The forked child's side of starting a program. One thread: the test's own, and then its child's.
#include "tests/support/become.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <sched.h>
#include <stdexcept>
#include <string>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <system_error>
#include <unistd.h>

namespace portside::support {
namespace {

void require(bool good, const char* what) {
    if (!good) {
        std::array<char, 16> number{};
        std::size_t length = number.size();
        for (int rest = errno; rest > 0 && length > 0; rest /= 10) {
            number[--length] = static_cast<char>('0' + rest % 10);
        }
        [[maybe_unused]] ssize_t ignored = ::write(STDERR_FILENO, what, std::char_traits<char>::length(what));
        ignored = ::write(STDERR_FILENO, number.data() + length, number.size() - length);
        _exit(125);
    }
}

// The pid namespace was entered before the fork. Raw system calls for the ids: glibc's would ask every thread.
void enter(const Place& place) {
    require(unshare(CLONE_FS) == 0, "unshare CLONE_FS: errno "); // setns refuses a shared root folder
    require(setns(place.mounts, CLONE_NEWNS) == 0, "the mount namespace: errno ");
    require(setns(place.network, CLONE_NEWNET) == 0, "the network namespace: errno ");
    require(fchdir(place.root) == 0 && chroot(".") == 0, "the root folder: errno ");
    require(syscall(SYS_setgroups, 0, nullptr) == 0, "setgroups: errno ");
    require(syscall(SYS_setresgid, place.gid, place.gid, place.gid) == 0, "setresgid: errno ");
    require(syscall(SYS_setresuid, place.uid, place.uid, place.uid) == 0, "setresuid: errno ");
}

} // namespace

// A mount namespace of our own from which nothing spreads. A chroot's root is no mount point, and what is shared lies
// above it: climb out of the chroot inside the new namespace, make all private there, and return.
void leave_shared_mounts() {
    require(unshare(CLONE_NEWNS) == 0, "a mount namespace: errno ");
    const int here = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC); // afterwards: before, it would lie in the old one
    require(here >= 0 && chroot("/proc") == 0 && fchdir(here) == 0, "leaving the chroot: errno ");
    struct stat now {};
    struct stat above {};
    do {
        require(stat(".", &now) == 0 && chdir("..") == 0 && stat(".", &above) == 0, "the way to the root: errno ");
    } while (now.st_ino != above.st_ino || now.st_dev != above.st_dev);
    require(mount(nullptr, ".", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0, "private mounts: errno ");
    require(fchdir(here) == 0 && chroot(".") == 0, "the way back: errno ");
}

void become(const Command& command, const StandardStreams& streams, char** arguments, char** environment) {
    if (command.terminal) {
        require(setsid() >= 0 && ioctl(streams.input, TIOCSCTTY, 0) == 0, "the terminal: errno ");
    }
    require(dup2(streams.input, STDIN_FILENO) == STDIN_FILENO && dup2(streams.output, STDOUT_FILENO) == STDOUT_FILENO &&
                dup2(streams.errors, STDERR_FILENO) == STDERR_FILENO,
            "the standard descriptors: errno ");
    if (command.private_mounts) {
        leave_shared_mounts();
    }
    if (command.place.elsewhere()) {
        enter(command.place);
    }
    prctl(PR_SET_PDEATHSIG, SIGKILL); // after the change of user, which clears it
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    require(chdir(command.directory.c_str()) == 0, "the working directory: errno ");
    execvpe(arguments[0], arguments, environment);
    require(false, "execvpe: errno ");
    _exit(125);
}

pid_t fork_in(int pid_namespace) {
    if (pid_namespace < 0) {
        return fork();
    }
    const base::UniqueFd own(open("/proc/self/ns/pid", O_RDONLY | O_CLOEXEC));
    if (!own || setns(pid_namespace, CLONE_NEWPID) != 0) {
        throw std::runtime_error("the sandbox's pid namespace: " + std::system_category().message(errno));
    }
    const pid_t pid = fork();
    if (pid != 0 && setns(own.get(), CLONE_NEWPID) != 0) {
        std::abort(); // every later child would be born in the wrong place
    }
    return pid;
}

} // namespace portside::support
