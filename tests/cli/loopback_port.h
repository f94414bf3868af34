// SPDX-License-Identifier: MIT
// Ports of 127.0.0.1, as the tests of `portside kill` ask about them. Any thread.
#pragma once

#include "core/base/unique_fd.h"

#include <arpa/inet.h>
#include <cstdint>
#include <netinet/in.h>
#include <string>
#include <sys/socket.h>

namespace portside::tests {

inline sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    return address;
}

// Whether a program could listen there now.
inline bool is_free(const std::string& port) {
    const base::UniqueFd probe(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const auto address = loopback(static_cast<std::uint16_t>(std::stoi(port)));
    return ::bind(probe.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0;
}

} // namespace portside::tests
