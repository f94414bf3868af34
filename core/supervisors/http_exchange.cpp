// SPDX-License-Identifier: MIT
// unix(7): connect on a non-blocking socket succeeds at once or fails at once. One object belongs to one thread.
#include "core/supervisors/http_exchange.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

namespace portside::supervisors {

using namespace std::chrono_literals;

HttpExchange::HttpExchange(std::string socket_path, std::string request, std::optional<Clock::duration> patience)
    : path_(std::move(socket_path)), request_(std::move(request)) {
    if (patience) {
        deadline_ = Clock::now() + *patience;
    }
}

base::Result<HttpAnswer> HttpExchange::failed_with(int number, const char* tried) const {
    auto error = base::error_from_errno(number, fmt::format("{} {}", tried, path_));
    if (number == ECONNREFUSED) {
        error.kind = base::ErrorKind::not_found; // a socket that a daemon left behind
    }
    return base::failed(std::move(error));
}

HttpExchange::Outcome HttpExchange::proceed() {
    if (deadline_ && Clock::now() >= *deadline_) {
        return base::failed(base::ErrorKind::system, fmt::format("{} did not answer in time.", path_));
    }
    if (!connected_) {
        if (auto outcome = connect(); outcome || !connected_) {
            return outcome;
        }
    }
    if (sent_ < request_.size()) {
        if (auto outcome = send(); outcome || sent_ < request_.size()) {
            return outcome;
        }
    }
    return receive();
}

Wait HttpExchange::wait() const {
    Wait wait;
    wait.deadline = deadline_;
    if (!connected_) {
        const auto again = again_.value_or(Clock::now());
        wait.deadline = deadline_ ? std::min(*deadline_, again) : again;
        return wait;
    }
    wait.fd = socket_.get();
    wait.events = sent_ < request_.size() ? POLLOUT : POLLIN;
    return wait;
}

HttpExchange::Outcome HttpExchange::connect() {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path_.empty() || path_.size() >= sizeof(address.sun_path)) {
        return failed_with(ENAMETOOLONG, "No connection to");
    }
    std::memcpy(address.sun_path, path_.c_str(), path_.size());
    if (!socket_) {
        socket_.reset(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
        if (!socket_) {
            return failed_with(errno, "No connection to");
        }
    }
    if (::connect(socket_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0) {
        connected_ = true;
        return std::nullopt;
    }
    if (errno == EAGAIN || errno == EINTR) {
        again_ = Clock::now() + 20ms;
        return std::nullopt;
    }
    return failed_with(errno, "No connection to");
}

HttpExchange::Outcome HttpExchange::send() {
    while (sent_ < request_.size()) {
        const auto sent =
            ::send(socket_.get(), request_.data() + sent_, request_.size() - sent_, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent < 0 && errno == EINTR) {
            continue;
        }
        if (sent < 0) {
            return errno == EAGAIN ? std::nullopt : Outcome(failed_with(errno, "Nothing could be sent to"));
        }
        sent_ += static_cast<std::size_t>(sent);
    }
    return std::nullopt;
}

HttpExchange::Outcome HttpExchange::receive() {
    std::array<char, 65536> buffer;
    // So many a turn: one that sends without end does not keep the loop.
    for (int turn = 0; turn < 16; ++turn) {
        const auto got = ::recv(socket_.get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            return errno == EAGAIN ? std::nullopt : Outcome(failed_with(errno, "Nothing could be read from"));
        }
        if (got == 0) {
            return reader_.end();
        }
        auto taken = reader_.take({buffer.data(), static_cast<std::size_t>(got)});
        if (!taken) {
            return base::failed(std::move(taken.error()));
        }
        if (*taken) {
            return std::move(**taken);
        }
    }
    return std::nullopt;
}

} // namespace portside::supervisors
