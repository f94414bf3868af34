// SPDX-License-Identifier: MIT
// core/platform/pidfd on children of our own.
#include "job_support.h"

#include "core/platform/pidfd.h"

#include <csignal>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace portside;
using platform::Signal;

TEST_CASE("pidfd - a signal ends the child and the pidfd tells") {
    const tests::TestChild child;
    const auto pidfd = platform::open_pidfd(child.pid());
    REQUIRE(pidfd.has_value());
    CHECK((::fcntl(pidfd->get(), F_GETFD) & FD_CLOEXEC) != 0);
    CHECK_FALSE(platform::has_ended(*pidfd));
    REQUIRE(platform::send_signal(*pidfd, Signal::term).has_value());
    CHECK(tests::wait_until([&] { return platform::has_ended(*pidfd); }));
    CHECK(child.ended_by() == SIGTERM);
}

TEST_CASE("pidfd - a process that was reaped is not found and its pidfd never means another one") {
    const pid_t pid = ::fork();
    if (pid == 0) {
        ::_exit(0);
    }
    REQUIRE(pid > 0);
    const auto pidfd = platform::open_pidfd(pid);
    REQUIRE(pidfd.has_value());
    REQUIRE(::waitpid(pid, nullptr, 0) == pid);
    CHECK(platform::has_ended(*pidfd));
    const auto sent = platform::send_signal(*pidfd, Signal::kill);
    REQUIRE_FALSE(sent.has_value());
    CHECK(sent.error().kind == base::ErrorKind::not_found);
    const auto again = platform::open_pidfd(pid);
    REQUIRE_FALSE(again.has_value());
    CHECK(again.error().kind == base::ErrorKind::not_found);
}

TEST_CASE("pidfd - a number is of one process and stays with it") {
    const tests::TestChild child;
    const tests::TestChild other;
    const auto first = platform::open_pidfd(child.pid());
    const auto second = platform::open_pidfd(other.pid());
    REQUIRE(first.has_value());
    REQUIRE(second.has_value());
    struct statfs system {};
    REQUIRE(::fstatfs(first->get(), &system) == 0);
    const auto number = platform::pidfd_id(*first);
    if (system.f_type == 0x50494446) { // pidfs, Linux 6.9 and later
        CHECK(number != 0);
        CHECK(number != platform::pidfd_id(*second));
        const base::UniqueFd again(platform::open_pidfd(child.pid()).value());
        CHECK(platform::pidfd_id(again) == number);
    } else {
        CHECK(number == 0);
    }
    const base::UniqueFd no_pidfd(::open("/proc", O_RDONLY | O_CLOEXEC));
    CHECK(platform::pidfd_id(no_pidfd) == 0);
    CHECK(platform::pidfd_id(base::UniqueFd()) == 0);
}

TEST_CASE("pidfd - signals have their numbers and names") {
    CHECK(platform::number_of(Signal::term) == SIGTERM);
    CHECK(platform::number_of(Signal::kill) == SIGKILL);
    CHECK(std::string(platform::name_of(Signal::term)) == "SIGTERM");
    CHECK(std::string(platform::name_of(Signal::kill)) == "SIGKILL");
}
