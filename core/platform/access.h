// SPDX-License-Identifier: MIT
// How a look into /proc ended. Pure; any thread.
#pragma once

#include <cerrno>
#include <cstdint>

namespace portside::platform {

// In ascending order of how much may have been missed.
enum class Access : std::uint8_t {
    read,   // all of it
    gone,   // the process or thread ended
    denied, // EACCES, EPERM
    failed, // anything else: too many open files, no memory
};

[[nodiscard]] inline Access access_of(int error) {
    switch (error) {
    case 0:
        return Access::read;
    case ENOENT:
    case ESRCH:
        return Access::gone;
    case EACCES:
    case EPERM:
        return Access::denied;
    default:
        return Access::failed;
    }
}

} // namespace portside::platform
