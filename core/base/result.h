// SPDX-License-Identifier: MIT
// What a call that can fail returns. Any thread.
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace portside::base {

// What kind of failure it was, so that a caller can decide without reading text.
enum class ErrorKind {
    not_permitted, // the kernel or a policy said no
    not_found,     // the thing does not exist (any more)
    unsupported,   // this kernel or system cannot do it
    interrupted,   // a dump changed while it was read; asking again may work
    malformed,     // input that does not have its documented form
    system,        // any other system call failure; see Error::number
};

// `what` is a whole sentence for a person: what was tried, what happened. `number` is the errno, or 0.
struct Error {
    ErrorKind kind = ErrorKind::system;
    int number = 0;
    std::string what;
};

template <typename T>
using Result = tl::expected<T, Error>;

// An error from an errno: picks the kind, and appends the system's own words to `tried`.
[[nodiscard]] Error error_from_errno(int number, std::string tried);

[[nodiscard]] inline tl::unexpected<Error> failed(Error error) {
    return tl::unexpected<Error>(std::move(error));
}
[[nodiscard]] inline tl::unexpected<Error> failed(ErrorKind kind, std::string what) {
    return tl::unexpected<Error>(Error{kind, 0, std::move(what)});
}

} // namespace portside::base
