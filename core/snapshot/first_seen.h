// SPDX-License-Identifier: MIT
// Since when a row's sockets are seen, from one snapshot to the next. Pure; any thread.
#pragma once

#include "core/snapshot/snapshot.h"

namespace portside::snapshot {

// Writes Row::seen_at and Row::appeared: taken over where a socket of the row was seen in `before` already, else they
// begin with `now.taken_at`. Without `before` nothing has appeared: it was all there when the first look was taken.
// `bound_is_new`: `before` did not ask for sockets that are bound without listening, so those are no news.
void note_first_seen(Snapshot& now, const Snapshot* before, bool bound_is_new);

} // namespace portside::snapshot
