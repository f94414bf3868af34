// SPDX-License-Identifier: MIT
// Where the uids of people begin: UID_MIN of login.defs(5). Any thread.
#pragma once

#include <string_view>
#include <sys/types.h>

namespace portside::platform {

inline constexpr uid_t kUsualFirstPerson = 1000; // where the file is missing or says nothing

[[nodiscard]] uid_t parse_first_person(std::string_view login_defs);
// Reads /etc/login.defs.
[[nodiscard]] uid_t first_person_uid();

} // namespace portside::platform
