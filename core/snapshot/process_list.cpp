// SPDX-License-Identifier: MIT
#include "core/snapshot/process_list.h"

#include <algorithm>
#include <utility>

namespace portside::snapshot {

ProcessList::ProcessList(std::vector<Process> made) {
    list_.reserve(made.size());
    for (Process& process : made) {
        push_back(std::move(process));
    }
}

std::optional<std::size_t> ProcessList::find(const ProcessId& id) const {
    const auto found = std::lower_bound(list_.begin(), list_.end(), id.pid,
                                        [](const Shared& process, pid_t pid) { return process->id.pid < pid; });
    return found != list_.end() && (*found)->id == id ? std::optional(static_cast<std::size_t>(found - list_.begin()))
                                                      : std::nullopt;
}

bool ProcessList::operator==(const ProcessList& other) const {
    return std::equal(list_.begin(), list_.end(), other.list_.begin(), other.list_.end(),
                      [](const Shared& a, const Shared& b) { return a == b || *a == *b; });
}

} // namespace portside::snapshot
