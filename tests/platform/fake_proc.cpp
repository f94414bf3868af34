// SPDX-License-Identifier: MIT
// What the platform's tests stand on. One thread.
#include "tests/platform/fake_proc.h"

#include "core/base/file.h"
#include "core/base/parse.h"
#include "core/base/unique_fd.h"

#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <stdexcept>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace portside::platform::test {

std::string fixture(const std::string& name) {
    auto content = base::read_file(AT_FDCWD, (std::string(PORTSIDE_FIXTURES) + "/" + name).c_str());
    if (!content) {
        throw std::runtime_error(content.error().what);
    }
    return std::move(*content);
}

std::vector<std::vector<std::uint8_t>> datagrams(const std::string& name) {
    std::vector<std::vector<std::uint8_t>> all(1);
    const std::string text = fixture(name);
    for (const auto line : base::split_at(text, '\n')) {
        if (line.empty()) {
            all.emplace_back();
        }
        for (std::size_t i = 0; !line.starts_with('#') && i < line.size(); i += 2) {
            all.back().push_back(static_cast<std::uint8_t>(base::parse_hex(line.substr(i, 2)).value()));
        }
    }
    return all;
}

TemporaryFolder::TemporaryFolder() {
    path_ = (std::filesystem::temp_directory_path() / "portside-test-XXXXXX").string();
    if (::mkdtemp(path_.data()) == nullptr) {
        throw std::runtime_error("no temporary folder");
    }
}

TemporaryFolder::~TemporaryFolder() {
    std::error_code ignored; // nothing could be done about it here
    std::filesystem::remove_all(path_, ignored);
}

void TemporaryFolder::write(const std::string& name, std::string_view content) const {
    const std::filesystem::path file = std::filesystem::path(path_) / name;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream stream(file, std::ios::binary);
    stream.write(content.data(), static_cast<std::streamsize>(content.size()));
    if (!stream.flush()) {
        throw std::runtime_error("could not write " + file.string());
    }
}

void TemporaryFolder::link(const std::string& name, const std::string& target) const {
    const std::filesystem::path file = std::filesystem::path(path_) / name;
    std::filesystem::create_directories(file.parent_path());
    std::filesystem::create_symlink(target, file);
}

std::string stat_line(pid_t pid, std::string_view comm, std::uint64_t start_time, char state, std::uint64_t flags,
                      pid_t parent) {
    return fmt::format("{} ({}) {} {} 7 7 0 -1 {} 1 2 3 4 5 6 7 8 20 0 1 0 {} 1000 2000 18446744073709551615 0 0\n",
                       pid, comm, state, parent, flags, start_time);
}

void add_process(const TemporaryFolder& proc, pid_t pid, std::uint64_t start_time,
                 const std::vector<std::uint64_t>& socket_inodes) {
    proc.write(fmt::format("{}/stat", pid), stat_line(pid, "made up", start_time));
    proc.link(fmt::format("{}/fd/0", pid), "/dev/null");
    for (std::size_t i = 0; i < socket_inodes.size(); ++i) {
        proc.link(fmt::format("{}/fd/{}", pid, i + 3), fmt::format("socket:[{}]", socket_inodes[i]));
    }
}

Fork::Fork(const std::function<void()>& body) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
        throw std::runtime_error("no pipe");
    }
    const base::UniqueFd read_end(ends[0]);
    base::UniqueFd write_end(ends[1]);
    pid_ = ::fork();
    if (pid_ < 0) {
        throw std::runtime_error("no fork");
    }
    if (pid_ == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        body();
        const bool told = ::write(write_end.get(), "x", 1) == 1;
        while (told) {
            ::pause();
        }
        ::_exit(1);
    }
    write_end.reset();
    char ready = 0;
    if (::read(read_end.get(), &ready, 1) != 1) {
        ::waitpid(pid_, nullptr, 0);
        throw std::runtime_error("the child ended early");
    }
}

Fork::~Fork() {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
}

void Fork::kill_without_reaping() const {
    ::kill(pid_, SIGKILL);
    siginfo_t ignored{};
    ::waitid(P_PID, static_cast<id_t>(pid_), &ignored, WEXITED | WNOWAIT);
}

} // namespace portside::platform::test
