// SPDX-License-Identifier: MIT
// What the kernel tells by itself, where it tells it to us: that a process begins, ends, executes another program or
// takes another name (the process connector, linux/cn_proc.h), and that a socket which held a port is gone (sock_diag's
// destroy groups, linux/sock_diag.h). Without events everything is found by looking, later or at a higher price.
// One object belongs to one thread.
#pragma once

#include "core/platform/netlink.h"

#include <cstdint>
#include <span>
#include <sys/types.h>
#include <vector>

namespace portside::platform {

// A subscription to the process connector. The kernel tells only those in the initial pid and user namespaces, and
// older ones only root.
class ProcessConnector {
  public:
    explicit ProcessConnector(NetlinkSocket socket); // null: nothing is told
    ~ProcessConnector();
    ProcessConnector(const ProcessConnector&) = delete;
    ProcessConnector& operator=(const ProcessConnector&) = delete;

    [[nodiscard]] bool is_told() const { return told_; }
    [[nodiscard]] int fd() const; // readable (poll(2)) where something has come; -1: nothing is told
    void shorten(int queue);      // bytes that may wait; what comes beyond counts as lost
    // Whether what has come was everything (see ProcessEvents::drain); `take` gets each message.
    template <typename Take>
    [[nodiscard]] bool drain(Take take);

  private:
    [[nodiscard]] bool request(std::uint32_t operation);
    [[nodiscard]] bool subscribe();

    NetlinkSocket socket_;
    bool told_ = false;
};

class ProcessEvents {
  public:
    ProcessEvents(); // subscribes

    [[nodiscard]] bool is_told() const { return connector_.is_told(); }
    [[nodiscard]] int fd() const { return connector_.fd(); } // readable until drained
    // Takes in what has come since the last call; waits for nothing. False when events were lost: then any process may
    // have changed.
    [[nodiscard]] bool drain();
    // Since the last drain, in no order, each once or more: another program, another name or another user.
    [[nodiscard]] std::span<const pid_t> changed() const { return changed_; }

  private:
    ProcessConnector connector_;
    std::vector<pid_t> changed_;
};

// Whether a process began or ended; a thread that did does not count. Its queue is short: one message says all of it.
class ForkExitEvents {
  public:
    ForkExitEvents(); // subscribes

    [[nodiscard]] bool is_told() const { return connector_.is_told(); }
    [[nodiscard]] int fd() const { return connector_.fd(); } // readable until quiet() has taken it in
    // Nobody began and nobody ended since the last call, or since subscribing. False also where nothing is told. A
    // process that was waited for may end a moment before the kernel tells.
    [[nodiscard]] bool quiet();

  private:
    ProcessConnector connector_;
};

class SocketEvents {
  public:
    // Of the network namespace that the thread is in now. Needs no privilege.
    SocketEvents();

    // Becomes readable (poll(2)) when a socket that held a port without being connected is gone; -1 where the kernel
    // does not tell.
    [[nodiscard]] int fd() const;
    void drain(); // so that it becomes readable again only by what comes later

  private:
    NetlinkSocket socket_;
};

// The process in one event message (nlmsghdr and what follows), where it is one that changes what a process looks like.
// 0: it is not. Pure.
[[nodiscard]] pid_t changed_process(std::span<const std::uint8_t> message);

} // namespace portside::platform
