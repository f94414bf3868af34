// SPDX-License-Identifier: MIT
// The listing as JSON, schema version 1 (README, "JSON"); keys are only ever added. Any thread.
#pragma once

#include "core/base/result.h"
#include "core/snapshot/arrangement.h"
#include "core/snapshot/assemble.h"
#include "core/snapshot/snapshot.h"

#include <string>
#include <string_view>

namespace portside::snapshot {

// One object on one line, always valid UTF-8. `arrangement` says which rows, in the snapshot's order. `tags`: the
// snapshot's, for what the person noted of ports; without them nothing is.
[[nodiscard]] std::string to_json(const Snapshot& snapshot, const Arrangement& arrangement,
                                  const RowTags* tags = nullptr);

// The owners that a privileged `list --json` told, stamped with `seen_at`. Text of the answer is not taken over.
[[nodiscard]] base::Result<std::vector<PrivilegedOwner>> privileged_owners_from_json(std::string_view json,
                                                                                     WallTime seen_at);

} // namespace portside::snapshot
