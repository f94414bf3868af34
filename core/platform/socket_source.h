// SPDX-License-Identifier: MIT
// All sockets that hold a port: sock_diag per protocol and family, /proc/net where sock_diag is not to be had.
// One object belongs to one thread.
#pragma once

#include "core/base/result.h"
#include "core/platform/socket_entry.h"

#include <array>
#include <memory>
#include <string>
#include <vector>

namespace portside::platform {

enum class SourceChoice : std::uint8_t { automatic, netlink, proc };
enum class Source : std::uint8_t { none, sock_diag, proc };

// The four tables that a listing is made of; the index into SocketListing::tables.
inline constexpr std::size_t kTableCount = 4;
struct TableKey {
    Protocol protocol;
    Family family;
};
inline constexpr std::array<TableKey, kTableCount> kTables{{{Protocol::tcp, Family::ipv4},
                                                            {Protocol::tcp, Family::ipv6},
                                                            {Protocol::udp, Family::ipv4},
                                                            {Protocol::udp, Family::ipv6}}};

struct TableStatus {
    Source source = Source::none; // none: this table could not be read (IPv6 switched off, or an error)
    std::string why;              // a sentence, when sock_diag was wanted and did not serve it; else empty
    bool operator==(const TableStatus&) const = default;
};

struct SocketListing {
    std::vector<SocketEntry> sockets;
    std::array<TableStatus, kTableCount> tables; // by the order of kTables
    bool bound_known = false; // whether the kernel could tell sockets that are bound without listening
};

struct ListingRequest {
    bool include_bound = false; // also TCP sockets that are bound without listening, where the kernel can tell
};

class SocketSource {
  public:
    // `proc_root` is "/proc" but in tests. /proc/net is read of the calling thread's own network namespace.
    explicit SocketSource(SourceChoice choice, std::string proc_root = "/proc");
    ~SocketSource();
    SocketSource(SocketSource&&) noexcept;
    SocketSource& operator=(SocketSource&&) noexcept;

    // Asks for all sockets. True where they may differ from those of the last time in anything but queue lengths; their
    // order counts too, so that the question is cheap. An error only when no table at all could be read.
    [[nodiscard]] base::Result<bool> refresh(const ListingRequest& request);
    // Fills `listing` (its buffers are reused) with what the last refresh read.
    void fill(SocketListing& listing);
    // Both.
    [[nodiscard]] base::Result<void> list(const ListingRequest& request, SocketListing& listing);

  private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace portside::platform
