// SPDX-License-Identifier: MIT
// What a scan may read, made up for the tests of snapshot.
#pragma once

#include "core/snapshot/assemble.h"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace portside::snapshot::test {

[[nodiscard]] platform::Address address(const std::string& text); // as inet_pton takes it

struct SocketSpec {
    std::string local = "127.0.0.1";
    std::uint16_t port = 3000;
    std::uint64_t inode = 1;
    uid_t uid = 1000;
    platform::Protocol protocol = platform::Protocol::tcp;
    std::optional<bool> v6only = std::nullopt;
    std::string interface = {};
    std::optional<std::uint64_t> cgroup_id = std::nullopt;
    bool bound = false;
};
[[nodiscard]] platform::SocketEntry socket(const SocketSpec& spec);

// Adds a process with start time 100 + pid, unless told otherwise.
platform::ProcessFacts& add_process(ScanFacts& facts, pid_t pid, pid_t parent, const std::string& name = "node");
[[nodiscard]] ProcessId id_of(const ScanFacts& facts, pid_t pid);
// Adds the socket and says who holds it; the processes must be there already.
void add_socket(ScanFacts& facts, const SocketSpec& spec, const std::vector<pid_t>& owners);

// A socket, and who of the processes 10, 20 and 30 hold it.
struct Held {
    SocketSpec socket;
    std::vector<pid_t> owners;
};
[[nodiscard]] ScanFacts facts_of(const std::vector<Held>& sockets);

inline constexpr WallTime kNoon{std::chrono::hours(12)};
[[nodiscard]] PrivilegedOwner told(const SocketSpec& spec, ProcessId process, WallTime seen_at = {});

} // namespace portside::snapshot::test
