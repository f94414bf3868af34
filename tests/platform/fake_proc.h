// SPDX-License-Identifier: MIT
// What the platform's tests stand on: made-up /proc trees, recorded dumps, forked children. One thread.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

namespace portside::platform::test {

[[nodiscard]] std::string fixture(const std::string& name); // the file's content
// A .hex fixture: each paragraph's bytes.
[[nodiscard]] std::vector<std::vector<std::uint8_t>> datagrams(const std::string& name);

// An empty folder that goes away with everything in it.
class TemporaryFolder {
  public:
    TemporaryFolder();
    ~TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    [[nodiscard]] const std::string& path() const { return path_; }
    void write(const std::string& name, std::string_view content) const; // makes folders
    void link(const std::string& name, const std::string& target) const;

  private:
    std::string path_;
};

// A line of /proc/PID/stat.
[[nodiscard]] std::string stat_line(pid_t pid, std::string_view comm, std::uint64_t start_time, char state = 'S',
                                    std::uint64_t flags = 0x400000, pid_t parent = 1);

// Adds PID to a made-up tree: its stat and a descriptor for each socket, from 3 upwards.
void add_process(const TemporaryFolder& proc, pid_t pid, std::uint64_t start_time,
                 const std::vector<std::uint64_t>& socket_inodes);

// Runs `body` in a fork and then waits there to be killed; the constructor returns when the body has ended. `body` must
// do with what is allowed after a fork. Killed and reaped by the destructor.
class Fork {
  public:
    explicit Fork(const std::function<void()>& body = [] {});
    ~Fork();
    Fork(const Fork&) = delete;
    Fork& operator=(const Fork&) = delete;
    [[nodiscard]] pid_t pid() const { return pid_; }
    void kill_without_reaping() const; // it is a zombie when this returns

  private:
    pid_t pid_ = -1;
};

} // namespace portside::platform::test
