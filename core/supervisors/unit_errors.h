// SPDX-License-Identifier: MIT
// What systemd's and the bus's error names and job results mean for a person. Pure; any thread.
#pragma once

#include "core/supervisors/talk.h"
#include "core/supervisors/unit_facts.h"

#include <string>
#include <string_view>

namespace portside::supervisors {

// Whether the error says that no manager is behind this connection, so that the next address is worth a try.
[[nodiscard]] bool says_no_manager(std::string_view error_name);

// `message`: the other side's own words, not yet safe to show. `asked`: the unit that was asked about or to stop.
[[nodiscard]] Trouble trouble_of_error(std::string_view error_name, std::string_view message,
                                       const platform::Unit& asked, uid_t own_uid);
// `result` of JobRemoved, other than "done".
[[nodiscard]] Trouble trouble_of_job(std::string_view result, const platform::Unit& asked, uid_t own_uid);

} // namespace portside::supervisors
