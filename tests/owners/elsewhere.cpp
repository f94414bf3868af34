// SPDX-License-Identifier: MIT
// Children in other places. One thread.
#include "tests/owners/elsewhere.h"

#include "core/base/unique_fd.h"
#include "tests/support/become.h"
#include "tests/support/programs.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <fstream>
#include <grp.h>
#include <net/if.h>
#include <sched.h>
#include <stdexcept>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>

namespace portside::owners {

namespace {

constexpr uid_t kNobody = 65534;

void must(bool worked, const char* what) {
    if (!worked) {
        throw std::runtime_error(std::string(what) + ": " + std::system_category().message(errno));
    }
}

// The child's side: the part's exception goes into the pipe. Its destructors have run before.
[[noreturn]] void run_and_tell(const std::function<void()>& part, int pipe) {
    std::string text;
    try {
        part();
    } catch (const std::exception& error) {
        text = error.what();
    }
    const ssize_t written = ::write(pipe, text.data(), text.size());
    ::_exit(written == static_cast<ssize_t>(text.size()) ? 0 : 1);
}

std::string in_child(const std::function<void()>& part) {
    std::array<int, 2> ends{};
    must(::pipe2(ends.data(), O_CLOEXEC) == 0, "pipe2");
    const base::UniqueFd input(ends[0]);
    base::UniqueFd output(ends[1]);
    const pid_t child = ::fork();
    must(child >= 0, "fork");
    if (child == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        run_and_tell(part, output.get());
    }
    output.reset();
    std::string text;
    std::array<char, 512> buffer{};
    for (ssize_t length = 0; (length = ::read(input.get(), buffer.data(), buffer.size())) > 0;) {
        text.append(buffer.data(), static_cast<std::size_t>(length));
    }
    int status = 0;
    must(::waitpid(child, &status, 0) == child, "waitpid");
    const bool well = WIFEXITED(status) && WEXITSTATUS(status) == 0;
    return well || !text.empty() ? text : "the child ended with status " + std::to_string(status);
}

void bring_up_loopback() {
    const base::UniqueFd socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    ifreq request{"lo", {}};
    request.ifr_flags = IFF_UP | IFF_RUNNING;
    must(socket && ::ioctl(socket.get(), SIOCSIFFLAGS, &request) == 0, "the loopback");
}

} // namespace

std::string as_nobody(const std::function<void()>& part) {
    return in_child([&] {
        support::keep_programs();
        must(::setgroups(0, nullptr) == 0 && ::setresgid(kNobody, kNobody, kNobody) == 0 &&
                 ::setresuid(kNobody, kNobody, kNobody) == 0,
             "becoming nobody");
        ::prctl(PR_SET_PDEATHSIG, SIGKILL); // the change of user has cleared it
        part();
    });
}

std::string in_own_processes(const std::function<void()>& part) {
    return in_child([&] {
        must(::unshare(CLONE_NEWPID | CLONE_NEWNET) == 0, "a pid and a network namespace");
        const std::string text = in_child([&] { // process 1 in there
            support::leave_shared_mounts();
            bring_up_loopback();
            must(::mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, nullptr) == 0, "mounting /proc");
            part();
        });
        if (!text.empty()) {
            throw std::runtime_error(text);
        }
    });
}

std::string nobody_in_own_processes(const std::function<void()>& part) {
    return in_own_processes([&] {
        if (const std::string text = as_nobody(part); !text.empty()) {
            throw std::runtime_error(text);
        }
    });
}

void choose_next_pid(pid_t pid) {
    std::ofstream file("/proc/sys/kernel/ns_last_pid"); // pid_namespaces(7)
    file << pid - 1 << std::flush;
    must(file.good(), "ns_last_pid");
}

} // namespace portside::owners
