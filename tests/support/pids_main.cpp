// SPDX-License-Identifier: MIT
// What tests do with process numbers, inside a sandbox.
//   test_pids take PID                  as root: an innocent process takes that number (clone3(2) with set_tid); prints
//                                       "taken", and "ended" when something ended it
//   test_pids hand PID PROGRAM ...      becomes the program, with a pidfd of that process as its standard input
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <linux/sched.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

int take(pid_t number) {
    clone_args arguments{};
    arguments.exit_signal = SIGCHLD;
    arguments.set_tid = reinterpret_cast<std::uintptr_t>(&number);
    arguments.set_tid_size = 1;
    const long innocent = syscall(SYS_clone3, &arguments, sizeof(arguments));
    if (innocent == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        for (;;) {
            pause();
        }
    }
    if (innocent < 0) {
        std::perror("clone3");
        return 1;
    }
    std::puts("taken");
    static_cast<void>(std::fflush(stdout));
    waitpid(number, nullptr, 0);
    std::puts("ended");
    return 0;
}

int hand(pid_t number, char** program) {
    const int pidfd = static_cast<int>(syscall(SYS_pidfd_open, number, 0));
    if (pidfd < 0 || dup2(pidfd, STDIN_FILENO) < 0) {
        std::perror("pidfd_open");
        return 1;
    }
    execvp(program[0], program);
    std::perror(program[0]);
    return 1;
}

} // namespace

int main(int count, char** arguments) {
    const auto number = count > 2 ? static_cast<pid_t>(std::strtol(arguments[2], nullptr, 10)) : 0;
    if (count == 3 && std::strcmp(arguments[1], "take") == 0) {
        return take(number);
    }
    if (count > 3 && std::strcmp(arguments[1], "hand") == 0) {
        return hand(number, arguments + 3);
    }
    return 2;
}
