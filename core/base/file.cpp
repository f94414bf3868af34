// SPDX-License-Identifier: MIT
// Whole small files. Any thread.
#include "core/base/file.h"

#include "core/base/unique_fd.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <sys/stat.h>

namespace portside::base {

namespace {
// Open by nobody else (0700), each of them. Whoever opens a file in there next is told what is wrong.
void make_folders(const std::filesystem::path& folder) {
    std::filesystem::path made;
    for (const auto& part : folder) {
        made /= part;
        ::mkdir(made.c_str(), 0700);
    }
}
} // namespace

Result<std::string> read_file(int directory, const char* path, std::size_t max_bytes) {
    const UniqueFd fd(::openat(directory, path, O_RDONLY | O_CLOEXEC | O_NOCTTY));
    if (!fd) {
        return failed(error_from_errno(errno, fmt::format("Could not open {}", path)));
    }
    std::string content;
    std::array<char, 16384> buffer;
    while (content.size() < max_bytes) {
        const auto got = ::read(fd.get(), buffer.data(), std::min(buffer.size(), max_bytes - content.size()));
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            return failed(error_from_errno(errno, fmt::format("Could not read {}", path)));
        }
        if (got == 0) {
            break;
        }
        content.append(buffer.data(), static_cast<std::size_t>(got));
    }
    return content;
}

Result<std::string> read_link(int directory, const char* path) {
    std::string target(256, '\0');
    for (;;) {
        const auto length = ::readlinkat(directory, path, target.data(), target.size());
        if (length < 0) {
            return failed(error_from_errno(errno, fmt::format("Could not read the link {}", path)));
        }
        if (static_cast<std::size_t>(length) < target.size()) {
            target.resize(static_cast<std::size_t>(length));
            return target;
        }
        target.resize(target.size() * 2);
    }
}

Result<void> replace_file(const std::string& path, std::string_view content) {
    const auto error = [&] { return failed(error_from_errno(errno, fmt::format("Could not write {}", path))); };
    make_folders(std::filesystem::path(path).parent_path());
    const std::string beside = path + ".new";
    UniqueFd fd(::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!fd) {
        return error();
    }
    while (!content.empty()) {
        const auto written = ::write(fd.get(), content.data(), content.size());
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written < 0) {
            const auto failure = error();
            ::unlink(beside.c_str());
            return failure;
        }
        content.remove_prefix(static_cast<std::size_t>(written));
    }
    if (::rename(beside.c_str(), path.c_str()) != 0) {
        const auto failure = error();
        ::unlink(beside.c_str());
        return failure;
    }
    return {};
}

} // namespace portside::base
