// SPDX-License-Identifier: MIT
// What the details say about a row. Pure.
#include "app/ui/details_text.h"

#include "app/ui/row_text.h"

#include <algorithm>
#include <fmt/format.h>

namespace portside::ui {

namespace {

constexpr std::size_t kMostOwners = 100;
constexpr std::size_t kMostSockets = 100;
constexpr int kMostParents = 32;

// By pid alone: a parent is known only by its number.
const snapshot::Process* find_pid(const snapshot::Snapshot& snapshot, pid_t pid) {
    const auto at =
        std::ranges::lower_bound(snapshot.processes, pid, {}, [](const auto& process) { return process.id.pid; });
    return at != snapshot.processes.end() && at->id.pid == pid ? &*at : nullptr;
}

std::string parents_of(const snapshot::Snapshot& snapshot, const snapshot::Process& process) {
    std::string text;
    pid_t pid = process.parent;
    for (int i = 0; pid > 0 && i < kMostParents; ++i) {
        const snapshot::Process* parent = find_pid(snapshot, pid);
        if (parent == nullptr) {
            text += fmt::format("{}{}", text.empty() ? "" : "\n", pid);
            break;
        }
        text += fmt::format("{}{} ({})", text.empty() ? "" : "\n", parent->name, pid);
        pid = parent->parent;
    }
    return text;
}

std::string owners_of(const snapshot::Snapshot& snapshot, const snapshot::Row& row) {
    std::string text;
    for (std::size_t i = 0; i < std::min(row.owners.size(), kMostOwners); ++i) {
        const snapshot::Owner& owner = row.owners[i];
        const snapshot::Process* process = snapshot.find_process(owner.id);
        text += fmt::format("{}{} ({}), {}", i > 0 ? "\n" : "", process != nullptr ? process->name : "?", owner.id.pid,
                            words_of(owner.knowledge));
    }
    if (row.owners.size() > kMostOwners) {
        text += fmt::format("\nand {} more", row.owners.size() - kMostOwners);
    }
    return text;
}

const char* source_of(const snapshot::Snapshot& snapshot, const platform::SocketEntry& socket) {
    for (std::size_t i = 0; i < platform::kTableCount; ++i) {
        const platform::TableKey key = platform::kTables.at(i);
        if (key.protocol == socket.protocol && key.family == socket.family) {
            return snapshot.tables.at(i).source == platform::Source::sock_diag ? "sock_diag" : "/proc/net";
        }
    }
    return "?";
}

std::string socket_text(const snapshot::Snapshot& snapshot, const platform::SocketEntry& socket) {
    const bool ipv6 = socket.family == platform::Family::ipv6;
    const std::string address = platform::to_string(socket.local.address);
    std::string text = fmt::format(fmt::runtime(ipv6 ? "[{}]:{}" : "{}:{}"), address, socket.local.port);
    if (!socket.interface.empty()) {
        text += fmt::format(" on {}", socket.interface);
    }
    text += fmt::format("\n  {}, inode {}, uid {}", snapshot::to_string(socket.state), socket.inode, socket.uid);
    if (socket.v6only) {
        text += *socket.v6only ? ", IPv6 only" : ", IPv4 too";
    }
    text += fmt::format("\n  queues {} received, {} sent; by {}", socket.receive_queue, socket.send_queue,
                        source_of(snapshot, socket));
    return text;
}

std::string sockets_of(const snapshot::Snapshot& snapshot, const snapshot::Row& row) {
    std::string text;
    for (std::size_t i = 0; i < std::min(row.sockets.size(), kMostSockets); ++i) {
        text += fmt::format("{}{}", i > 0 ? "\n" : "", socket_text(snapshot, row.sockets[i]));
    }
    if (row.sockets.size() > kMostSockets) {
        text += fmt::format("\nand {} more", row.sockets.size() - kMostSockets);
    }
    return text;
}

void add_process(const Model& model, const snapshot::Process& process, std::vector<Fact>& facts) {
    const auto add = [&facts](const char* label, std::string text, bool mono, bool copies) {
        if (!text.empty()) {
            facts.push_back({.label = label, .text = std::move(text), .mono = mono, .copies = copies});
        }
    };
    add("COMMAND LINE", process.command_text, true, true);
    add("EXECUTABLE", process.executable.value_or(""), true, false);
    add("WORKING DIRECTORY", process.cwd ? with_tilde(*process.cwd, model.home) : "", true, false);
    add("USER", process.user, false, false);
    add("PID", fmt::format("{}, started at tick {} since boot", process.id.pid, process.id.start_time), true, false);
    add("PARENTS", parents_of(*model.snapshot, process), false, false);
}

} // namespace

std::vector<Fact> facts_of(const Model& model, const snapshot::Row& row) {
    const snapshot::Snapshot& snapshot = *model.snapshot;
    std::vector<Fact> facts;
    if (const snapshot::Process* process = snapshot::topmost_process(snapshot, row)) {
        add_process(model, *process, facts);
        facts.push_back({.label = row.owners.size() == 1 ? "OWNER" : "OWNERS", .text = owners_of(snapshot, row)});
    } else {
        facts.push_back({.label = "OWNER", .text = words_of(row.unknown.value_or(snapshot::Unknown::not_found))});
        facts.push_back({.label = "USER OF THE SOCKET", .text = row.user});
    }
    facts.push_back({.label = "REACH", .text = words_of(row.exposure)});
    facts.push_back(
        {.label = row.sockets.size() == 1 ? "SOCKET" : "SOCKETS", .text = sockets_of(snapshot, row), .mono = true});
    return facts;
}

} // namespace portside::ui
