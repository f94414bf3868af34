// SPDX-License-Identifier: MIT
// The privileged helper, seen from the side that starts it: where it is, its command, and what its exit codes mean to a
// person. Job thread only.
#pragma once

#include "core/base/unique_fd.h"
#include "core/jobs/pkexec.h"
#include "core/platform/kill_helper.h"

#include <optional>
#include <string>

namespace portside::jobs {

// An absolute path, or nothing: then the plain `kill` and `list --json` serve. The installed one stands in the libexec
// folder of the installation that this program belongs to, or in the one that it was built for; it counts as installed
// only where nobody but root can have put it there: the file and its folders belong to root, and others cannot write
// them. (A build tree's own helper is therefore none: whoever may write it would get the password's power.)
[[nodiscard]] std::optional<std::string> find_helper(const JobSystem& system);

// `pidfd`, of the target, becomes the helper's standard input; it stays open until the command was started.
[[nodiscard]] PkexecCommand helper_kill(const std::string& helper, const platform::SignalTarget& target,
                                        const base::UniqueFd& pidfd);

// Why it did not succeed: the helper's own exit codes, else as explain().
[[nodiscard]] RefusedJob explain_helper_kill(const PkexecEnd& end, const platform::SignalTarget& target,
                                             const PkexecWords& words);
[[nodiscard]] RefusedJob explain_helper_owners(const PkexecEnd& end, const PkexecWords& words);

} // namespace portside::jobs
