// SPDX-License-Identifier: MIT
// core/jobs/port_watch: first and later looks at a real port of this process.
#include "job_support.h"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace portside;
using namespace std::chrono_literals;
using jobs::Stage;

namespace {

std::uint16_t port_of(const tests::Listener& listener) {
    sockaddr_in address{};
    socklen_t length = sizeof address;
    REQUIRE(::getsockname(listener.fd.get(), reinterpret_cast<sockaddr*>(&address), &length) == 0);
    return ntohs(address.sin_port);
}

jobs::PortWatchRequest watch_of(std::uint16_t port, std::vector<std::chrono::milliseconds> again = {}) {
    jobs::PortWatchRequest request;
    request.port = port;
    request.again = std::move(again);
    return request;
}

} // namespace

TEST_CASE("port_watch - one look tells who holds the port by name") {
    const auto listener = tests::listen_on_loopback();
    tests::Jobs jobs;
    auto request = watch_of(port_of(listener));
    request.name_holders = true;
    const auto seen = jobs.wait_for(jobs.thread().start(request), Stage::port_seen);
    REQUIRE(seen.port_use.has_value());
    CHECK(seen.port_use->holders == std::vector<std::uint64_t>{listener.inode});
    CHECK(seen.last);
    REQUIRE_FALSE(seen.left.empty());
    CHECK(seen.left.front().find("(" + std::to_string(::getpid()) + ")") != std::string::npos);
}

TEST_CASE("port_watch - a port that somebody takes later is told once and ends the watch") {
    auto listener = tests::listen_on_loopback();
    const auto port = port_of(listener);
    listener.fd.reset();
    tests::Jobs jobs;
    std::vector<std::chrono::milliseconds> looks; // for longer than a test may take
    for (int i = 1; i < 5000; ++i) {
        looks.push_back(i * 20ms);
    }
    const auto job = jobs.thread().start(watch_of(port, std::move(looks)));
    const auto first = jobs.wait_for(job, Stage::port_seen);
    CHECK_FALSE(first.last);
    CHECK(first.port_use == platform::PortUse{});
    const base::UniqueFd again(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REQUIRE(::bind(again.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    REQUIRE(::listen(again.get(), 1) == 0);
    const auto last = jobs.wait_for_last_look(job);
    REQUIRE(last.port_use.has_value());
    CHECK(last.port_use->holders.size() == 1);
    CHECK(jobs.count(job) == 2);
}

TEST_CASE("port_watch - a port that stays free is told at the first and at the last look") {
    auto listener = tests::listen_on_loopback();
    const auto port = port_of(listener);
    listener.fd.reset();
    tests::Jobs jobs;
    const auto job = jobs.thread().start(watch_of(port, {1ms, 2ms, 3ms}));
    CHECK(jobs.wait_for_last_look(job).port_use == platform::PortUse{});
    CHECK(jobs.count(job) == 2);
}
