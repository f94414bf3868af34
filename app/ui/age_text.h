// SPDX-License-Identifier: MIT
// How long ago, as a person says it, and when that changes next. Pure.
#pragma once

#include "core/snapshot/snapshot.h"

#include <optional>
#include <string>

namespace portside::ui {

struct AgeText {
    std::string text;
    std::optional<snapshot::WallTime> until; // it is another text from then on
};
// "now", "3 min", "2 h"; of more than a day "Tue 14:05", of more than a week "3 Nov", of another year "Nov 2025" (local
// time). By whole minutes of the clock, so that all ages of a screen change in one frame: up to half a minute too much,
// never a minute for some seconds.
[[nodiscard]] AgeText age_text(snapshot::WallTime since, snapshot::WallTime now);

// "Tue 24 Nov 14:05:12", with the year where it is another one than now's.
[[nodiscard]] std::string clock_text(snapshot::WallTime time, snapshot::WallTime now);
// "3 h ago", "12 s ago", "5 days ago"
[[nodiscard]] std::string ago_text(snapshot::WallTime time, snapshot::WallTime now);

// All that is known of since when the port is taken, in sentences.
[[nodiscard]] std::string since_in_full(const snapshot::Snapshot& snapshot, const snapshot::Row& row,
                                        snapshot::WallTime now);

} // namespace portside::ui
