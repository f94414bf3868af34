// SPDX-License-Identifier: MIT
// What can be relied on in a tree of processes is tried, never taken from a version number. Any thread.
#include "core/platform/proc_root.h"

#include "core/base/parse.h"

#include <array>
#include <fcntl.h>
#include <linux/kcmp.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>

namespace portside::platform {

ProcRoot::ProcRoot(const std::string& path) : fd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
    struct statfs system {};
    is_procfs = fd && ::fstatfs(fd.get(), &system) == 0 && system.f_type == PROC_SUPER_MAGIC;
    std::array<char, 16> self{};
    const auto length = fd ? ::readlinkat(fd.get(), "self", self.data(), self.size()) : -1;
    own_numbers =
        length > 0 && base::parse_number<pid_t>({self.data(), static_cast<std::size_t>(length)}) == ::getpid();
    const pid_t own = ::getpid();
    compares_tables = own_numbers && ::syscall(SYS_kcmp, own, own, KCMP_FILES, 0UL, 0UL) == 0;
    struct stat table {};
    counts_descriptors = is_procfs && ::fstatat(fd.get(), "self/fd", &table, 0) == 0 && table.st_size > 0;
}

bool hides_processes(const ProcRoot& root) {
    struct stat first {};
    return root.is_procfs && ::fstatat(root.fd.get(), "1", &first, 0) != 0;
}

} // namespace portside::platform
