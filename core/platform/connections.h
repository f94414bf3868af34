// SPDX-License-Identifier: MIT
// The established TCP connections of some processes: asked for only while a person looks at one. One object belongs to
// one thread, and reads that thread's network namespace.
#pragma once

#include "core/platform/connection_list.h"
#include "core/platform/proc_root.h"
#include "core/platform/process_id.h"
#include "core/platform/sock_diag.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace portside::platform {

class Connections {
  public:
    // `root` outlives this.
    explicit Connections(const ProcRoot& root) : root_(root) {}

    // Those that a descriptor of one of these processes leads to. Nothing where it cannot be told: no descriptor may be
    // read, or the kernel does not list connections.
    [[nodiscard]] std::optional<ConnectionList> of(std::span<const ProcessId> processes, std::size_t most);

  private:
    [[nodiscard]] bool gather_inodes(std::span<const ProcessId> processes);

    const ProcRoot& root_;
    SockDiag diag_;
    std::vector<std::uint64_t> inodes_; // sorted
    std::vector<DiagSocket> sockets_;
};

} // namespace portside::platform
