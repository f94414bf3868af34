// SPDX-License-Identifier: MIT
// Real sockets that the live tests make, and how they find them in a listing. One thread.
#pragma once

#include "core/base/unique_fd.h"
#include "core/platform/socket_source.h"

#include <cstdint>
#include <string>
#include <vector>

namespace portside::live {

enum class Kind : std::uint8_t { listening, bound, connected };

struct Wanted {
    platform::Protocol protocol = platform::Protocol::tcp;
    std::string address = "127.0.0.1";
    Kind kind = Kind::listening; // of UDP: bound and unconnected
    bool v6only = true;          // of IPv6 sockets
    bool reuse_port = false;
    std::uint16_t port = 0; // 0: the kernel chooses
    std::string device = {};
};

struct LiveSocket {
    base::UniqueFd fd;
    Wanted wanted;
    std::uint16_t port = 0;
    std::uint64_t inode = 0;
};

// Throws std::runtime_error where the kernel refuses.
[[nodiscard]] LiveSocket make_socket(const Wanted& wanted);

// A listing; throws where it fails.
[[nodiscard]] platform::SocketListing list(platform::SourceChoice choice, bool include_bound = false);

// The entries with that inode.
[[nodiscard]] std::vector<platform::SocketEntry> with_inode(const platform::SocketListing& listing,
                                                            std::uint64_t inode);

// What sock_diag alone says is taken away: what is left must be equal from both sources.
[[nodiscard]] platform::SocketEntry without_unknowns(platform::SocketEntry entry);

} // namespace portside::live
