// SPDX-License-Identifier: MIT
// What keeps a row's sockets beside the owners' parents: a unit or a container; and, where no owner may be seen, whom
// the sockets' cgroup names. Pure; one thread.
#pragma once

#include "core/platform/cgroup_path.h"
#include "core/snapshot/assemble.h"
#include "core/snapshot/known_keepers.h"
#include "core/snapshot/snapshot.h"

#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

namespace portside::snapshot {

class Keepers {
  public:
    // Both outlive this.
    Keepers(const ScanFacts& facts, KnownKeepers& known) : facts_(facts), known_(known) { known_.begin(); }

    // Writes Row::unit, Row::container and Row::candidates of a row whose owners are settled.
    void add_to(Row& row);

  private:
    struct Group {
        platform::Keeper keeper;
        std::vector<Owner> candidates;
    };
    [[nodiscard]] const Group& of_cgroup(std::uint64_t id);
    void find_keeper(Row& row);
    void add_forwarded(Row& row) const;

    const ScanFacts& facts_;
    KnownKeepers& known_;
    std::unordered_map<std::uint64_t, Group> groups_; // rows are many, cgroups few: each is found out once
};

} // namespace portside::snapshot
