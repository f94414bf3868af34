// SPDX-License-Identifier: MIT
// portside-kill-helper kill, as a real child against children of the test's own: each exit code, and who got a signal.
#include "helper_run.h"

#include "core/platform/pidfd.h"
#include "core/platform/process.h"

#include <array>
#include <csignal>
#include <cstdio>
#include <doctest/doctest.h>
#include <set>
#include <sys/wait.h>

namespace doctest {
template <>
struct StringMaker<portside::platform::HelperExit> {
    static String convert(portside::platform::HelperExit exit) { return toString(static_cast<int>(exit)); }
};
} // namespace doctest

using namespace portside;
using platform::HelperExit;
using platform::Signal;
using platform::SignalTarget;
using tests::run_helper;
using tests::TestChild;

namespace {

SignalTarget target_of(const TestChild& child, std::vector<std::uint64_t> inodes = {}) {
    const auto facts = platform::read_process(child.pid());
    REQUIRE(facts.has_value());
    return {child.id(), std::move(inodes), Signal::term, true, facts->pidfd_id};
}

HelperExit ask(const SignalTarget& target, int input = -1) {
    return run_helper(platform::helper_kill_arguments(target), input);
}

base::UniqueFd pidfd_of(pid_t pid) {
    auto pidfd = platform::open_pidfd(pid);
    REQUIRE(pidfd.has_value());
    return std::move(*pidfd);
}

bool ended_by(const TestChild& child, int signal) {
    return tests::wait_until([&] { return !child.runs(); }) && child.ended_by() == signal;
}

} // namespace

TEST_CASE("helper - sends to the process that is meant with and without a pidfd as its standard input") {
    const TestChild by_number;
    CHECK(ask(target_of(by_number)) == HelperExit::sent);
    CHECK(ended_by(by_number, SIGTERM));
    const TestChild by_pidfd;
    CHECK(ask(target_of(by_pidfd), pidfd_of(by_pidfd.pid()).get()) == HelperExit::sent);
    CHECK(ended_by(by_pidfd, SIGTERM));
    const auto stubborn = tests::stubborn_child();
    auto force = target_of(stubborn);
    force.signal = Signal::kill;
    CHECK(ask(force) == HelperExit::sent);
    CHECK(ended_by(stubborn, SIGKILL));
}

TEST_CASE("helper - every exit code is another one and none is one of pkexecs") {
    std::set<int> codes{126, 127};
    for (const auto exit :
         {HelperExit::sent, HelperExit::usage, HelperExit::gone, HelperExit::identity_changed, HelperExit::not_holding,
          HelperExit::never_signalled, HelperExit::not_permitted, HelperExit::failed}) {
        CHECK(codes.insert(static_cast<int>(exit)).second);
    }
}

TEST_CASE("helper - other arguments are usage and send nothing") {
    const TestChild child;
    const auto good = platform::helper_kill_arguments(target_of(child, {1}));
    for (std::size_t left_out = 0; left_out < good.size(); ++left_out) {
        auto words = good;
        words.erase(words.begin() + static_cast<std::ptrdiff_t>(left_out));
        CHECK(run_helper(words) == HelperExit::usage);
        words = good;
        words.insert(words.begin() + static_cast<std::ptrdiff_t>(left_out), "--force");
        CHECK(run_helper(words) == HelperExit::usage);
    }
    for (const auto& words : {tests::Words{}, tests::Words{"--help"}, tests::Words{"owners", "x"},
                              tests::Words{"kill", "-TERM", std::to_string(child.pid())}}) {
        CHECK(run_helper(words) == HelperExit::usage);
    }
    CHECK(child.runs());
}

TEST_CASE("helper - started without even a name for itself it is usage") {
    const int code = tests::in_child([] {
        std::array<char*, 1> nothing{nullptr};
        ::execv(PORTSIDE_HELPER, nothing.data());
        return 125;
    });
    CHECK(static_cast<HelperExit>(code) == HelperExit::usage);
}

TEST_CASE("helper - a pidfd of another process than the one named signals neither") {
    const TestChild named;
    const TestChild other;
    CHECK(ask(target_of(named), pidfd_of(other.pid()).get()) == HelperExit::identity_changed);
    CHECK(named.runs());
    CHECK(other.runs());
}

TEST_CASE("helper - standard input that is no pidfd is passed over") {
    std::array<int, 2> ends{};
    REQUIRE(::pipe2(ends.data(), O_CLOEXEC) == 0);
    const base::UniqueFd reader(ends[0]);
    const base::UniqueFd writer(ends[1]);
    const base::UniqueFd null(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    const base::UniqueFd folder(
        ::open("/proc/self", O_RDONLY | O_DIRECTORY | O_CLOEXEC)); // a signal could go there too
    for (const int input : {-1, reader.get(), null.get(), folder.get()}) {
        const TestChild child;
        auto wrong = target_of(child);
        wrong.process.start_time += 1;
        CHECK(ask(wrong, input) == HelperExit::identity_changed);
        CHECK(child.runs());
        CHECK(ask(target_of(child), input) == HelperExit::sent);
        CHECK(ended_by(child, SIGTERM));
    }
}

TEST_CASE("helper - another start time or pidfd number is another process") {
    const TestChild child;
    const auto pidfd = pidfd_of(child.pid());
    for (const int input : {-1, pidfd.get()}) {
        auto target = target_of(child);
        target.process.start_time -= 1;
        CHECK(ask(target, input) == HelperExit::identity_changed);
        target = target_of(child);
        target.pidfd_id += 1;
        CHECK(ask(target, input) == HelperExit::identity_changed);
    }
    CHECK(child.runs());
}

TEST_CASE("helper - a process that has ended is gone as a zombie and after it") {
    SignalTarget target;
    base::UniqueFd pidfd;
    {
        const TestChild child;
        target = target_of(child);
        pidfd = pidfd_of(child.pid());
        REQUIRE(::kill(child.pid(), SIGKILL) == 0);
        REQUIRE(tests::wait_until([&] { return !child.runs(); }));
        CHECK(ask(target) == HelperExit::gone);
        CHECK(ask(target, pidfd.get()) == HelperExit::gone);
    } // reaped
    CHECK(ask(target) == HelperExit::gone);
    CHECK(ask(target, pidfd.get()) == HelperExit::gone);
}

TEST_CASE("helper - at least one of the sockets is still held") {
    auto held = tests::listen_on_loopback();
    const TestChild child;
    held.fd.reset(); // the child has it alone now
    const auto elsewhere = tests::listen_on_loopback();
    const auto pidfd = pidfd_of(child.pid());
    for (const int input : {-1, pidfd.get()}) {
        CHECK(ask(target_of(child, {elsewhere.inode}), input) == HelperExit::not_holding);
        CHECK(ask(target_of(child, {0}), input) == HelperExit::not_holding);
    }
    CHECK(child.runs());
    CHECK(ask(target_of(child, {elsewhere.inode, held.inode}), pidfd.get()) == HelperExit::sent);
    CHECK(ended_by(child, SIGTERM));
}

TEST_CASE("helper - guard rails") {
    const TestChild child;
    const auto order = [&](pid_t pid) {
        auto target = target_of(child);
        target.process.pid = pid;
        const auto stat = platform::read_stat(pid);
        target.process.start_time = stat ? stat->id.start_time : 0;
        target.pidfd_id = 0;
        return platform::helper_kill_arguments(target);
    };
    for (const pid_t pid : {0, 1, -1, -child.pid(), ::getpid()}) { // the last one started it
        CAPTURE(pid);
        CHECK(run_helper(order(pid)) == HelperExit::never_signalled);
    }
    const int itself = tests::in_child([&]() -> int { tests::become_helper(order(::getpid()), -1, -1); });
    CHECK(static_cast<HelperExit>(itself) == HelperExit::never_signalled);
    const auto thread = platform::read_stat(2); // kthreadd, but in a pid namespace of its own
    if (thread && platform::is_kernel_thread(*thread)) {
        CHECK(run_helper(order(2)) == HelperExit::never_signalled);
    }
    CHECK(child.runs());
}

TEST_CASE("helper - it is linked to nothing but the standard libraries fmt and libmnl") {
    std::string libraries;
    FILE* const pipe = ::popen("readelf -d " PORTSIDE_HELPER " | sed -n 's/.*(NEEDED).*\\[\\(.*\\)\\]/\\1/p'", "r");
    REQUIRE(pipe != nullptr);
    std::array<char, 256> line{};
    int count = 0;
    while (std::fgets(line.data(), line.size(), pipe) != nullptr) {
        const std::string name = line.data();
        ++count;
        bool known = false;
        for (const char* allowed : {"libc.so", "libm.so", "libstdc++.so", "libgcc_s.so", "ld-linux", "libfmt.so",
                                    "libmnl.so", "libasan.so", "libubsan.so", "libtsan.so"}) {
            known = known || name.starts_with(allowed);
        }
        CAPTURE(name);
        CHECK(known);
    }
    CHECK(::pclose(pipe) == 0);
    CHECK(count >= 3);
}

TEST_SUITE("root") {
    TEST_CASE("helper - without being root it is not permitted and says so") {
        REQUIRE(::geteuid() == 0);
        const TestChild child; // root's
        auto words = platform::helper_kill_arguments(target_of(child));
        words.insert(words.begin(), "helper");
        std::vector<char*> pointers;
        for (auto& word : words) {
            pointers.push_back(word.data());
        }
        pointers.push_back(nullptr);
        // Opened as root: the build directory may lie where others cannot go.
        const base::UniqueFd program(::open(PORTSIDE_HELPER, O_RDONLY | O_CLOEXEC));
        REQUIRE(program);
        const int code = tests::in_child([&] {
            if (::setgid(65534) != 0 || ::setuid(65534) != 0) {
                return 10;
            }
            ::fexecve(program.get(), pointers.data(), environ);
            return 11;
        });
        CHECK(static_cast<HelperExit>(code) == HelperExit::not_permitted);
        CHECK(child.runs());
    }
}
