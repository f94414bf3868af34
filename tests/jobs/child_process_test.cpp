// SPDX-License-Identifier: MIT
// core/platform/child_process on small programs that every system has.
#include "job_support.h"

#include "core/base/parse.h"
#include "core/platform/child_process.h"
#include "core/platform/pidfd.h"

#include <array>
#include <csignal>
#include <cstdlib>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <fstream>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace portside;
using platform::ChildCommand;
using platform::ChildProcess;

namespace {

ChildCommand shell(const std::string& script, bool capture = true) {
    return {"/bin/sh", {"-c", script}, capture, false};
}

ChildProcess started(const ChildCommand& command) {
    auto child = ChildProcess::start(command);
    REQUIRE(child.has_value());
    return std::move(*child);
}

std::string read_to_end(const base::UniqueFd& fd) {
    std::string text;
    std::array<char, 4096> buffer;
    for (;;) {
        pollfd wait{fd.get(), POLLIN, 0};
        REQUIRE(::poll(&wait, 1, 60000) == 1);
        const auto got = ::read(fd.get(), buffer.data(), buffer.size());
        REQUIRE(got >= 0);
        if (got == 0) {
            return text;
        }
        text.append(buffer.data(), static_cast<std::size_t>(got));
    }
}

platform::ChildEnd end_of(ChildProcess& child) {
    REQUIRE(tests::wait_until([&] { return platform::has_ended(child.pidfd()); }));
    const auto end = child.reap();
    REQUIRE(end.has_value());
    return *end;
}

} // namespace

TEST_CASE("child_process - exit codes and signals") {
    auto seven = started(shell("exit 7"));
    CHECK(end_of(seven).exit_code == 7);
    auto not_found = started(shell("exit 127")); // the program's own 127 is no failed start
    CHECK(end_of(not_found).exit_code == 127);
    auto killed = started(shell("kill -KILL $$"));
    const auto end = end_of(killed);
    CHECK_FALSE(end.exit_code.has_value());
    CHECK(end.signal == SIGKILL);
    CHECK_FALSE(killed.reap().has_value()); // once only
}

TEST_CASE("child_process - a program that cannot be started is told apart") {
    const auto missing = ChildProcess::start({"/nowhere/pkexec", {}, false, false});
    REQUIRE_FALSE(missing.has_value());
    CHECK(missing.error().kind == base::ErrorKind::not_found);
    CHECK(missing.error().what.find("/nowhere/pkexec") != std::string::npos);
    const tests::TempFolder folder;
    std::ofstream(folder.path("plain")) << "text\n";
    const auto plain = ChildProcess::start({folder.path("plain"), {}, false, false});
    REQUIRE_FALSE(plain.has_value());
    CHECK(plain.error().kind == base::ErrorKind::not_permitted);
    const auto relative = ChildProcess::start({"sh", {}, false, false});
    REQUIRE_FALSE(relative.has_value());
    CHECK(relative.error().kind == base::ErrorKind::malformed);
}

TEST_CASE("child_process - arguments arrive as they are output and errors apart") {
    auto child =
        started({"/bin/sh", {"-c", "printf '%s|' \"$@\"; echo oops >&2", "sh", "a b", "", "$HOME;*"}, true, false});
    CHECK(read_to_end(child.output()) == "a b||$HOME;*|");
    CHECK(read_to_end(child.errors()) == "oops\n");
    CHECK(end_of(child).exit_code == 0);
}

TEST_CASE("child_process - the environment is passed on") {
    ::setenv("PORTSIDE_TEST_VARIABLE", "seen", 1);
    auto child = started(shell("printf %s \"$PORTSIDE_TEST_VARIABLE\""));
    ::unsetenv("PORTSIDE_TEST_VARIABLE");
    CHECK(read_to_end(child.output()) == "seen");
}

TEST_CASE("child_process - without capture stdout goes nowhere and stdin is empty") {
    auto child =
        started(shell("read line || echo empty >&2; where=$(readlink /proc/$$/fd/1); echo \"$where\" >&2", false));
    CHECK_FALSE(child.output());
    const auto errors = read_to_end(child.errors());
    CHECK(errors.find("empty\n") == 0);
    CHECK(errors.find("/dev/null") != std::string::npos);
}

TEST_CASE("child_process - our descriptors are closed on exec and never block") {
    const auto child = started(shell("exec sleep 1000"));
    for (const auto* fd : {&child.pidfd(), &child.output(), &child.errors()}) {
        CHECK((::fcntl(fd->get(), F_GETFD) & FD_CLOEXEC) != 0);
    }
    for (const auto* fd : {&child.output(), &child.errors()}) {
        CHECK((::fcntl(fd->get(), F_GETFL) & O_NONBLOCK) != 0);
    }
    CHECK_FALSE(platform::has_ended(child.pidfd()));
    auto moved = started(shell("exit 0"));
    static_cast<void>(end_of(moved));
    ::kill(child.pid(), SIGKILL);
    CHECK(tests::wait_until([&] { return platform::has_ended(child.pidfd()); }));
}

TEST_CASE("child_process - reap does not block terminate ends it") {
    auto child = started(shell("exec sleep 1000"));
    CHECK_FALSE(child.reap().has_value());
    CHECK(child.terminate().has_value());
    CHECK(end_of(child).signal == SIGTERM);
}

TEST_CASE("child_process - a child that has ended leaves no zombie when its object goes") {
    pid_t pid = 0;
    {
        auto child = started(shell("exit 0"));
        pid = child.pid();
        REQUIRE(tests::wait_until([&] { return platform::has_ended(child.pidfd()); }));
        const ChildProcess moved = std::move(child); // what was moved from does not count
    }
    CHECK_FALSE(platform::open_pidfd(pid).has_value());
}

TEST_CASE("child_process - the child has no signal blocked or ignored") {
    const int outcome = tests::in_child([] { // these settings are the whole process's
        sigset_t all;
        ::sigfillset(&all);
        ::sigprocmask(SIG_BLOCK, &all, nullptr);
        ::signal(SIGPIPE, SIG_IGN);
        ::signal(SIGTERM, SIG_IGN);
        ::signal(SIGCHLD, SIG_IGN); // and so the kernel would throw the exit code away
        auto child = ChildProcess::start({"/bin/sh", {"-c", "cat /proc/self/status; exit 3"}, true, false});
        if (!child) {
            return 1;
        }
        const auto status = read_to_end(child->output());
        for (const char* line : {"SigBlk:\t", "SigIgn:\t"}) {
            const auto at = status.find(line);
            const auto mask = at == std::string::npos ? std::nullopt : base::parse_hex(status.substr(at + 8, 16));
            if (!mask || (*mask & 0x7fffffffU) != 0) { // the C library keeps two of the real-time signals to itself
                return 2;
            }
        }
        return tests::wait_until([&] { return platform::has_ended(child->pidfd()); }) && child->reap()->exit_code == 3
                   ? 0
                   : 3;
    });
    CHECK(outcome == 0);
}

TEST_CASE("child_process - works where our own stdin stdout and stderr are closed") {
    const int outcome = tests::in_child([] {
        ::close(0);
        ::close(1);
        ::close(2);
        auto child = ChildProcess::start({"/bin/sh", {"-c", "echo out; echo err >&2"}, true, false});
        if (!child) {
            return 1;
        }
        return read_to_end(child->output()) == "out\n" && read_to_end(child->errors()) == "err\n" ? 0 : 2;
    });
    CHECK(outcome == 0);
}

TEST_CASE("child_process - a program is looked up only in absolute folders") {
    const tests::TempFolder folder;
    const auto before = std::string(std::getenv("PATH") == nullptr ? "" : std::getenv("PATH"));
    const auto script = folder.script("exit 0");
    std::ofstream(folder.path("plain")) << "text\n";
    REQUIRE(::mkdir(folder.path("folder").c_str(), 0755) == 0);
    ::setenv("PATH", ("::relative:/nowhere:" + script.substr(0, script.rfind('/'))).c_str(), 1);
    CHECK(platform::find_program("pkexec") == script);
    CHECK_FALSE(platform::find_program("plain").has_value());
    CHECK_FALSE(platform::find_program("folder").has_value());
    ::unsetenv("PATH");
    const auto found = platform::find_program("sh");
    ::setenv("PATH", before.c_str(), 1);
    REQUIRE(found.has_value());
    CHECK(found->starts_with('/'));
}
