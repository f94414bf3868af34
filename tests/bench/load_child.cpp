// SPDX-License-Identifier: MIT
// One process of a load. One thread. Its descriptors are raw on purpose: they are the load, and end with the process.
#include "tests/bench/load_child.h"

#include <algorithm>
#include <arpa/inet.h>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

namespace portside::bench {
namespace {

constexpr int kReportFd = 3; // behind the standard streams; everything above is closed
constexpr std::uint32_t kAlreadyOpen = 4;

void tell(Report report) {
    report.pid = ::getpid();
    if (::write(kReportFd, &report, sizeof report) != static_cast<ssize_t>(sizeof report)) {
        ::_exit(1); // whoever started us is gone
    }
}

[[noreturn]] void give_up(const char* tried) {
    Report report{.error = errno};
    std::snprintf(report.tried.data(), report.tried.size(), "%s", tried);
    tell(report);
    ::_exit(1);
}

int checked(int result, const char* tried) {
    if (result < 0) {
        give_up(tried);
    }
    return result;
}

void become_clean(int report, std::uint32_t index) {
    checked(::dup2(report, kReportFd), "keep the pipe for reports");
    ::close_range(kReportFd + 1, ~0U, 0);
    const int null = checked(::open("/dev/null", O_RDWR | O_CLOEXEC), "open /dev/null");
    for (int stream = 0; stream < kReportFd; ++stream) {
        checked(::dup2(null, stream), "replace the standard streams");
    }
    ::close(null);
    std::array<char, 16> name{};
    std::snprintf(name.data(), name.size(), "bench-%u", index);
    ::prctl(PR_SET_NAME, name.data());
}

struct SocketAddress {
    sockaddr_storage storage{};
    socklen_t length = 0;
    [[nodiscard]] sockaddr* generic() { return reinterpret_cast<sockaddr*>(&storage); }
};

SocketAddress ipv4(std::uint32_t host_order) {
    SocketAddress address;
    auto* const in = reinterpret_cast<sockaddr_in*>(&address.storage);
    in->sin_family = AF_INET;
    in->sin_addr.s_addr = htonl(host_order);
    address.length = sizeof *in;
    return address;
}

SocketAddress ipv6_loopback() {
    SocketAddress address;
    auto* const in = reinterpret_cast<sockaddr_in6*>(&address.storage);
    in->sin6_family = AF_INET6;
    in->sin6_addr = in6addr_loopback;
    address.length = sizeof *in;
    return address;
}

SocketAddress name_of(int socket) {
    SocketAddress address;
    address.length = sizeof address.storage;
    checked(::getsockname(socket, address.generic(), &address.length), "read a socket's address");
    return address;
}

int open_bound(SocketAddress address, int type) {
    const int socket = checked(::socket(address.storage.ss_family, type | SOCK_CLOEXEC, 0), "make a socket");
    checked(::bind(socket, address.generic(), address.length), "bind a socket to loopback");
    return socket;
}

int open_listener(const SocketAddress& address) {
    const int socket = open_bound(address, SOCK_STREAM);
    checked(::listen(socket, 16), "listen");
    return socket;
}

// Three of four are TCP; half of each are IPv6.
void open_sockets(const Share& share) {
    for (std::uint32_t number = share.first_socket; number < share.last_socket; ++number) {
        const bool ipv6 = share.ipv6 && (number / 4) % 2 == 1;
        const SocketAddress address = ipv6 ? ipv6_loopback() : ipv4(INADDR_LOOPBACK);
        number % 4 == 3 ? open_bound(address, SOCK_DGRAM) : open_listener(address);
    }
}

// Both ends of each, over an address of this process's own, so that no two processes share ephemeral ports.
void open_connections(const Share& share) {
    if (share.connections == 0) {
        return;
    }
    const SocketAddress own = ipv4((127U << 24) + (1U << 16) + share.index + 1);
    const int listener = open_listener(own);
    SocketAddress server = name_of(listener);
    constexpr linger kReset{1, 0}; // no TIME_WAIT is left behind
    constexpr int kYes = 1;
    for (std::uint32_t i = 0; i < share.connections; ++i) {
        const int client = checked(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "make a socket");
        SocketAddress source = own;
        ::setsockopt(client, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &kYes, sizeof kYes);
        checked(::bind(client, source.generic(), source.length), "bind a socket to loopback");
        checked(::connect(client, server.generic(), server.length), "connect over loopback");
        const int accepted = checked(::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC), "accept a connection");
        for (const int end : {client, accepted}) {
            ::setsockopt(end, SOL_SOCKET, SO_LINGER, &kReset, sizeof kReset);
        }
    }
    ::close(listener);
}

// What programs hold beside sockets with ports: devices, files, pipes, event descriptors, a few local sockets.
void open_others(std::uint32_t count) {
    for (std::uint32_t open = std::min(count, kAlreadyOpen), turn = 0; open < count; ++turn) {
        std::array<int, 2> pair{};
        const bool room_for_two = count - open >= 2;
        if (turn % 5 == 0 && room_for_two) {
            checked(::pipe2(pair.data(), O_CLOEXEC), "make a pipe");
            open += 2;
        } else if (turn % 15 == 1 && room_for_two) {
            checked(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair.data()), "make a pair of local sockets");
            open += 2;
        } else {
            turn % 3 == 0   ? checked(::eventfd(0, EFD_CLOEXEC), "make an event descriptor")
            : turn % 3 == 1 ? checked(::open("/proc/self/exe", O_RDONLY | O_CLOEXEC), "open a file")
                            : checked(::open("/dev/null", O_RDWR | O_CLOEXEC), "open /dev/null");
            ++open;
        }
    }
}

[[noreturn]] void obey() {
    sigset_t orders;
    sigemptyset(&orders);
    sigaddset(&orders, kOpenSignal);
    sigaddset(&orders, kCloseSignal);
    int listener = -1;
    std::uint16_t port = 0;
    for (;;) {
        const int order = ::sigwaitinfo(&orders, nullptr);
        if (order == kOpenSignal && listener < 0) {
            listener = open_listener(ipv4(INADDR_LOOPBACK));
            const SocketAddress address = name_of(listener);
            port = ntohs(reinterpret_cast<const sockaddr_in*>(&address.storage)->sin_port);
            tell({.what = Report::What::opened, .port = port});
        } else if (order == kCloseSignal && listener >= 0) {
            ::close(listener);
            listener = -1;
            tell({.what = Report::What::closed, .port = port});
        }
    }
}

} // namespace

bool has_ipv6_loopback() {
    const int socket = ::socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
    SocketAddress address = ipv6_loopback();
    const bool has = socket >= 0 && ::bind(socket, address.generic(), address.length) == 0;
    ::close(socket);
    return has;
}

void run_child(const Share& share, int report, pid_t parent) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) {
        ::_exit(1); // it ended before we asked to be told
    }
    become_clean(report, share.index);
    open_sockets(share);
    open_connections(share);
    open_others(share.others);
    tell({.what = Report::What::ready});
    obey();
}

} // namespace portside::bench
