// SPDX-License-Identifier: MIT
// Errors from errno. Any thread.
#include "core/base/result.h"

#include <cerrno>
#include <fmt/format.h>
#include <system_error>

namespace portside::base {

namespace {
ErrorKind kind_of(int number) {
    switch (number) {
    case EPERM:
    case EACCES:
        return ErrorKind::not_permitted;
    case ENOENT:
    case ESRCH:
        return ErrorKind::not_found;
    case ENOSYS:
    case EOPNOTSUPP:
    case EPROTONOSUPPORT:
    case EAFNOSUPPORT:
        return ErrorKind::unsupported;
    case EINTR:
        return ErrorKind::interrupted;
    default:
        return ErrorKind::system;
    }
}
} // namespace

Error error_from_errno(int number, std::string tried) {
    return Error{kind_of(number), number, fmt::format("{}: {}", tried, std::generic_category().message(number))};
}

} // namespace portside::base
