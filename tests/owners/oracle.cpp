// SPDX-License-Identifier: MIT
// The brute-force walk. One thread.
#include "tests/owners/oracle.h"

#include <array>
#include <cstdlib>
#include <dirent.h>
#include <fstream>
#include <sstream>
#include <unistd.h>
#include <vector>

namespace portside::owners {

namespace {

// Names of what is in a folder; nothing where it cannot be read.
std::vector<std::string> names_in(const std::string& path) {
    std::vector<std::string> names;
    DIR* const folder = ::opendir(path.c_str());
    if (folder == nullptr) {
        return names;
    }
    while (const dirent* entry = ::readdir(folder)) { // NOLINT(concurrency-mt-unsafe): a stream of our own
        if (entry->d_name[0] >= '0' && entry->d_name[0] <= '9') {
            names.emplace_back(entry->d_name);
        }
    }
    ::closedir(folder);
    return names;
}

std::set<std::uint64_t> sockets_in(const std::string& table) {
    std::set<std::uint64_t> inodes;
    for (const std::string& fd : names_in(table)) {
        std::array<char, 64> link{};
        if (::readlink((table + "/" + fd).c_str(), link.data(), link.size() - 1) <= 0) {
            continue;
        }
        unsigned long long inode = 0;
        if (std::sscanf(link.data(), "socket:[%llu]", &inode) == 1) { // NOLINT(cert-err34-c): the kernel wrote it
            inodes.insert(inode);
        }
    }
    return inodes;
}

// What follows the name in parentheses, which may hold anything: the state, then field 4 and so on.
std::vector<std::string> stat_fields(pid_t pid) {
    std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
    std::string text;
    std::getline(file, text, '\0');
    const auto end = text.rfind(')');
    std::istringstream rest(end == std::string::npos ? "" : text.substr(end + 1));
    std::vector<std::string> fields;
    for (std::string field; rest >> field;) {
        fields.push_back(field);
    }
    return fields;
}

Holders of(const std::map<std::uint64_t, Holders>& map, std::uint64_t inode) {
    const auto found = map.find(inode);
    return found == map.end() ? Holders{} : found->second;
}

} // namespace

Holders Truth::required(std::uint64_t inode) const {
    const Holders main = of(in_main_tables, inode);
    return main.empty() ? of(in_thread_tables, inode) : main;
}

Holders Truth::allowed(std::uint64_t inode) const {
    Holders all = of(in_main_tables, inode);
    all.merge(of(in_thread_tables, inode));
    return all;
}

Truth read_truth() {
    Truth truth;
    for (const std::string& name : names_in("/proc")) {
        const auto pid = static_cast<pid_t>(std::atoi(name.c_str()));
        const platform::ProcessId id = identity_of(pid);
        for (const std::uint64_t inode : sockets_in("/proc/" + name + "/fd")) {
            truth.in_main_tables[inode].insert(id);
        }
        for (const std::string& thread : names_in("/proc/" + name + "/task")) {
            if (thread == name) {
                continue; // the leader: the table just read
            }
            for (const std::uint64_t inode : sockets_in("/proc/" + name + "/task/" + thread + "/fd")) {
                truth.in_thread_tables[inode].insert(id);
            }
        }
    }
    return truth;
}

platform::ProcessId identity_of(pid_t pid) {
    const std::vector<std::string> fields = stat_fields(pid);
    return {pid, fields.size() > 19 ? std::strtoull(fields[19].c_str(), nullptr, 10) : 0};
}

char state_of(pid_t pid) {
    const std::vector<std::string> fields = stat_fields(pid);
    return fields.empty() ? '?' : fields.front().front();
}

} // namespace portside::owners
