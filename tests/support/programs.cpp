// SPDX-License-Identifier: MIT
// Copies of what was built. One thread.
#include "tests/support/programs.h"

#include "core/base/unique_fd.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <system_error>

namespace portside::support {

namespace {

base::UniqueFd programs;

base::UniqueFd opened_folder() {
    return base::UniqueFd(::open(PORTSIDE_BUILD, O_PATH | O_DIRECTORY | O_CLOEXEC));
}

} // namespace

void keep_programs() {
    programs = opened_folder();
}

void copy_program(const char* name, const std::filesystem::path& to) {
    const base::UniqueFd folder = programs ? base::UniqueFd() : opened_folder();
    const base::UniqueFd from(::openat(programs ? programs.get() : folder.get(), name, O_RDONLY | O_CLOEXEC));
    const base::UniqueFd copy(::open(to.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0755));
    if (!from || !copy) {
        throw std::system_error(errno, std::system_category(), name);
    }
    constexpr std::size_t kAtOnce = 1U << 20;
    ssize_t sent = 0;
    do {
        sent = ::sendfile(copy.get(), from.get(), nullptr, kAtOnce);
    } while (sent > 0);
    if (sent < 0 || ::fchmod(copy.get(), 0755) != 0) {
        throw std::system_error(errno, std::system_category(), name);
    }
}

} // namespace portside::support
