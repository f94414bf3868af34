// SPDX-License-Identifier: MIT
// core/base/file and result: whole files, and errors that say what was tried.
#include "core/base/file.h"

#include <cerrno>
#include <cstdlib>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <string>
#include <sys/stat.h>
#include <unistd.h>

using namespace portside::base;

namespace {

struct TemporaryFolder {
    std::string path = "/tmp/portside-base-XXXXXX";
    TemporaryFolder() { REQUIRE(::mkdtemp(path.data()) != nullptr); }
    ~TemporaryFolder() { std::filesystem::remove_all(path); }
};

unsigned mode_of(const std::string& path) {
    struct stat status {};
    REQUIRE(::stat(path.c_str(), &status) == 0);
    return status.st_mode & 07777U;
}

} // namespace

TEST_CASE("a file comes whole whatever size it reports") {
    const TemporaryFolder folder;
    const std::string content = std::string(40000, 'x') + std::string(1, '\0') + "end";
    REQUIRE(replace_file(folder.path + "/a", content));
    CHECK(read_file(AT_FDCWD, (folder.path + "/a").c_str()).value() == content);
    CHECK(read_file(AT_FDCWD, (folder.path + "/a").c_str(), 40001).value().size() == 40001);
    CHECK(read_file(AT_FDCWD, (folder.path + "/a").c_str(), 10).value() == "xxxxxxxxxx");
    CHECK_FALSE(read_file(AT_FDCWD, "/proc/self/stat").value().empty());
}

TEST_CASE("a file is found relative to an open directory") {
    const TemporaryFolder folder;
    REQUIRE(replace_file(folder.path + "/a", "content"));
    const int directory = ::open(folder.path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    REQUIRE(directory >= 0);
    CHECK(read_file(directory, "a").value() == "content");
    ::close(directory);
}

TEST_CASE("a file that cannot be read says so") {
    const auto missing = read_file(AT_FDCWD, "/nonexistent/file");
    REQUIRE_FALSE(missing);
    CHECK(missing.error().kind == ErrorKind::not_found);
    CHECK(missing.error().number == ENOENT);
    CHECK(missing.error().what == "Could not open /nonexistent/file: No such file or directory");
    const auto folder = read_file(AT_FDCWD, "/");
    REQUIRE_FALSE(folder);
    CHECK(folder.error().number == EISDIR);
}

TEST_CASE("a link of any length is read") {
    const TemporaryFolder folder;
    for (const std::size_t length : {1U, 255U, 256U, 257U, 3000U}) {
        const std::string target(length, 't');
        const std::string link = folder.path + "/link" + std::to_string(length);
        REQUIRE(::symlink(target.c_str(), link.c_str()) == 0);
        CHECK(read_link(AT_FDCWD, link.c_str()).value() == target);
    }
    CHECK(read_link(AT_FDCWD, folder.path.c_str()).error().number == EINVAL);
}

TEST_CASE("a replaced file is private and leaves nothing beside it") {
    const TemporaryFolder folder;
    const std::string path = folder.path + "/one/two/file";
    const mode_t before = ::umask(0022);
    REQUIRE(replace_file(path, "first"));
    ::umask(before);
    CHECK(mode_of(path) == 0600U);
    CHECK(mode_of(folder.path + "/one") == 0700U);
    CHECK(mode_of(folder.path + "/one/two") == 0700U);
    REQUIRE(replace_file(path, "second"));
    CHECK(read_file(AT_FDCWD, path.c_str()).value() == "second");
    CHECK_FALSE(std::filesystem::exists(path + ".new"));
}

TEST_CASE("a folder that is there keeps its mode") {
    const TemporaryFolder folder;
    REQUIRE(::chmod(folder.path.c_str(), 0755) == 0);
    REQUIRE(replace_file(folder.path + "/file", "content"));
    CHECK(mode_of(folder.path) == 0755U);
}

TEST_CASE("a file that cannot be written says so and keeps the old content") {
    const TemporaryFolder folder;
    REQUIRE(replace_file(folder.path + "/file", "old"));
    const auto below_a_file = replace_file(folder.path + "/file/below", "new");
    REQUIRE_FALSE(below_a_file);
    CHECK(below_a_file.error().number == ENOTDIR);
    CHECK(read_file(AT_FDCWD, (folder.path + "/file").c_str()).value() == "old");
    REQUIRE(::mkdir((folder.path + "/taken").c_str(), 0700) == 0);
    CHECK_FALSE(replace_file(folder.path + "/taken", "new")); // a folder is no file
    CHECK_FALSE(std::filesystem::exists(folder.path + "/taken.new"));
}

TEST_CASE("a link beside the file is not followed") {
    const TemporaryFolder folder;
    REQUIRE(replace_file(folder.path + "/victim", "precious"));
    REQUIRE(::symlink((folder.path + "/victim").c_str(), (folder.path + "/file.new").c_str()) == 0);
    CHECK_FALSE(replace_file(folder.path + "/file", "new"));
    CHECK(read_file(AT_FDCWD, (folder.path + "/victim").c_str()).value() == "precious");
}

TEST_CASE("an errno becomes a kind and a sentence") {
    CHECK(error_from_errno(EPERM, "x").kind == ErrorKind::not_permitted);
    CHECK(error_from_errno(EACCES, "x").kind == ErrorKind::not_permitted);
    CHECK(error_from_errno(ESRCH, "x").kind == ErrorKind::not_found);
    CHECK(error_from_errno(EAFNOSUPPORT, "x").kind == ErrorKind::unsupported);
    CHECK(error_from_errno(EINTR, "x").kind == ErrorKind::interrupted);
    CHECK(error_from_errno(EIO, "x").kind == ErrorKind::system);
    CHECK(error_from_errno(ESRCH, "Could not stop 1").what == "Could not stop 1: No such process");
}
