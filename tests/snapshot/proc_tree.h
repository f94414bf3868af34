// SPDX-License-Identifier: MIT
// A made-up /proc in a temporary folder: processes, descriptors and socket tables.
#pragma once

#include <cstdint>
#include <string>
#include <sys/types.h>
#include <vector>

namespace portside::snapshot::test {

struct TreeProcess {
    pid_t pid = 10;
    pid_t parent = 1;
    std::string name = "server";
    std::uint64_t start_time = 100;
    std::vector<std::uint64_t> sockets; // inodes that it holds
    char state = 'S';
};

class ProcTree {
  public:
    ProcTree(); // with the four empty tables and process 1
    ~ProcTree();
    ProcTree(const ProcTree&) = delete;
    ProcTree& operator=(const ProcTree&) = delete;

    [[nodiscard]] const std::string& path() const { return path_; }
    [[nodiscard]] std::string table(const std::string& name) const { return path_ + "/net/" + name; }

    // Makes the process or replaces it.
    void put(const TreeProcess& process) const;
    void remove(pid_t pid) const;
    void write_command_line(pid_t pid, const std::string& text) const;

    // The listening sockets of the table tcp: 127.0.0.1:port with uid 1000.
    struct Listener {
        std::uint16_t port;
        std::uint64_t inode;
        unsigned waiting = 0; // connections
    };
    void listen(const std::vector<Listener>& listeners) const;

  private:
    std::string path_ = "/tmp/portside-snapshot-XXXXXX";
};

} // namespace portside::snapshot::test
