// SPDX-License-Identifier: MIT
// The names in a directory, without an allocation a name: /proc/PID/fd is read for every process in every scan.
// One object belongs to one thread.
#pragma once

#include <array>
#include <dirent.h>
#include <string_view>
#include <sys/types.h>

namespace portside::platform {

// Calls each(name) for every entry of the open directory, "." and ".." too, until it returns false. Returns 0, or the
// errno of getdents64(2). `each` must not use the same object: nested directories need one object each.
class DirectoryReader {
  public:
    template <typename Each>
    int read(int directory, Each each) {
        return read_entries(directory,
                            [&](const dirent64& entry) { return each(static_cast<const char*>(entry.d_name)); });
    }
    // The same with whole entries: each(const dirent64&).
    template <typename Each>
    int read_entries(int directory, Each each) {
        for (;;) {
            const ssize_t got = next(directory);
            if (got <= 0) {
                return got < 0 ? static_cast<int>(-got) : 0;
            }
            for (ssize_t at = 0; at < got;) {
                const auto* const entry = reinterpret_cast<const dirent64*>(buffer_.data() + at);
                if (!each(*entry)) {
                    return 0;
                }
                at += entry->d_reclen;
            }
        }
    }

  private:
    ssize_t next(int directory); // bytes, 0 at the end, or -errno

    alignas(dirent64) std::array<char, 32768> buffer_;
};

} // namespace portside::platform
