// SPDX-License-Identifier: MIT
// Socket listings by netlink (sock_diag(7)): inet_diag_req_v2 dumps, one for each protocol and family.
// parse_dump is pure; a SockDiag belongs to one thread and reads that thread's network namespace.
#pragma once

#include "core/base/result.h"
#include "core/platform/netlink.h"
#include "core/platform/socket_entry.h"

#include <cstdint>
#include <span>
#include <vector>

namespace portside::platform {

struct DiagSocket {
    SocketEntry entry;                 // `interface` is left empty: its name is not in the message
    std::uint32_t interface_index = 0; // 0: bound to no device
    std::uint8_t tcp_state = 0;        // the kernel's number (tcp_states.h), which UDP borrows
};

// What an answer must carry to be one to our question; anything else is skipped.
struct DumpExpected {
    Protocol protocol = Protocol::tcp;
    Family family = Family::ipv4;
    std::uint32_t sequence = 0;
    std::uint32_t port_id = 0; // of our netlink socket
    bool established = false;  // established connections were asked for, nothing else
    bool connected = false;    // connections in any state were, nothing else
};

// How one datagram of a dump ended.
struct DumpPart {
    bool done = false;        // the dump is over
    bool interrupted = false; // NLM_F_DUMP_INTR or an overrun: sockets may be missing, ask again
    bool truncated = false;   // a message was longer than the bytes, or shorter than its own content
    int error = 0;            // errno that the kernel answered with, or 0
};

// Appends the sockets in one datagram. Of TCP: listening ones, and bound ones where the dump holds them, or
// connections where only they were asked for; of UDP: unconnected ones. Sockets without a local port are left out.
[[nodiscard]] DumpPart parse_dump(std::span<const std::uint8_t> bytes, const DumpExpected& expected,
                                  std::vector<DiagSocket>& sockets);

// A socket that changes while a dump runs can be in it twice: of those with equal inode and cookie the last one stays.
// Sorts by inode and cookie where there are any. Pure.
void merge_duplicates(std::vector<DiagSocket>& sockets);

// Asks over one netlink socket, opened at the first dump: of the network namespace that its thread was in then.
class SockDiag {
  public:
    struct Request {
        Protocol protocol = Protocol::tcp;
        Family family = Family::ipv4;
        bool listening = true;    // of TCP only
        bool bound = false;       // of TCP only: bound without listening; older kernels silently list none
        bool established = false; // of TCP only, and asked for alone: connections; `state` means nothing then
        // Asked for alone too: connections in any state but the first and the last (SYN_SENT, SYN_RECV, TIME_WAIT); of
        // UDP: connected sockets. `tcp_state` tells it.
        bool connected = false;
        // The kernel leaves out sockets with other ports; 0: any. Older ones do not for some states.
        std::uint16_t local_port = 0;
        std::uint16_t remote_port = 0;
    };

    // Replaces `sockets` (its buffer is reused) by a whole dump in the kernel's order, in which a socket can be twice
    // (see merge_duplicates). A dump that goes on being interrupted gives the union of what all attempts showed. Waits
    // at most some seconds. Errors carry the kernel's errno; ETIMEDOUT: no answer; EBADMSG: an answer that is no
    // netlink message.
    [[nodiscard]] base::Result<void> dump(const Request& request, std::vector<DiagSocket>& sockets);

  private:
    struct Attempt;
    [[nodiscard]] Attempt attempt(const Request& request, std::vector<DiagSocket>& sockets);

    std::vector<std::uint8_t> buffer_; // empty until the first dump
    NetlinkSocket connection_;         // none until the first dump, and after one that ended half-way
    std::uint32_t sequence_ = 0;
};

// Whether this kernel lists TCP sockets that are bound without listening (Linux 6.8): tried once in a process's life,
// by binding a socket of our own (never listening, no connection can reach it) and looking for it. Any thread.
[[nodiscard]] bool kernel_tells_bound();

} // namespace portside::platform
