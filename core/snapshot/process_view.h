// SPDX-License-Identifier: MIT
// A process as it is shown: what /proc told, made safe to draw. Pure; any thread.
#pragma once

#include "core/platform/process.h"
#include "core/snapshot/snapshot.h"

#include <span>
#include <string>
#include <unordered_map>

namespace portside::snapshot {

// The safe name of a user, or the number as text where none is known.
[[nodiscard]] std::string user_text(const std::unordered_map<uid_t, std::string>& users, uid_t uid);

// `users` holds raw names by uid.
[[nodiscard]] Process view_of(const platform::ProcessFacts& facts, const std::unordered_map<uid_t, std::string>& users);

// Arguments on one line. With several, those that are empty or hold a blank or a quote are written in single quotes, as
// a shell would read them; a lone one is left as it is, since it is mostly a title that the process gave itself.
[[nodiscard]] std::string one_line(std::span<const std::string> arguments);

} // namespace portside::snapshot
