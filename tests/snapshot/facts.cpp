// SPDX-License-Identifier: MIT
// What a scan may read, made up for the tests of snapshot.
#include "facts.h"

#include <arpa/inet.h>
#include <doctest/doctest.h>

namespace portside::snapshot::test {

platform::Address address(const std::string& text) {
    platform::Address result;
    const bool ipv6 = text.find(':') != std::string::npos;
    result.family = ipv6 ? platform::Family::ipv6 : platform::Family::ipv4;
    REQUIRE(::inet_pton(ipv6 ? AF_INET6 : AF_INET, text.c_str(), result.bytes.data()) == 1);
    return result;
}

platform::SocketEntry socket(const SocketSpec& spec) {
    platform::SocketEntry entry;
    entry.protocol = spec.protocol;
    entry.local = platform::Endpoint{address(spec.local), spec.port};
    entry.family = entry.local.address.family;
    entry.remote.address.family = entry.family;
    entry.state = spec.bound                                 ? platform::SocketState::bound
                  : spec.protocol == platform::Protocol::tcp ? platform::SocketState::listen
                                                             : platform::SocketState::unconn;
    entry.v6only = spec.v6only;
    entry.interface = spec.interface;
    entry.inode = spec.inode;
    entry.uid = spec.uid;
    entry.cgroup_id = spec.cgroup_id;
    return entry;
}

platform::ProcessFacts& add_process(ScanFacts& facts, pid_t pid, pid_t parent, const std::string& name) {
    platform::ProcessFacts process;
    process.stat.id = ProcessId{pid, 100 + static_cast<std::uint64_t>(pid)};
    process.stat.comm = name;
    process.stat.state = 'S';
    process.stat.parent = parent;
    process.uid = 1000;
    process.executable = "/usr/bin/" + name;
    process.command_line = std::vector<std::string>{"/usr/bin/" + name};
    process.cwd = "/home/me";
    facts.users[1000] = "me";
    return facts.processes[pid] = process;
}

ProcessId id_of(const ScanFacts& facts, pid_t pid) {
    return facts.processes.at(pid).stat.id;
}

void add_socket(ScanFacts& facts, const SocketSpec& spec, const std::vector<pid_t>& owners) {
    facts.listing.sockets.push_back(socket(spec));
    for (const pid_t pid : owners) {
        facts.walk.owners.add({spec.inode, id_of(facts, pid)});
    }
}

ScanFacts facts_of(const std::vector<Held>& sockets) {
    ScanFacts facts;
    for (const pid_t pid : {10, 20, 30}) {
        add_process(facts, pid, 1);
    }
    for (const auto& held : sockets) {
        add_socket(facts, held.socket, held.owners);
    }
    return facts;
}

PrivilegedOwner told(const SocketSpec& spec, ProcessId process, WallTime seen_at) {
    return PrivilegedOwner{spec.inode, spec.uid, platform::Endpoint{address(spec.local), spec.port}, process, seen_at};
}

} // namespace portside::snapshot::test
