// SPDX-License-Identifier: MIT
// core/platform/kernel_events, of sockets: what the kernel tells of those that this test closes.
#include "core/base/unique_fd.h"
#include "core/platform/kernel_events.h"
#include "tests/owners/elsewhere.h"
#include "tests/platform/puppet.h"
#include "tests/support/wait.h"

#include <array>
#include <cstring>
#include <doctest/doctest.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace portside;
using namespace portside::platform;
using base::UniqueFd;
using test::must;

namespace {

bool is_readable(int fd) {
    pollfd waiting{fd, POLLIN, 0};
    return ::poll(&waiting, 1, 0) == 1;
}

bool becomes_readable(int fd) {
    pollfd waiting{fd, POLLIN, 0};
    return ::poll(&waiting, 1, static_cast<int>(std::chrono::milliseconds(support::kPatience).count())) == 1;
}

UniqueFd new_socket(int family, int type) {
    UniqueFd socket(::socket(family, type | SOCK_CLOEXEC, 0));
    REQUIRE(socket);
    return socket;
}

// On the loopback of its family, on a port that the kernel chooses. Returns the address.
sockaddr_in6 bind_locally(const UniqueFd& socket, int family) {
    sockaddr_in6 address{};
    socklen_t length = sizeof address;
    if (family == AF_INET6) {
        address.sin6_family = AF_INET6;
        address.sin6_addr = in6addr_loopback;
    } else {
        sockaddr_in four{};
        four.sin_family = AF_INET;
        four.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        std::memcpy(&address, &four, sizeof four);
    }
    REQUIRE(::bind(socket.get(), reinterpret_cast<sockaddr*>(&address),
                   family == AF_INET6 ? sizeof(sockaddr_in6) : sizeof(sockaddr_in)) == 0);
    REQUIRE(::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&address), &length) == 0);
    return address;
}

// The port is at the same place in both families' addresses.
std::uint16_t port_of(const sockaddr_in6& address) {
    return address.sin6_port;
}

UniqueFd new_listener(int family, sockaddr_in6& address) {
    UniqueFd socket = new_socket(family, SOCK_STREAM);
    address = bind_locally(socket, family);
    REQUIRE(::listen(socket.get(), 8) == 0);
    return socket;
}

// The events' message that this port's socket is gone. Before it come the events of everybody else on the machine, and
// those of what this test closed before: `unwanted` counts those that the filter should have dropped.
bool is_told_that_gone(const SocketEvents& events, int family, std::uint16_t port, int& unwanted) {
    while (becomes_readable(events.fd())) {
        alignas(nlmsghdr) std::array<std::uint8_t, 1024> bytes{};
        const ssize_t length = ::recv(events.fd(), bytes.data(), bytes.size(), MSG_DONTWAIT);
        if (length < static_cast<ssize_t>(sizeof(nlmsghdr) + sizeof(inet_diag_msg))) {
            return false;
        }
        inet_diag_msg message{};
        std::memcpy(&message, bytes.data() + sizeof(nlmsghdr), sizeof message);
        unwanted += message.id.idiag_dport != 0 || message.id.idiag_sport == 0 ? 1 : 0;
        if (message.idiag_family == family && message.id.idiag_sport == port && message.id.idiag_dport == 0) {
            return true;
        }
    }
    return false;
}

// The kernel tells from a queue of the processor on which the socket was closed: on one processor it tells in order.
class OnOneProcessor {
  public:
    OnOneProcessor() {
        ::sched_getaffinity(0, sizeof before_, &before_);
        cpu_set_t one;
        CPU_ZERO(&one);
        CPU_SET(static_cast<unsigned>(::sched_getcpu()), &one);
        REQUIRE(::sched_setaffinity(0, sizeof one, &one) == 0);
    }
    ~OnOneProcessor() { ::sched_setaffinity(0, sizeof before_, &before_); }
    OnOneProcessor(const OnOneProcessor&) = delete;
    OnOneProcessor& operator=(const OnOneProcessor&) = delete;

  private:
    cpu_set_t before_{};
};

// Closed by a reset, so that nothing of it stays behind.
void reset_at_once(UniqueFd& socket) {
    const linger none{1, 0};
    REQUIRE(::setsockopt(socket.get(), SOL_SOCKET, SO_LINGER, &none, sizeof none) == 0);
    socket.reset();
}

void close_what_is_not_told(int family, const UniqueFd& listener, const sockaddr_in6& address) {
    for (int i = 0; i < 5; ++i) {
        UniqueFd client = new_socket(family, SOCK_STREAM);
        const auto* const any = reinterpret_cast<const sockaddr*>(&address);
        REQUIRE(::connect(client.get(), any, family == AF_INET6 ? sizeof(sockaddr_in6) : sizeof(sockaddr_in)) == 0);
        UniqueFd server(::accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC));
        REQUIRE(server);
        reset_at_once(client);
        server.reset();
        static_cast<void>(new_socket(family, SOCK_STREAM)); // never bound
        static_cast<void>(new_socket(family, SOCK_DGRAM));
    }
}

} // namespace

TEST_CASE("socket events - a closed listener and a closed UDP socket are told and nothing else is") {
    const OnOneProcessor in_order;
    SocketEvents events;
    REQUIRE(events.fd() >= 0);
    for (const int family : {AF_INET, AF_INET6}) {
        CAPTURE(family);
        int unwanted = 0;
        sockaddr_in6 address{};
        UniqueFd listener = new_listener(family, address);
        close_what_is_not_told(family, listener, address);
        listener.reset();
        CHECK(is_told_that_gone(events, family, port_of(address), unwanted));
        UniqueFd datagrams = new_socket(family, SOCK_DGRAM);
        const std::uint16_t port = port_of(bind_locally(datagrams, family));
        datagrams.reset();
        CHECK(is_told_that_gone(events, family, port, unwanted));
        CHECK(unwanted == 0);
    }
}

TEST_CASE("socket events - it stays readable until it is drained and becomes so again") {
    SocketEvents events;
    for (int i = 0; i < 3; ++i) {
        sockaddr_in6 address{};
        UniqueFd listener = new_listener(AF_INET, address);
        listener.reset();
        REQUIRE(becomes_readable(events.fd()));
        CHECK(is_readable(events.fd()));
        CHECK(support::wait_until([&] { // others of the machine may close theirs meanwhile
            events.drain();
            return !is_readable(events.fd());
        }));
    }
}

TEST_SUITE("root") {
    TEST_CASE("socket events - a network namespace of its own tells of its own sockets") {
        const std::string wrong = owners::in_own_processes([] {
            SocketEvents events;
            must(!is_readable(events.fd()), "nothing yet");
            UniqueFd socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
            must(::listen(socket.get(), 1) == 0, "a listener");
            socket.reset();
            must(becomes_readable(events.fd()), "a listener is gone");
            events.drain();
            must(!is_readable(events.fd()), "it was drained");
        });
        CHECK(wrong == "");
    }
}
