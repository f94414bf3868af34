// SPDX-License-Identifier: MIT
// getdents64(2). One object belongs to one thread.
#include "core/platform/directory.h"

#include <cerrno>

namespace portside::platform {

ssize_t DirectoryReader::next(int directory) {
    const ssize_t got = ::getdents64(directory, buffer_.data(), buffer_.size());
    return got < 0 ? -errno : got;
}

} // namespace portside::platform
