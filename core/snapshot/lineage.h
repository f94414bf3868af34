// SPDX-License-Identifier: MIT
// A process's ancestors, by what one scan read. Pure; any thread.
#pragma once

#include "core/snapshot/assemble.h"

namespace portside::snapshot {

// The process and its ancestors, nearest first, until `visit` returns false. Parent pids that were read one after
// another can form a ring when numbers are used again meanwhile, hence the limit.
template <typename Visit>
void visit_lineage(const ScanFacts& facts, pid_t pid, Visit visit) {
    for (std::size_t steps = 0; steps <= facts.processes.size(); ++steps) {
        const auto found = facts.processes.find(pid);
        if (found == facts.processes.end() || !visit(found->second)) {
            return;
        }
        pid = found->second.stat.parent;
    }
}

} // namespace portside::snapshot
