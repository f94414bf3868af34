// SPDX-License-Identifier: MIT
// A process as it is shown: what /proc told, made safe to draw. Pure; any thread.
#pragma once

#include "core/platform/process.h"
#include "core/snapshot/snapshot.h"

#include <cstdint>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

namespace portside::snapshot {

// The safe name of a user, or the number as text where none is known.
[[nodiscard]] std::string user_text(const std::unordered_map<uid_t, std::string>& users, uid_t uid);

// `users` holds raw names by uid.
[[nodiscard]] Process view_of(const platform::ProcessFacts& facts, const std::unordered_map<uid_t, std::string>& users);

// The views of one snapshot after another. One object belongs to one thread.
class ProcessViews {
  public:
    // Of each in `facts`, which are by pid; `users` as in view_of. One that is the same as in the last call is that
    // one.
    [[nodiscard]] ProcessList of(std::span<const platform::ProcessFacts* const> facts,
                                 const std::unordered_map<uid_t, std::string>& users);

  private:
    std::unordered_map<uid_t, std::string> users_;
    ProcessList last_;
    std::vector<std::uint64_t> versions_; // of the facts that each in last_ was made of
};

// Arguments on one line. With several, those that are empty or hold a blank or a quote are written in single quotes, as
// a shell would read them; a lone one is left as it is, since it is mostly a title that the process gave itself.
[[nodiscard]] std::string one_line(std::span<const std::string> arguments);

} // namespace portside::snapshot
