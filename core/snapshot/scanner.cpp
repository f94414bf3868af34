// SPDX-License-Identifier: MIT
// One scan after another. The comparison with what was read before comes ahead of assembly, so that a machine on which
// nothing changes costs reads only. One object belongs to one thread.
#include "core/snapshot/scanner.h"

#include <algorithm>
#include <chrono>
#include <tuple>
#include <utility>

namespace portside::snapshot {

namespace {

using platform::ProcessFacts;
using platform::SocketEntry;

// All of a socket but its queue lengths, which change all the time and are read anew where they are shown.
auto lasting_part(const SocketEntry& socket) {
    return std::tie(socket.protocol, socket.local.port, socket.family, socket.local.address, socket.inode,
                    socket.interface, socket.cookie, socket.uid, socket.state, socket.v6only, socket.remote,
                    socket.cgroup_id);
}

// All of a process but what only the kernel's scheduler cares about (state, flags).
auto lasting_part(const ProcessFacts& process) {
    return std::tie(process.stat.id, process.stat.comm, process.stat.parent, process.uid, process.executable,
                    process.command_line, process.cwd);
}

bool same_processes(const std::unordered_map<pid_t, ProcessFacts>& a,
                    const std::unordered_map<pid_t, ProcessFacts>& b) {
    return a.size() == b.size() && std::all_of(a.begin(), a.end(), [&](const auto& entry) {
               const auto found = b.find(entry.first);
               return found != b.end() && lasting_part(found->second) == lasting_part(entry.second);
           });
}

// How many processes denied a look is no content: it changes whenever another user starts one.
bool same_content(const ScanFacts& a, const ScanFacts& b) {
    const auto same_socket = [](const SocketEntry& x, const SocketEntry& y) {
        return lasting_part(x) == lasting_part(y);
    };
    return std::equal(a.listing.sockets.begin(), a.listing.sockets.end(), b.listing.sockets.begin(),
                      b.listing.sockets.end(), same_socket) &&
           a.listing.tables == b.listing.tables && a.listing.bound_known == b.listing.bound_known &&
           a.bound_wanted == b.bound_wanted && a.owners_wanted == b.owners_wanted && a.walk.owners == b.walk.owners &&
           (a.walk.denied > 0) == (b.walk.denied > 0) && a.walk.complete == b.walk.complete &&
           a.privileged == b.privileged && a.users == b.users && same_processes(a.processes, b.processes);
}

std::vector<std::uint64_t> inodes_of(const std::vector<SocketEntry>& sockets) {
    std::vector<std::uint64_t> inodes;
    inodes.reserve(sockets.size());
    for (const auto& socket : sockets) {
        if (socket.inode != 0) {
            inodes.push_back(socket.inode);
        }
    }
    std::sort(inodes.begin(), inodes.end());
    inodes.erase(std::unique(inodes.begin(), inodes.end()), inodes.end());
    return inodes;
}

// Leaves only entries that a listed socket still matches in all of inode, uid and address.
void drop_unmatched(std::vector<PrivilegedOwner>& owners, const std::vector<SocketEntry>& sockets) {
    if (owners.empty()) {
        return;
    }
    std::unordered_map<std::uint64_t, const SocketEntry*> by_inode;
    for (const auto& socket : sockets) {
        by_inode.emplace(socket.inode, &socket);
    }
    std::erase_if(owners, [&](const PrivilegedOwner& owner) {
        const auto found = by_inode.find(owner.inode);
        return found == by_inode.end() || found->second->uid != owner.uid || found->second->local != owner.local;
    });
}

// Reads processes, each once, with their ancestors.
class ProcessReader {
  public:
    ProcessReader(std::unordered_map<pid_t, ProcessFacts>& processes, const std::string& proc_root)
        : processes_(processes), proc_root_(proc_root) {}

    // A process that has ended, or whose number means another one by now, is left out.
    void read(const ProcessId& id) {
        if (processes_.contains(id.pid)) {
            return;
        }
        auto facts = platform::read_process(id.pid, proc_root_);
        if (!facts || facts->stat.id != id) {
            return;
        }
        const pid_t parent = facts->stat.parent;
        processes_.emplace(id.pid, std::move(*facts));
        read_ancestors(parent);
    }

  private:
    void read_ancestors(pid_t pid) {
        while (pid > 0 && !processes_.contains(pid)) {
            auto facts = platform::read_process(pid, proc_root_);
            if (!facts) {
                return;
            }
            const pid_t parent = facts->stat.parent;
            processes_.emplace(pid, std::move(*facts));
            pid = parent;
        }
    }

    std::unordered_map<pid_t, ProcessFacts>& processes_;
    const std::string& proc_root_;
};

} // namespace

Scanner::Scanner(ScannerOptions options) : options_(std::move(options)), source_(options_.source, options_.proc_root) {}

void Scanner::set_privileged_owners(std::vector<PrivilegedOwner> owners) {
    privileged_ = std::move(owners);
}

base::Result<void> Scanner::read_facts() {
    if (auto listed = source_.list({.include_bound = options_.include_bound}, facts_.listing); !listed) {
        return listed;
    }
    auto& sockets = facts_.listing.sockets;
    std::sort(sockets.begin(), sockets.end(),
              [](const SocketEntry& a, const SocketEntry& b) { return lasting_part(a) < lasting_part(b); });
    facts_.bound_wanted = options_.include_bound;
    facts_.walk = platform::walk_owners(inodes_of(sockets), options_.proc_root);
    drop_unmatched(privileged_, sockets);
    facts_.privileged = privileged_;

    facts_.processes.clear();
    ProcessReader reader(facts_.processes, options_.proc_root);
    for (const auto& [inode, owners] : facts_.walk.owners) {
        for (const auto& owner : owners) {
            reader.read(owner);
        }
    }
    for (const auto& told : privileged_) {
        reader.read(told.process);
    }
    facts_.users.clear();
    for (const auto& socket : sockets) {
        facts_.users.try_emplace(socket.uid, users_.name(socket.uid));
    }
    for (const auto& [pid, process] : facts_.processes) {
        if (process.uid) {
            facts_.users.try_emplace(*process.uid, users_.name(*process.uid));
        }
    }
    return {};
}

base::Result<SnapshotPtr> Scanner::scan() {
    const auto begun = std::chrono::steady_clock::now();
    if (auto read = read_facts(); !read) {
        return base::failed(std::move(read.error()));
    }
    if (newest_ != nullptr && same_content(facts_, previous_facts_)) {
        return newest_;
    }
    Snapshot snapshot = assemble(facts_);
    snapshot.generation = newest_ == nullptr ? 1 : newest_->generation + 1;
    snapshot.taken_at = std::chrono::system_clock::now();
    snapshot.scan_cost =
        std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - begun);
    newest_ = std::make_shared<const Snapshot>(std::move(snapshot));

    // Told owners that have ended are shown as gone in this snapshot and are forgotten with it; that alone makes no new
    // one.
    std::erase_if(privileged_, [&](const PrivilegedOwner& told) {
        const auto found = facts_.processes.find(told.process.pid);
        return found == facts_.processes.end() || found->second.stat.id != told.process;
    });
    facts_.privileged = privileged_;
    std::swap(facts_, previous_facts_);
    return newest_;
}

} // namespace portside::snapshot
