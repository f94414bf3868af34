// SPDX-License-Identifier: MIT
// kills.log: its place, its lines, its limits, and a disk that takes nothing.
#include "core/commands/kill_log.h"

#include "core/base/file.h"
#include "tests/support/wait.h"

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>

using namespace portside;
using commands::append_to_kill_log;
using commands::kill_log_line;
using commands::KillLog;

namespace {

struct Folder {
    Folder() {
        std::string pattern = (std::filesystem::temp_directory_path() / "portside-log-XXXXXX").string();
        REQUIRE(::mkdtemp(pattern.data()) != nullptr);
        path = pattern;
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    ~Folder() {
        std::error_code ignored;
        std::filesystem::remove_all(path, ignored);
    }
    [[nodiscard]] std::string log() const { return path + "/state/portside/kills.log"; }
    std::string path;
};

std::string content(const std::string& path) {
    return base::read_file(AT_FDCWD, path.c_str()).value_or("");
}

} // namespace

TEST_CASE("kill_log - a line says when and who and is one line whatever is in it") {
    const auto when = std::chrono::system_clock::time_point(std::chrono::seconds(1700000000));
    const auto line = kill_log_line(when, "kill evil\nname\x1b[31m (3): \xff");
    CHECK(line.size() > 25);
    CHECK(line.substr(0, 8) == "2023-11-");
    CHECK(line[10] == 'T');
    CHECK((line[19] == '+' || line[19] == '-')); // the zone
    CHECK(line[22] == ':');
    CHECK(line.find(" (" + std::to_string(::getuid()) + "): kill evil name") != std::string::npos);
    CHECK(line.find('\n') == std::string::npos);
    CHECK(line.find('\x1b') == std::string::npos);
    CHECK(kill_log_line(when, std::string(100000, 'x')).size() < 3000);
}

TEST_CASE("kill_log - folders and file are the users own and lines are appended") {
    const Folder folder;
    REQUIRE(append_to_kill_log(folder.log(), "first").has_value());
    REQUIRE(append_to_kill_log(folder.log(), "second").has_value());
    CHECK(content(folder.log()) == "first\nsecond\n");
    struct stat status {};
    REQUIRE(::stat(folder.log().c_str(), &status) == 0);
    CHECK((status.st_mode & 0777) == 0600);
    REQUIRE(::stat((folder.path + "/state").c_str(), &status) == 0);
    CHECK((status.st_mode & 0777) == 0700);
}

TEST_CASE("kill_log - a file of a mebibyte is put aside and the older one goes") {
    const Folder folder;
    const std::string line(999, 'x');
    for (int i = 0; i < 2200; ++i) {
        REQUIRE(append_to_kill_log(folder.log(), line).has_value());
    }
    struct stat now {};
    struct stat old {};
    REQUIRE(::stat(folder.log().c_str(), &now) == 0);
    REQUIRE(::stat((folder.log() + ".1").c_str(), &old) == 0);
    CHECK(now.st_size > 0);
    CHECK(now.st_size < (1 << 20) + 1000);
    CHECK(old.st_size >= (1 << 20));
    CHECK(old.st_size < (1 << 20) + 1000);
}

TEST_CASE("kill_log - a full disk a link and a pipe in its place are errors that name the file") {
    const Folder folder;
    const auto full = append_to_kill_log("/dev/full", "line");
    REQUIRE_FALSE(full.has_value());
    CHECK(full.error().what.find("/dev/full") != std::string::npos);
    const auto link = folder.path + "/link";
    REQUIRE(::symlink("/dev/null", link.c_str()) == 0);
    CHECK_FALSE(append_to_kill_log(link, "line").has_value());
    const auto pipe = folder.path + "/pipe";
    REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
    CHECK_FALSE(append_to_kill_log(pipe, "line").has_value()); // and does not wait for a reader
}

TEST_CASE("kill_log - the person is told once that lines are lost") {
    std::atomic<int> woken = 0;
    KillLog log("/proc/nowhere/kills.log", [&] { ++woken; });
    CHECK_FALSE(log.problem().has_value());
    log.add("one");
    std::optional<std::string> problem;
    CHECK(support::wait_until([&] {
        problem = log.problem();
        return problem.has_value();
    }));
    CHECK(problem->find("/proc/nowhere/kills.log") != std::string::npos);
    log.add("two");
    CHECK(support::wait_until([&] { return woken == 1; }));
    CHECK_FALSE(log.problem().has_value());
}

TEST_CASE("kill_log - what was added is written at the end of the program") {
    const Folder folder;
    {
        KillLog log(folder.log(), {});
        for (int i = 0; i < 200; ++i) {
            log.add("kill");
        }
    }
    const auto text = content(folder.log());
    CHECK(std::count(text.begin(), text.end(), '\n') == 200);
    KillLog nothing("", {}); // no place: nothing is written, and nothing is wrong
    nothing.add("kill");
    CHECK_FALSE(nothing.problem().has_value());
}

TEST_CASE("kill_log - its place follows XDG_STATE_HOME where that is absolute and the home folder else") {
    const char* const before = std::getenv("XDG_STATE_HOME");
    const std::string state = before == nullptr ? "" : before;
    ::setenv("XDG_STATE_HOME", "/state", 1);
    CHECK(commands::kill_log_path() == "/state/portside/kills.log");
    ::setenv("XDG_STATE_HOME", "state", 1);
    const char* const home_before = std::getenv("HOME");
    const std::string home = home_before == nullptr ? "" : home_before;
    ::setenv("HOME", "/home/ada", 1);
    CHECK(commands::kill_log_path() == "/home/ada/.local/state/portside/kills.log");
    ::unsetenv("HOME");
    CHECK(commands::kill_log_path().empty());
    ::setenv("HOME", home.c_str(), 1);
    ::setenv("XDG_STATE_HOME", state.c_str(), 1);
}
