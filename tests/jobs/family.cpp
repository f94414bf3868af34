// SPDX-License-Identifier: MIT
// See the header. Main thread of a test only.
#include "family.h"

#include "core/platform/process_tree.h"

#include <algorithm>
#include <csignal>
#include <doctest/doctest.h>
#include <unistd.h>

namespace portside::tests {

void begin_descendant() {
    ::alarm(100);
    for (const int standard : {0, 1, 2}) {
        ::close(standard);
    }
}

void add_descendant(void (*prepare)()) {
    if (::fork() == 0) {
        begin_descendant();
        if (prepare != nullptr) {
            prepare();
        }
        for (;;) {
            ::pause();
        }
    }
}

void family() {
    add_descendant();
    add_descendant([] { add_descendant(); });
}

jobs::TreeRequest tree_of(const TestChild& root, platform::Signal signal) {
    return jobs::TreeRequest{kill_of(root, signal)};
}

std::vector<platform::ProcessId> members(const TestChild& root) {
    const auto all = platform::read_relatives();
    REQUIRE(all.has_value());
    std::vector<platform::ProcessId> ids;
    for (const auto& process : platform::ProcessTree(root.id()).take_new(*all)) {
        ids.push_back(process.stat.id);
    }
    return ids;
}

std::vector<platform::ProcessId> wait_for_members(const TestChild& root, std::size_t count) {
    REQUIRE(wait_until([&] { return members(root).size() == count; }));
    return members(root);
}

bool runs(const platform::ProcessId& id) {
    const auto stat = platform::read_stat(id.pid);
    return stat && stat->id == id && stat->state != 'Z' && stat->state != 'X';
}

Ending::~Ending() {
    for (const auto& id : ids_) {
        if (runs(id)) {
            ::kill(id.pid, SIGKILL);
        }
    }
}

bool any_runs(const std::vector<platform::ProcessId>& ids) {
    return std::any_of(ids.begin(), ids.end(), runs);
}

} // namespace portside::tests
