// SPDX-License-Identifier: MIT
// A made-up /proc in a temporary folder: processes, descriptors and socket tables.
#include "proc_tree.h"

#include <cstdlib>
#include <doctest/doctest.h>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>

namespace portside::snapshot::test {

namespace {

constexpr const char* kHeadline = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  "
                                  "timeout inode\n";

// In one step, so that a scanner on another thread never reads half of it.
void write(const std::string& path, const std::string& content) {
    const std::string beside = path + ".new";
    std::ofstream(beside, std::ios::binary) << content;
    std::filesystem::rename(beside, path);
}

} // namespace

ProcTree::ProcTree() {
    REQUIRE(::mkdtemp(path_.data()) != nullptr);
    std::filesystem::create_directory(path_ + "/net");
    for (const char* name : {"tcp", "tcp6", "udp", "udp6"}) {
        write(table(name), kHeadline);
    }
    put({.pid = 1, .parent = 0, .name = "init", .start_time = 1, .sockets = {}});
}

ProcTree::~ProcTree() {
    std::filesystem::remove_all(path_);
}

void ProcTree::put(const TreeProcess& process) const {
    remove(process.pid);
    const std::string folder = fmt::format("{}/{}", path_, process.pid);
    std::filesystem::create_directories(folder + "/fd");
    write(folder + "/stat",
          fmt::format("{} ({}) {} {} 1 1 0 -1 4194304 1 0 0 0 1 1 0 0 20 0 1 0 {} 1000 100 18446744073709551615\n",
                      process.pid, process.name, process.state, process.parent, process.start_time));
    write(folder + "/status", "Name:\tx\nUid:\t1000\t1000\t1000\t1000\n");
    std::filesystem::create_symlink("/usr/bin/" + process.name, folder + "/exe");
    std::filesystem::create_symlink("/", folder + "/cwd");
    write_command_line(process.pid, "/usr/bin/" + process.name + std::string(1, '\0'));
    int number = 3;
    for (const auto inode : process.sockets) {
        std::filesystem::create_symlink(fmt::format("socket:[{}]", inode), fmt::format("{}/fd/{}", folder, number++));
    }
}

void ProcTree::remove(pid_t pid) const {
    std::filesystem::remove_all(fmt::format("{}/{}", path_, pid));
}

void ProcTree::write_command_line(pid_t pid, const std::string& text) const {
    write(fmt::format("{}/{}/cmdline", path_, pid), text);
}

void ProcTree::listen(const std::vector<Listener>& listeners) const {
    std::string content = kHeadline;
    for (const auto& listener : listeners) {
        content +=
            fmt::format("   0: 0100007F:{:04X} 00000000:0000 0A 00000000:{:08X} 00:00000000 00000000  1000        0 "
                        "{} 1 0000000000000000 100 0 0 10 0\n",
                        listener.port, listener.waiting, listener.inode);
    }
    write(table("tcp"), content);
}

} // namespace portside::snapshot::test
