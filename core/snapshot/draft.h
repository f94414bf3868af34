// SPDX-License-Identifier: MIT
// One socket on its way into a row: whose it is, as far as a scan tells. Pure; any thread.
#pragma once

#include "core/snapshot/assemble.h"

#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

namespace portside::snapshot {

struct Draft {
    RowKey key;
    const platform::SocketEntry* socket = nullptr;
    std::vector<Owner> owners;      // by pid
    std::optional<Unknown> unknown; // set exactly when `owners` is empty
};

class Drafter {
  public:
    // `facts` outlives this.
    explicit Drafter(const ScanFacts& facts);

    // `socket` outlives the draft.
    [[nodiscard]] Draft draft(const platform::SocketEntry& socket) const;

  private:
    void add_holders(Draft& draft, bool& ended) const;
    void add_told(Draft& draft, bool& ended) const;
    [[nodiscard]] Unknown why_unknown(const platform::SocketEntry& socket) const;

    const ScanFacts& facts_;
    std::unordered_multimap<std::uint64_t, const PrivilegedOwner*> privileged_;
};

} // namespace portside::snapshot
