// SPDX-License-Identifier: MIT
// One process's facts: made-up and hostile texts, and real processes. One thread.
#include "core/platform/process.h"

#include "core/base/file.h"
#include "tests/platform/fake_proc.h"
#include "tests/support/wait.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace portside::platform;
using portside::base::ErrorKind;

TEST_CASE("a stat line whatever its comm holds") {
    for (const std::string comm : {"bash", "a) b (c", "x) S 1 2 3", "", "new\nline", ")", "((", "MainThread"}) {
        CAPTURE(comm);
        const auto stat = parse_stat(test::stat_line(4242, comm, 987654321, 'Z', 0x00200040, 17));
        REQUIRE(stat);
        CHECK(stat->id == ProcessId{4242, 987654321});
        CHECK(stat->comm == comm);
        CHECK(stat->state == 'Z');
        CHECK(stat->parent == 17);
        CHECK(stat->flags == 0x00200040);
        CHECK(is_kernel_thread(*stat));
    }
}

TEST_CASE("a cut or senseless stat line is none") {
    const std::string whole = test::stat_line(1, "init", 25);
    const auto end_of_start_time = whole.find(" 25 ") + 3;
    for (std::size_t length = 0; length < whole.size(); ++length) {
        CHECK(parse_stat(std::string_view(whole).substr(0, length)).has_value() == (length > end_of_start_time));
    }
    for (const char* text :
         {"()", "(x) S", "-1 (x) S 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 5 0",
          "1 (x) SS 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 5 0 0", "1 (x) S 0 0 0 0 0 x 0 0 0 0 0 0 0 0 0 0 0 0 5 0 0",
          ") 1 (", "1(x) S 0", "99999999999 (x) S 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 5 0 0"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_stat(text).has_value());
    }
}

TEST_CASE("the effective uid of status") {
    CHECK(parse_status_uid("Name:\tx\nUid:\t1000\t1001\t1002\t1003\nGid:\t1\t1\t1\t1\n") == 1001U);
    CHECK_FALSE(parse_status_uid("Name:\tUid:\t1\t1\t1\t1\n").has_value());
    CHECK_FALSE(parse_status_uid("Uid:\t1000\t1001\t1002\n").has_value());
    CHECK_FALSE(parse_status_uid("Uid:\t1000\t-1\t1002\t1003\n").has_value());
    CHECK_FALSE(parse_status_uid("Uid:\t1000\t1001\t1002\t100").has_value()); // cut
    CHECK_FALSE(parse_status_uid("").has_value());
}

TEST_CASE("command lines") {
    using Arguments = std::vector<std::string>;
    const auto parse = [](std::string_view text) { return parse_command_line(text); };
    CHECK(parse({"a\0b c\0", 6}) == Arguments{"a", "b c"});
    CHECK(parse({"a\0\0b\0", 5}) == Arguments{"a", "", "b"});
    CHECK(parse({"a\0b\0\0", 5}) == Arguments{"a", "b", ""});
    CHECK(parse("no end") == Arguments{"no end"});
    CHECK(parse({"title: x\0\0\0\0\0", 13}) == Arguments{"title: x"});
    CHECK(parse("").empty());
    CHECK(parse({"\0\0\0", 3}).empty());
}

TEST_CASE("our own process") {
    const auto facts = read_process(::getpid());
    REQUIRE(facts);
    CHECK(facts->stat.id.pid == ::getpid());
    CHECK(facts->stat.parent == ::getppid());
    CHECK(facts->uid == ::geteuid());
    CHECK(facts->executable == std::filesystem::read_symlink("/proc/self/exe").string());
    CHECK(facts->cwd == std::filesystem::current_path().string());
    REQUIRE(facts->command_line);
    CHECK(facts->command_line->front() == ::program_invocation_name);
    CHECK_FALSE(is_kernel_thread(facts->stat));
    const auto stat = read_stat(::getpid());
    REQUIRE(stat);
    CHECK(stat->id == facts->stat.id);
}

TEST_CASE("a zombie is found and an ended process is not") {
    pid_t pid = 0;
    {
        const test::Fork child;
        pid = child.pid();
        const auto alive = read_process(pid);
        REQUIRE(alive);
        CHECK(alive->stat.parent == ::getpid());
        child.kill_without_reaping();
        const auto zombie = read_process(pid);
        REQUIRE(zombie);
        CHECK(zombie->stat.state == 'Z');
        CHECK(zombie->stat.id == alive->stat.id);
        CHECK(zombie->command_line == std::vector<std::string>{});
        CHECK_FALSE(zombie->executable.has_value());
    }
    const auto gone = read_process(pid);
    REQUIRE_FALSE(gone);
    CHECK(gone.error().kind == ErrorKind::not_found);
    CHECK(read_stat(pid).error().kind == ErrorKind::not_found);
    CHECK(read_stat(-1).error().kind == ErrorKind::not_found);
}

TEST_CASE("an executable that was deleted keeps its name") {
    const test::TemporaryFolder folder;
    const std::string program = folder.path() + "/own program";
    std::filesystem::copy_file(std::filesystem::canonical("/bin/sleep"), program);
    std::string seconds = "1000";
    std::string name = "own";
    std::array<char*, 3> arguments{name.data(), seconds.data(), nullptr};
    std::array<char*, 1> environment{nullptr};
    pid_t pid = 0;
    REQUIRE(::posix_spawn(&pid, program.c_str(), nullptr, nullptr, arguments.data(), environment.data()) == 0);
    std::filesystem::remove(program);
    // The kernel lets us go on before it has put the arguments into place.
    const bool started = portside::support::wait_until([&] {
        const auto now = read_process(pid);
        return now && now->command_line && !now->command_line->empty();
    });
    const auto facts = read_process(pid);
    const auto link = std::filesystem::read_symlink(fmt::format("/proc/{}/exe", pid)).string();
    ::kill(pid, SIGKILL);
    ::waitpid(pid, nullptr, 0);
    CHECK(started);
    CHECK(link == program + " (deleted)");
    REQUIRE(facts);
    CHECK(facts->executable == program);
    CHECK(facts->command_line == std::vector<std::string>{"own", "1000"});
    CHECK(process_name(*facts) == "own program");
}

TEST_CASE("a made-up process - pieces that are missing are nothing") {
    const test::TemporaryFolder proc;
    proc.write("7/stat", test::stat_line(7, "made up", 99));
    auto facts = read_process(7, proc.path());
    REQUIRE(facts);
    CHECK(facts->stat.id == ProcessId{7, 99});
    CHECK_FALSE(facts->uid.has_value());
    CHECK_FALSE(facts->executable.has_value());
    CHECK_FALSE(facts->cwd.has_value());
    CHECK_FALSE(facts->command_line.has_value());

    proc.write("7/cmdline", std::string("node\0app.js\0", 12));
    proc.write("7/status", "Name:\tnode\nUid:\t0\t5\t0\t0\n");
    proc.link("7/exe", "/usr/bin/node (deleted)");
    facts = read_process(7, proc.path());
    REQUIRE(facts);
    CHECK(facts->uid == 5U);
    CHECK(facts->executable == "/usr/bin/node");
    CHECK(process_name(*facts) == "app.js");

    proc.write("8/stat", test::stat_line(7, "another", 99));
    CHECK(read_process(8, proc.path()).error().kind == ErrorKind::malformed);
    proc.write("9/stat", "nonsense");
    CHECK(read_stat(9, proc.path()).error().kind == ErrorKind::malformed);
}

TEST_SUITE("root") {
    TEST_CASE("the uid of a process that is not dumpable is not that of its folders") {
        const test::Fork child([] {
            if (::setresgid(65534, 65534, 65534) != 0 || ::setresuid(65534, 65534, 65534) != 0 ||
                ::prctl(PR_SET_DUMPABLE, 0) != 0) {
                ::_exit(1);
            }
        });
        struct stat status {};
        REQUIRE(::stat(fmt::format("/proc/{}/fd", child.pid()).c_str(), &status) == 0);
        CHECK(status.st_uid == 0);
        const auto facts = read_process(child.pid());
        REQUIRE(facts);
        CHECK(facts->uid == 65534U);
    }

    TEST_CASE("what another user may not see of a process is nothing and the rest is there") {
        const pid_t parent = ::getpid();
        const pid_t child = ::fork();
        if (child == 0) {
            const bool dropped = ::setresgid(65534, 65534, 65534) == 0 && ::setresuid(65534, 65534, 65534) == 0;
            const auto facts = read_process(parent);
            const bool right = facts && !facts->executable && !facts->cwd && facts->command_line &&
                               !facts->command_line->empty() && facts->uid == uid_t{0};
            ::_exit(dropped && right ? 0 : 1);
        }
        int status = -1;
        REQUIRE(::waitpid(child, &status, 0) == child);
        CHECK(status == 0);
    }
}
