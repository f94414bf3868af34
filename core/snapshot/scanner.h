// SPDX-License-Identifier: MIT
// One scan after another: sockets, owners, processes, assembled. One object belongs to one thread.
#pragma once

#include "core/base/result.h"
#include "core/platform/socket_source.h"
#include "core/platform/users.h"
#include "core/snapshot/assemble.h"
#include "core/snapshot/snapshot.h"

#include <string>

namespace portside::snapshot {

struct ScannerOptions {
    platform::SourceChoice source = platform::SourceChoice::automatic;
    bool include_bound = false;
    std::string proc_root = "/proc";
};

class Scanner {
  public:
    explicit Scanner(ScannerOptions options);

    // Replaces what a privileged read told. The next scan drops entries whose socket is gone or is another one, and
    // those whose process has ended or has another start time. A socket that loses its last owner so is Unknown::gone
    // in the snapshot of that scan, and as unknown as any other from the next change of content on.
    void set_privileged_owners(std::vector<PrivilegedOwner> owners);
    void set_include_bound(bool include) { options_.include_bound = include; }

    // The newest snapshot. The same pointer as before when nothing in it changed (sockets, owners, texts, notes,
    // sources; not time, cost or queue lengths).
    [[nodiscard]] base::Result<SnapshotPtr> scan();

  private:
    [[nodiscard]] base::Result<void> read_facts();

    ScannerOptions options_;
    platform::SocketSource source_;
    platform::Users users_;
    std::vector<PrivilegedOwner> privileged_;
    ScanFacts facts_;          // of the scan that runs, on reused buffers
    ScanFacts previous_facts_; // what `newest_` was made of
    SnapshotPtr newest_;       // null until the first scan
};

} // namespace portside::snapshot
