// SPDX-License-Identifier: MIT
// Families of a test's own: a TestChild and its descendants. Main thread of a test only.
#pragma once

#include "job_support.h"

#include <vector>

namespace portside::tests {

// In a child: what outlives its root, as some of a family must, ends by itself, and keeps nobody waiting for its output
// meanwhile.
void begin_descendant();
// In a child: a descendant that sleeps, and does what `prepare` says first. It ends by itself in the end.
void add_descendant(void (*prepare)() = nullptr);
// In a child: two children, one of which has a child.
void family();

[[nodiscard]] jobs::TreeRequest tree_of(const TestChild& root, platform::Signal signal = platform::Signal::term);
// The root and its descendants now, a parent before its children.
[[nodiscard]] std::vector<platform::ProcessId> members(const TestChild& root);
// The same, once there are that many.
[[nodiscard]] std::vector<platform::ProcessId> wait_for_members(const TestChild& root, std::size_t count);
[[nodiscard]] bool runs(const platform::ProcessId& id); // false for a zombie

// Ends a family that the test has left alive.
class Ending {
  public:
    explicit Ending(std::vector<platform::ProcessId> ids) : ids_(std::move(ids)) {}
    Ending(const Ending&) = delete;
    Ending& operator=(const Ending&) = delete;
    ~Ending();

  private:
    std::vector<platform::ProcessId> ids_;
};

[[nodiscard]] bool any_runs(const std::vector<platform::ProcessId>& ids);

} // namespace portside::tests
