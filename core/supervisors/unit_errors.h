// SPDX-License-Identifier: MIT
// What systemd's and the bus's error names and job results mean for a person. Pure; any thread.
#pragma once

#include "core/platform/manager_sockets.h"
#include "core/supervisors/talk.h"
#include "core/supervisors/unit_facts.h"

#include <optional>
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

// The manager was asked which unit listens there, and did not tell. `message` as above.
[[nodiscard]] Trouble trouble_of_search(std::string_view message, const platform::ManagerSockets& sockets,
                                        uid_t own_uid);
// It told of none, or not of the one that was asked about.
[[nodiscard]] Trouble trouble_of_nobody_listening(const platform::Unit& asked, const platform::ManagerSockets& sockets,
                                                  uid_t own_uid);
// No manager could be asked. `why`: a sentence, or empty where its bus is not for us. Also for a unit that is known.
[[nodiscard]] Trouble trouble_of_no_manager(const platform::Unit& asked,
                                            const std::optional<platform::ManagerSockets>& sockets,
                                            const std::string& why, uid_t own_uid);

} // namespace portside::supervisors
