// SPDX-License-Identifier: MIT
// What keeps a row's sockets beside the owners' parents: a unit or a container; and, where no owner may be seen, whom
// the sockets' cgroup names. Pure; one thread.
#pragma once

#include "core/platform/cgroup_path.h"
#include "core/snapshot/assemble.h"
#include "core/snapshot/snapshot.h"

#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

namespace portside::snapshot {

// The container that this process holds a port for, as far as its arguments tell: the engine. Nothing where it is no
// forwarder.
[[nodiscard]] std::optional<platform::Container> forwarded_container(const platform::ProcessFacts& process);

class Keepers {
  public:
    // `facts` outlives this.
    explicit Keepers(const ScanFacts& facts) : facts_(facts) {}

    // Writes Row::unit, Row::container and Row::candidates of a row whose owners are settled.
    void add_to(Row& row);

  private:
    struct Group {
        platform::Keeper keeper;
        std::vector<Owner> candidates;
    };
    [[nodiscard]] const platform::Keeper& of_process(pid_t pid);
    [[nodiscard]] const Group& of_cgroup(std::uint64_t id);
    void find_keeper(Row& row);
    void add_forwarded(Row& row) const;

    const ScanFacts& facts_;
    // Rows are many, processes and cgroups few: each is found out once.
    std::unordered_map<pid_t, platform::Keeper> processes_;
    std::unordered_map<std::uint64_t, Group> groups_;
};

} // namespace portside::snapshot
