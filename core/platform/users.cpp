// SPDX-License-Identifier: MIT
// User names by uid. One object belongs to one thread.
#include "core/platform/users.h"

#include <cerrno>
#include <pwd.h>
#include <vector>

namespace portside::platform {

namespace {

constexpr std::size_t kLargestEntry = 1U << 20;

std::string look_up(uid_t uid) {
    std::vector<char> buffer(1024);
    for (;;) {
        passwd entry{};
        passwd* found = nullptr;
        const int error = ::getpwuid_r(uid, &entry, buffer.data(), buffer.size(), &found);
        if (error == EINTR) {
            continue;
        }
        if (error == ERANGE && buffer.size() < kLargestEntry) {
            buffer.resize(buffer.size() * 2);
            continue;
        }
        const bool named = found != nullptr && found->pw_name != nullptr && *found->pw_name != '\0';
        return named ? found->pw_name : std::to_string(uid);
    }
}

} // namespace

const std::string& Users::name(uid_t uid) {
    const auto known = names_.find(uid);
    return known != names_.end() ? known->second : names_.emplace(uid, look_up(uid)).first->second;
}

} // namespace portside::platform
