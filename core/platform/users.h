// SPDX-License-Identifier: MIT
// User names by uid, remembered. One object belongs to one thread.
#pragma once

#include <string>
#include <sys/types.h>
#include <unordered_map>

namespace portside::platform {

class Users {
  public:
    // The user's name (getpwuid_r(3)), or the number as text where none is known.
    [[nodiscard]] const std::string& name(uid_t uid);

  private:
    std::unordered_map<uid_t, std::string> names_;
};

} // namespace portside::platform
