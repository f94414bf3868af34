// SPDX-License-Identifier: MIT
#include "engine_stand_in.h"

#include <array>
#include <cstdio>
#include <doctest/doctest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace portside::tests {

EngineStandIn::EngineStandIn(const std::string& path, Answer answer)
    : answer_(std::move(answer)), listener_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::snprintf(address.sun_path, sizeof(address.sun_path), "%s", path.c_str());
    REQUIRE(::bind(listener_.get(), reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0);
    REQUIRE(::listen(listener_.get(), 8) == 0);
    thread_ = std::thread([this] { run(); });
}

EngineStandIn::~EngineStandIn() {
    ::shutdown(listener_.get(), SHUT_RDWR); // ends accept
    thread_.join();
}

std::vector<std::string> EngineStandIn::requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
}

void EngineStandIn::run() {
    for (;;) {
        const base::UniqueFd connection(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
        if (!connection) {
            return;
        }
        std::string request;
        std::array<char, 4096> buffer;
        while (request.find("\r\n\r\n") == std::string::npos) {
            const auto got = ::recv(connection.get(), buffer.data(), buffer.size(), 0);
            if (got <= 0) {
                break;
            }
            request.append(buffer.data(), static_cast<std::size_t>(got));
        }
        {
            const std::lock_guard lock(mutex_);
            requests_.push_back(request.substr(0, request.find("\r\n")));
        }
        answer_(request, connection.get());
    }
}

bool send_all(int connection, const std::string& bytes) {
    for (std::size_t sent = 0; sent < bytes.size();) {
        const auto part = ::send(connection, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
        if (part <= 0) {
            return false;
        }
        sent += static_cast<std::size_t>(part);
    }
    return true;
}

std::string http_answer(const std::string& status, const std::string& body) {
    return "HTTP/1.0 " + status +
           "\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

std::string container_json(const std::string& id, const std::string& name, const std::string& address,
                           const std::string& host_port) {
    return R"({"Id":")" + id + R"(","Names":["/)" + name +
           R"("],"Image":"nginx:1","Ports":[{"PrivatePort":443,"Type":"tcp"},
        {"IP":"127.0.0.1","PrivatePort":80,"PublicPort":)" +
           host_port + R"(,"Type":"tcp"}],"NetworkSettings":{"Networks":{"bridge":{"IPAddress":")" + address +
           R"("}}}})";
}

} // namespace portside::tests
