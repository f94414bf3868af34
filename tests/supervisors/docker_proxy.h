// SPDX-License-Identifier: MIT
// A program under the name docker-proxy, with its arguments, that holds a real port. Main thread of a test only.
#pragma once

#include "core/base/unique_fd.h"
#include "core/platform/process.h"
#include "core/supervisors/places.h"
#include "tests/support/child.h"
#include "tests/support/manager_stand_in.h"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <filesystem>
#include <netinet/in.h>
#include <string>
#include <sys/socket.h>
#include <unistd.h>

namespace portside::tests {

// A number that nobody else gets while this lives.
struct KeptPort {
    KeptPort() : fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        const int yes = 1;
        ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEPORT, &yes, sizeof(yes));
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t length = sizeof(address);
        REQUIRE(::bind(fd.get(), reinterpret_cast<sockaddr*>(&address), length) == 0);
        REQUIRE(::getsockname(fd.get(), reinterpret_cast<sockaddr*>(&address), &length) == 0);
        number = ntohs(address.sin_port);
    }
    base::UniqueFd fd;
    std::uint16_t number = 0;
};

// A program under the name docker-proxy, with its arguments, that holds a port.
struct DockerProxy {
    explicit DockerProxy(const support::ScratchFolder& folder) : program(start(folder)) {
        REQUIRE(program.first_line() == std::to_string(port.number));
        id = platform::read_stat(program.pid())->id;
    }
    support::Child start(const support::ScratchFolder& folder) const {
        const auto path = folder.path("docker-proxy");
        std::filesystem::copy_file(PORTSIDE_BUILD "/tests/test_listener", path,
                                   std::filesystem::copy_options::skip_existing);
        return support::Child({{path, "-proto", "tcp", "-host-ip", "127.0.0.1", "-host-port",
                                std::to_string(port.number), "-container-ip", "172.17.0.2", "-container-port", "80"}});
    }
    KeptPort port;
    support::Child program;
    platform::ProcessId id;
};

// Only the socket in `folder` is Docker's.
inline supervisors::Places places_of(const support::ScratchFolder& folder) {
    supervisors::Places places;
    places.uid = ::geteuid();
    places.runtime_dir = folder.path("runtime");
    places.docker_host = "unix://" + folder.path("docker.sock");
    return places;
}

} // namespace portside::tests
