// SPDX-License-Identifier: MIT
// The forked child's side of starting a program: entering another place and becoming the program there. Between fork
// and exec only system calls are made, since another thread (a sanitizer's) may have held any lock.
#pragma once

#include "tests/support/child.h"

namespace portside::support {

struct StandardStreams {
    int input, output, errors;
};

// fork(2), with the child born in that pid namespace (-1: in this process's own). Throws as Child does.
[[nodiscard]] pid_t fork_in(int pid_namespace);

// What goes wrong is said on the error stream, and the exit code is 125.
[[noreturn]] void become(const Command& command, const StandardStreams& streams, char** arguments, char** environment);

// For a forked child of a test as root: a mount namespace of its own from which nothing spreads, also inside a chroot.
// Ends the process with 125 where that fails.
void leave_shared_mounts();

} // namespace portside::support
