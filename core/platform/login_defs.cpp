// SPDX-License-Identifier: MIT
// Where the uids of people begin. Any thread.
#include "core/platform/login_defs.h"

#include "core/base/file.h"
#include "core/base/parse.h"

#include <algorithm>
#include <fcntl.h>

namespace portside::platform {

namespace {

constexpr std::string_view kBlanks = " \t\r";

} // namespace

uid_t parse_first_person(std::string_view login_defs) {
    constexpr std::string_view kName = "UID_MIN";
    for (std::size_t at = 0; at < login_defs.size();) {
        const auto end = std::min(login_defs.find('\n', at), login_defs.size());
        auto line = login_defs.substr(at, end - at);
        at = end + 1;
        line.remove_prefix(std::min(line.find_first_not_of(kBlanks), line.size()));
        if (!line.starts_with(kName)) {
            continue; // also "# UID_MIN", and SYS_UID_MIN
        }
        line.remove_prefix(kName.size());
        const auto begin = line.find_first_not_of(kBlanks);
        if (begin == std::string_view::npos || begin == 0) {
            continue; // another name that begins alike
        }
        const auto number = line.substr(begin, line.find_first_of(" \t\r#", begin) - begin);
        if (const auto uid = base::parse_number<uid_t>(number)) {
            return *uid;
        }
    }
    return kUsualFirstPerson;
}

uid_t first_person_uid() {
    constexpr std::size_t kMostBytes = 1U << 20;
    const auto text = base::read_file(AT_FDCWD, "/etc/login.defs", kMostBytes);
    return text ? parse_first_person(*text) : kUsualFirstPerson;
}

} // namespace portside::platform
