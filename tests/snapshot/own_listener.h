// SPDX-License-Identifier: MIT
// A listening socket of the test itself on 127.0.0.1, on a port that the kernel chose.
#pragma once

#include "core/base/unique_fd.h"

#include <arpa/inet.h>
#include <cstdint>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace portside::snapshot::test {

class OwnListener {
  public:
    OwnListener() : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t length = sizeof address;
        auto* const any = reinterpret_cast<sockaddr*>(&address);
        REQUIRE(::bind(fd_.get(), any, length) == 0);
        REQUIRE(::listen(fd_.get(), 8) == 0);
        REQUIRE(::getsockname(fd_.get(), any, &length) == 0);
        port_ = ntohs(address.sin_port);
    }
    [[nodiscard]] std::uint16_t port() const { return port_; }
    [[nodiscard]] int fd() const { return fd_.get(); }
    // Opens a connection that nobody accepts.
    [[nodiscard]] base::UniqueFd connect() const {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        address.sin_port = htons(port_);
        base::UniqueFd client(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
        REQUIRE(::connect(client.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
        return client;
    }
    // The next of those connections.
    [[nodiscard]] base::UniqueFd accept() const {
        base::UniqueFd accepted(::accept4(fd_.get(), nullptr, nullptr, SOCK_CLOEXEC));
        REQUIRE(accepted);
        return accepted;
    }
    void close() { fd_.reset(); }

  private:
    base::UniqueFd fd_;
    std::uint16_t port_ = 0;
};

} // namespace portside::snapshot::test
