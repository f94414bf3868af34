// SPDX-License-Identifier: MIT
// The tree that processes are read from: /proc, or a made-up one in tests. Immutable once made; any thread.
#pragma once

#include "core/base/unique_fd.h"

#include <string>

namespace portside::platform {

struct ProcRoot {
    explicit ProcRoot(const std::string& path);

    base::UniqueFd fd;               // none where the tree cannot be opened
    bool is_procfs = false;          // the kernel's own: inode numbers name processes, folders can be sought in
    bool own_numbers = false;        // it numbers processes as our own system calls do
    bool compares_tables = false;    // kcmp(2) can be asked whether two threads share a descriptor table
    bool counts_descriptors = false; // stat(2) of PID/fd says how many there are (Linux 6.2); tried on ourselves
};

// procfs mounted with hidepid= (proc(5)) leaves other users' processes out; process 1 is always among them.
[[nodiscard]] bool hides_processes(const ProcRoot& root);

} // namespace portside::platform
