// SPDX-License-Identifier: MIT
// What the sockets of one row listen on, as a person reads it. Pure; any thread.
#pragma once

#include "core/platform/socket_entry.h"
#include "core/snapshot/snapshot.h"

#include <array>
#include <span>
#include <string>
#include <vector>

namespace portside::snapshot {

// Texts of addresses, most of which come again and again.
class AddressTexts {
  public:
    // As inet_ntop(3) writes it. Valid until the next call.
    [[nodiscard]] const std::string& of(const platform::Address& address);

  private:
    struct Known {
        platform::Address address;
        std::string text; // empty: none is known here
    };
    std::array<Known, 64> known_;
};

// Without duplicates; "*" (both families) first, then IPv4, then IPv6. An IPv6 wildcard counts as both families only
// where the source says so (v6only is false). A bound device follows a percent sign: "0.0.0.0%lo", "fe80::1%eth0".
[[nodiscard]] std::vector<std::string> merged_addresses(std::span<const platform::SocketEntry> sockets,
                                                        AddressTexts& texts);

// Who can reach it: the widest of the sockets.
[[nodiscard]] Exposure exposure_of(std::span<const platform::SocketEntry> sockets);

} // namespace portside::snapshot
