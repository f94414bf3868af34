// SPDX-License-Identifier: MIT
// core/snapshot/bell: what ends a wait, and what does not.
#include "core/snapshot/bell.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <thread>
#include <unistd.h>

using namespace portside;
using namespace portside::snapshot;
using namespace std::chrono_literals;

namespace {

using Clock = std::chrono::steady_clock;

struct Pipe {
    base::UniqueFd read;
    base::UniqueFd write;
    Pipe() {
        int ends[2];
        REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
        read.reset(ends[0]);
        write.reset(ends[1]);
    }
    void fill() const { REQUIRE(::write(write.get(), "x", 1) == 1); }
};

} // namespace

TEST_CASE("a ring before the wait is not lost and several are one") {
    Bell bell;
    bell.ring();
    bell.ring();
    CHECK(bell.wait(std::nullopt, -1, std::nullopt) == Bell::Reason::rung);
    CHECK(bell.wait(Clock::now() + 1ms, -1, std::nullopt) == Bell::Reason::due);
}

TEST_CASE("a ring from another thread ends a wait without end") {
    Bell bell;
    const std::jthread other([&] { bell.ring(); });
    CHECK(bell.wait(std::nullopt, -1, std::nullopt) == Bell::Reason::rung);
}

TEST_CASE("a wait ends when it is due and not before") {
    Bell bell;
    const auto due = Clock::now() + 20ms;
    CHECK(bell.wait(due, -1, std::nullopt) == Bell::Reason::due);
    CHECK(Clock::now() >= due);
    CHECK(bell.wait(Clock::now() - 1h, -1, std::nullopt) == Bell::Reason::due);
}

TEST_CASE("a descriptor that becomes readable ends the wait and is not read") {
    Bell bell;
    const Pipe pipe;
    const std::jthread other([&] { pipe.fill(); });
    CHECK(bell.wait(std::nullopt, pipe.read.get(), Clock::now()) == Bell::Reason::event);
    CHECK(bell.wait(std::nullopt, pipe.read.get(), Clock::now()) == Bell::Reason::event);
    char byte = 0;
    CHECK(::read(pipe.read.get(), &byte, 1) == 1);
}

TEST_CASE("a descriptor is looked at from its time on only") {
    Bell bell;
    const Pipe pipe;
    pipe.fill();
    const auto from = Clock::now() + 20ms;
    CHECK(bell.wait(std::nullopt, pipe.read.get(), from) == Bell::Reason::event);
    CHECK(Clock::now() >= from);
    CHECK(bell.wait(Clock::now() + 1ms, pipe.read.get(), Clock::now() + 1h) == Bell::Reason::due);
    CHECK(bell.wait(Clock::now() + 1ms, pipe.read.get(), std::nullopt) == Bell::Reason::due);
    bell.ring();
    CHECK(bell.wait(std::nullopt, pipe.read.get(), Clock::now() + 1h) == Bell::Reason::rung);
}

TEST_CASE("where nothing happens a wait is one sleep whenever a descriptor may end it") {
    const auto sleeps = [] {
        rusage usage{};
        REQUIRE(::getrusage(RUSAGE_THREAD, &usage) == 0);
        return usage.ru_nvcsw;
    };
    Bell bell;
    const Pipe pipe;
    const auto before = sleeps();
    CHECK(bell.wait(Clock::now() + 60ms, pipe.read.get(), Clock::now() + 30ms) == Bell::Reason::due);
    CHECK(sleeps() - before <= 1);
}

TEST_CASE("the end of a descriptor is an event too") {
    Bell bell;
    Pipe pipe;
    pipe.write.reset();
    CHECK(bell.wait(std::nullopt, pipe.read.get(), Clock::now()) == Bell::Reason::event);
}

TEST_CASE("without a descriptor left for the bell a wait ends by itself as if rung") {
    rlimit before{};
    REQUIRE(::getrlimit(RLIMIT_NOFILE, &before) == 0);
    const rlimit none{0, before.rlim_max};
    REQUIRE(::setrlimit(RLIMIT_NOFILE, &none) == 0);
    Bell bell;
    REQUIRE(::setrlimit(RLIMIT_NOFILE, &before) == 0);
    bell.ring(); // is harmless
    CHECK(bell.wait(std::nullopt, -1, std::nullopt) == Bell::Reason::rung);
}
