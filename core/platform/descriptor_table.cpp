// SPDX-License-Identifier: MIT
// Descriptors are nearly always numbered without a gap, so they are asked for by number as long as that goes well:
// listing the folder makes the kernel set up every entry before we look at the first. One object belongs to one thread.
#include "core/platform/descriptor_table.h"

#include "core/base/parse.h"

#include <array>
#include <charconv>
#include <fcntl.h>

namespace portside::platform {

namespace {

// procfs keeps descriptor N at this offset of the folder: "." and ".." come first.
off_t offset_of(int fd) {
    return static_cast<off_t>(fd) + 2;
}

} // namespace

std::optional<std::uint64_t> socket_inode(std::string_view link) {
    constexpr std::string_view kStart = "socket:[";
    if (!link.starts_with(kStart) || !link.ends_with(']')) {
        return std::nullopt;
    }
    return base::parse_decimal(link.substr(kStart.size(), link.size() - kStart.size() - 1));
}

std::optional<std::uint64_t> socket_behind(int folder, const char* path) {
    std::array<char, 64> link;
    const auto length = ::readlinkat(folder, path, link.data(), link.size());
    return length > 0 ? socket_inode({link.data(), static_cast<std::size_t>(length)}) : std::nullopt;
}

DescriptorReader::Link DescriptorReader::read_link(int table, const char* name, int fd,
                                                   std::vector<SocketDescriptor>& sockets) {
    std::array<char, 64> link;
    const auto length = ::readlinkat(table, name, link.data(), link.size());
    ++links_read_;
    if (length < 0) {
        error_ = errno;
        if (error_ == ENAMETOOLONG) { // a path that is longer than procfs can tell, and so no socket
            return Link::read;
        }
        return error_ == ENOENT ? Link::missing : Link::stopped;
    }
    if (const auto inode = socket_inode({link.data(), static_cast<std::size_t>(length)})) {
        sockets.push_back({*inode, fd});
    }
    return Link::read;
}

Access DescriptorReader::read_listed(int table, DescriptorRange range, std::vector<SocketDescriptor>& sockets) {
    Access access = Access::read;
    const int error = names_.read(table, [&](const char* name) {
        const auto fd = *name == '.' ? std::nullopt : base::parse_number<int>(name);
        if (!fd || *fd < range.first) {
            return true;
        }
        if (*fd >= range.end) {
            return !root_.is_procfs; // which lists them in order
        }
        if (read_link(table, name, *fd, sockets) == Link::stopped) {
            access = access_of(error_);
            return false;
        }
        return true;
    });
    return error != 0 ? access_of(error) : access;
}

Access DescriptorReader::read(int at, const char* path, DescriptorRange range, std::uint64_t expected,
                              std::vector<SocketDescriptor>& sockets) {
    const base::UniqueFd table(::openat(at, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!table) {
        return access_of(errno);
    }
    if (!root_.is_procfs) {
        return read_listed(table.get(), range, sockets);
    }
    std::array<char, 16> name{};
    for (std::uint64_t found = 0; range.first < range.end; ++range.first, ++found) {
        if (expected != 0 && found == expected && static_cast<std::uint64_t>(range.first) == found) {
            return Access::read;
        }
        *std::to_chars(name.data(), name.data() + name.size() - 1, range.first).ptr = '\0';
        const Link link = read_link(table.get(), name.data(), range.first, sockets);
        if (link == Link::stopped) {
            return access_of(error_);
        }
        if (link == Link::missing) {
            break;
        }
    }
    if (range.first >= range.end || ::lseek(table.get(), offset_of(range.first), SEEK_SET) < 0) {
        return Access::read;
    }
    return read_listed(table.get(), range, sockets);
}

} // namespace portside::platform
