// SPDX-License-Identifier: MIT
// Listening to the kernel. Messages that mean nothing to us are dropped by a filter inside the kernel, so that a busy
// machine does not fill our queue with them. One object belongs to one thread.
#include "core/platform/kernel_events.h"

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <libmnl/libmnl.h>
#include <linux/cn_proc.h>
#include <linux/connector.h>
#include <linux/filter.h>
#include <linux/inet_diag.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <utility>

namespace portside::platform {

namespace {

// Where things are in a message, for the filters.
constexpr std::uint32_t kEvent = sizeof(nlmsghdr) + sizeof(cn_msg);
constexpr std::uint32_t kEventData = kEvent + offsetof(proc_event, event_data);
constexpr std::uint32_t kBegunThread = kEventData + 2 * sizeof(__kernel_pid_t); // event_data.fork.child_pid
constexpr std::uint32_t kEndedThread = kEventData;                              // event_data.exit.process_pid
constexpr std::uint32_t kLocalPort = sizeof(nlmsghdr) + offsetof(inet_diag_msg, id.idiag_sport);
constexpr std::uint32_t kRemotePort = sizeof(nlmsghdr) + offsetof(inet_diag_msg, id.idiag_dport);
constexpr std::uint32_t kWhole = 0xFFFFFFFF;

// enum proc_cn_event of linux/cn_proc.h, which has moved between versions of that header.
constexpr std::uint32_t kAnswered = 0x00000000;
constexpr std::uint32_t kExecuted = 0x00000002;
constexpr std::uint32_t kOtherUser = 0x00000004;
constexpr std::uint32_t kOtherName = 0x00000200;
constexpr std::uint32_t kBegan = 0x00000001;
constexpr std::uint32_t kEnded = 0x80000000;

constexpr int kShortQueue = 4096; // bytes: some messages

sock_filter load(std::uint16_t size, std::uint32_t offset) {
    return BPF_STMT(static_cast<std::uint16_t>(BPF_LD | size | BPF_ABS), offset);
}

// To the next but `yes` or `no` instructions.
sock_filter if_equal(std::uint32_t value, std::uint8_t yes, std::uint8_t no) {
    return BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, yes, no);
}

// To the next but `yes` or `no` instructions, by whether what was loaded is the same as before it.
sock_filter if_same(std::uint8_t yes, std::uint8_t no) {
    return BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_X, 0, yes, no);
}

sock_filter keep_loaded() {
    return BPF_STMT(BPF_MISC | BPF_TAX, 0);
}

sock_filter take(std::uint32_t bytes) {
    return BPF_STMT(BPF_RET | BPF_K, bytes);
}

template <std::size_t size>
NetlinkSocket open_filtered(int protocol, unsigned groups, std::array<sock_filter, size> filter) {
    NetlinkSocket socket(mnl_socket_open2(protocol, SOCK_CLOEXEC | SOCK_NONBLOCK));
    const sock_fprog program{static_cast<unsigned short>(size), filter.data()};
    if (socket &&
        (::setsockopt(mnl_socket_get_fd(socket.get()), SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program) != 0 ||
         mnl_socket_bind(socket.get(), groups, MNL_SOCKET_AUTOPID) != 0)) {
        socket.reset();
    }
    return socket;
}

// Values in a filter are read in network byte order; these are in the machine's own.
std::uint32_t as_filter_reads(std::uint32_t value) {
    return htonl(value);
}

template <typename T>
T copy_at(std::span<const std::uint8_t> bytes, std::size_t offset) {
    T value;
    std::memcpy(&value, bytes.data() + offset, sizeof value);
    return value;
}

constexpr std::size_t kProcessInEvent =
    offsetof(proc_event, event_data) + sizeof(__kernel_pid_t); // the thread is first
static_assert(offsetof(proc_event, event_data.exec.process_tgid) == kProcessInEvent &&
              offsetof(proc_event, event_data.comm.process_tgid) == kProcessInEvent &&
              offsetof(proc_event, event_data.id.process_tgid) == kProcessInEvent);

} // namespace

pid_t changed_process(std::span<const std::uint8_t> message) {
    if (message.size() < kEvent + kProcessInEvent + sizeof(pid_t)) {
        return 0;
    }
    const auto id = copy_at<cb_id>(message, sizeof(nlmsghdr));
    const auto what = copy_at<std::uint32_t>(message, kEvent);
    const bool means_us = what == kExecuted || what == kOtherName || what == kOtherUser;
    if (id.idx != CN_IDX_PROC || id.val != CN_VAL_PROC || !means_us) {
        return 0;
    }
    const auto process = copy_at<pid_t>(message, kEvent + kProcessInEvent);
    return process > 0 ? process : 0;
}

ProcessConnector::ProcessConnector(NetlinkSocket socket) : socket_(std::move(socket)), told_(socket_ && subscribe()) {}

// Older kernels go on making events for one that closes its socket without a word.
ProcessConnector::~ProcessConnector() {
    if (told_) {
        static_cast<void>(request(PROC_CN_MCAST_IGNORE));
    }
}

bool ProcessConnector::request(std::uint32_t operation) {
    cn_msg connector{};
    connector.id = {CN_IDX_PROC, CN_VAL_PROC};
    connector.len = sizeof operation;
    alignas(nlmsghdr) std::array<char, kEvent + sizeof operation> bytes{};
    nlmsghdr* const header = mnl_nlmsg_put_header(bytes.data());
    header->nlmsg_type = NLMSG_DONE;
    header->nlmsg_len = bytes.size();
    std::memcpy(bytes.data() + sizeof(nlmsghdr), &connector, sizeof connector);
    std::memcpy(bytes.data() + kEvent, &operation, sizeof operation);
    return mnl_socket_sendto(socket_.get(), bytes.data(), bytes.size()) >= 0;
}

// The kernel answers at once, while it takes the request, or not at all.
bool ProcessConnector::subscribe() {
    if (!request(PROC_CN_MCAST_LISTEN)) {
        return false;
    }
    std::array<std::uint8_t, 1024> answer;
    for (;;) {
        const auto length = mnl_socket_recvfrom(socket_.get(), answer.data(), answer.size());
        if (length < 0) {
            return false;
        }
        const auto bytes = std::span<const std::uint8_t>(answer).first(static_cast<std::size_t>(length));
        constexpr std::size_t kAnswer = kEvent + offsetof(proc_event, event_data);
        if (bytes.size() >= kAnswer + sizeof(std::uint32_t) && copy_at<std::uint32_t>(bytes, kEvent) == kAnswered) {
            return copy_at<std::uint32_t>(bytes, kAnswer) == 0; // an errno, or 0
        }
    }
}

int ProcessConnector::fd() const {
    return told_ ? mnl_socket_get_fd(socket_.get()) : -1;
}

// The kernel rounds it up to what it can do with; without it, only more is read than needs to be.
void ProcessConnector::shorten(int queue) {
    if (told_) {
        static_cast<void>(::setsockopt(mnl_socket_get_fd(socket_.get()), SOL_SOCKET, SO_RCVBUF, &queue, sizeof queue));
    }
}

template <typename Take>
bool ProcessConnector::drain(Take take) {
    bool whole = told_;
    std::array<std::uint8_t, 1024> message;
    while (told_) {
        const auto length = mnl_socket_recvfrom(socket_.get(), message.data(), message.size());
        if (length >= 0) {
            take(std::span<const std::uint8_t>(message).first(static_cast<std::size_t>(length)));
        } else if (errno == ENOBUFS) { // the queue overran
            whole = false;
        } else if (errno != EINTR) {
            told_ = errno == EAGAIN || errno == EWOULDBLOCK;
            break;
        }
    }
    return whole && told_;
}

ProcessEvents::ProcessEvents()
    : connector_(open_filtered(
          NETLINK_CONNECTOR, CN_IDX_PROC,
          std::array{load(BPF_W, kEvent), if_equal(as_filter_reads(kAnswered), 3, 0), // the answer to subscribing
                     if_equal(as_filter_reads(kExecuted), 2, 0), if_equal(as_filter_reads(kOtherName), 1, 0),
                     if_equal(as_filter_reads(kOtherUser), 0, 1), take(kWhole), take(0)})) {}

bool ProcessEvents::drain() {
    changed_.clear();
    return connector_.drain([this](std::span<const std::uint8_t> message) {
        const pid_t pid = changed_process(message);
        if (pid != 0) {
            changed_.push_back(pid);
        }
    });
}

// A process's number is that of its first thread, and stands behind the thread's in both events.
ForkExitEvents::ForkExitEvents()
    : connector_(open_filtered(
          NETLINK_CONNECTOR, CN_IDX_PROC,
          std::array{load(BPF_W, kEvent), if_equal(as_filter_reads(kAnswered), 10, 0),
                     if_equal(as_filter_reads(kBegan), 1, 0), if_equal(as_filter_reads(kEnded), 4, 9),
                     load(BPF_W, kBegunThread), keep_loaded(), load(BPF_W, kBegunThread + sizeof(__kernel_pid_t)),
                     if_same(4, 5), load(BPF_W, kEndedThread), keep_loaded(),
                     load(BPF_W, kEndedThread + sizeof(__kernel_pid_t)), if_same(0, 1), take(kWhole), take(0)})) {
    connector_.shorten(kShortQueue);
}

bool ForkExitEvents::quiet() {
    bool any = false;
    const bool whole = connector_.drain([&](std::span<const std::uint8_t> /*message*/) { any = true; });
    return whole && !any;
}

SocketEvents::SocketEvents()
    : socket_(open_filtered(NETLINK_SOCK_DIAG,
                            (1U << (SKNLGRP_INET_TCP_DESTROY - 1)) | (1U << (SKNLGRP_INET_UDP_DESTROY - 1)) |
                                (1U << (SKNLGRP_INET6_TCP_DESTROY - 1)) | (1U << (SKNLGRP_INET6_UDP_DESTROY - 1)),
                            std::array{load(BPF_H, kRemotePort), if_equal(0, 0, 3), load(BPF_H, kLocalPort),
                                       if_equal(0, 1, 0), take(kWhole), take(0)})) {}

int SocketEvents::fd() const {
    return socket_ ? mnl_socket_get_fd(socket_.get()) : -1;
}

void SocketEvents::drain() {
    std::array<std::uint8_t, 1024> message;
    while (socket_) {
        const auto length = mnl_socket_recvfrom(socket_.get(), message.data(), message.size());
        if (length < 0 && errno != EINTR && errno != ENOBUFS && errno != ENOSPC) {
            return;
        }
    }
}

} // namespace portside::platform
