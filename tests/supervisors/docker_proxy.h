// SPDX-License-Identifier: MIT
// A program under the name docker-proxy, with its arguments, that holds a real port. Main thread of a test only.
#pragma once

#include "core/base/unique_fd.h"
#include "core/platform/process.h"
#include "core/supervisors/places.h"
#include "tests/support/child.h"
#include "tests/support/manager_stand_in.h"
#include "tests/support/programs.h"

#include <arpa/inet.h>
#include <cstdint>
#include <filesystem>
#include <netinet/in.h>
#include <stdexcept>
#include <string>
#include <sys/socket.h>
#include <unistd.h>

namespace portside::tests {

// It says that it serves the container at 172.17.0.2. Throws std::runtime_error where it cannot be started.
class DockerProxy {
  public:
    explicit DockerProxy(const support::ScratchFolder& folder) : number_(reserve()), program_(start(folder)) {
        if (program_.first_line() != port()) {
            throw std::runtime_error("docker-proxy has another port than it was told");
        }
        reserved_.reset(); // else the port would not be free when the proxy ends
    }
    [[nodiscard]] std::uint16_t number() const { return number_; }
    [[nodiscard]] std::string port() const { return std::to_string(number_); }
    [[nodiscard]] pid_t pid() const { return program_.pid(); }
    [[nodiscard]] platform::ProcessId id() const { return platform::read_stat(pid())->id; }
    [[nodiscard]] bool running() { return program_.running(); }
    [[nodiscard]] auto wait() { return program_.wait(); }

  private:
    // A number that nobody else gets until the proxy has it.
    std::uint16_t reserve() {
        reserved_ = base::UniqueFd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
        const int yes = 1;
        ::setsockopt(reserved_.get(), SOL_SOCKET, SO_REUSEPORT, &yes, sizeof(yes));
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t length = sizeof(address);
        auto* const generic = reinterpret_cast<sockaddr*>(&address);
        if (::bind(reserved_.get(), generic, length) != 0 || ::getsockname(reserved_.get(), generic, &length) != 0) {
            throw std::runtime_error("no port is to be had");
        }
        return ntohs(address.sin_port);
    }
    [[nodiscard]] support::Child start(const support::ScratchFolder& folder) const {
        const auto path = folder.path("docker-proxy");
        if (!std::filesystem::exists(path)) {
            support::copy_program("tests/test_listener", path);
        }
        return support::Child({{path, "-proto", "tcp", "-host-ip", "127.0.0.1", "-host-port", port(), "-container-ip",
                                "172.17.0.2", "-container-port", "80"}});
    }
    base::UniqueFd reserved_;
    std::uint16_t number_;
    support::Child program_;
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
