// SPDX-License-Identifier: MIT
// What the details say about a row. Pure.
#include "app/ui/details_text.h"

#include "app/ui/row_text.h"
#include "app/ui/ways.h"
#include "core/snapshot/respawner.h"

#include <algorithm>
#include <fmt/format.h>

namespace portside::ui {

namespace {

constexpr std::size_t kMostOwners = 100;
constexpr std::size_t kMostSockets = 100;
constexpr int kMostParents = 32;
constexpr std::size_t kShortId = 12; // as the engines print it

std::string parents_of(const snapshot::Snapshot& snapshot, const snapshot::Process& process) {
    std::string text;
    pid_t pid = process.parent;
    for (int i = 0; pid > 0 && i < kMostParents; ++i) {
        const snapshot::Process* parent = snapshot::find_pid(snapshot, pid);
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

std::string user_of(const snapshot::Snapshot& snapshot, uid_t uid) {
    const auto user = snapshot.users.find(uid);
    return user != snapshot.users.end() ? user->second : fmt::format("{}", uid);
}

// Mostly one; each once.
std::string users_of(const snapshot::Snapshot& snapshot, const snapshot::Row& row) {
    std::string text;
    std::vector<uid_t> seen;
    for (const platform::SocketEntry& socket : row.sockets) {
        if (std::ranges::find(seen, socket.uid) == seen.end()) {
            seen.push_back(socket.uid);
            text += fmt::format("{}{}", text.empty() ? "" : ", ", user_of(snapshot, socket.uid));
        }
    }
    return text;
}

std::string unit_text(const snapshot::Snapshot& snapshot, const platform::Unit& unit) {
    return fmt::format("{}, run by the {}", unit.name,
                       unit.manager ? fmt::format("user manager of {}", user_of(snapshot, *unit.manager))
                                    : std::string("system manager"));
}

std::string container_text(const platform::Container& container) {
    const std::string_view name = name_of(container);
    const std::string id = container.name.empty() || container.id.empty()
                               ? std::string()
                               : fmt::format(" ({})", std::string_view(container.id).substr(0, kShortId));
    return name.empty() ? fmt::format("of {}", name_of(container.engine))
                        : fmt::format("{}{}, of {}", name, id, name_of(container.engine));
}

std::string candidates_of(const snapshot::Snapshot& snapshot, const snapshot::Row& row) {
    std::string text;
    for (std::size_t i = 0; i < std::min(row.candidates.size(), kMostOwners); ++i) {
        const auto& id = row.candidates[i].id;
        const auto* process = snapshot.find_process(id);
        text += fmt::format("{} ({})", process != nullptr ? process->name : "?", id.pid);
        if (process != nullptr && !process->user.empty()) {
            text += fmt::format(" of {}", process->user);
        }
        text += "\n";
    }
    if (row.candidates.size() > kMostOwners) {
        text += fmt::format("and {} more\n", row.candidates.size() - kMostOwners);
    }
    return text + kWhatCandidatesAre;
}

void add_keepers(const Model& model, const snapshot::Row& row, std::vector<Fact>& facts) {
    if (row.unit) {
        facts.push_back({.label = "UNIT", .text = unit_text(*model.snapshot, *row.unit)});
    }
    if (row.container) {
        facts.push_back({.label = "CONTAINER", .text = container_text(*row.container)});
    }
    const auto respawner =
        row.owners.empty() ? std::nullopt : snapshot::respawner_of(*model.snapshot, row.owners.front().id);
    if (respawner) {
        facts.push_back({.label = "LOOKED AFTER BY", .text = snapshot::respawner_text(*respawner) + "."});
    }
    if (!row.candidates.empty()) {
        facts.push_back(
            {.label = row.candidates.size() == 1 ? "CANDIDATE" : fmt::format("{} CANDIDATES", row.candidates.size()),
             .text = candidates_of(*model.snapshot, row)});
    }
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
    text += fmt::format("\n  {}, inode {}, user {}", snapshot::to_string(socket.state), socket.inode,
                        user_of(snapshot, socket.uid));
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
        facts.push_back({.label = row.owners.size() == 1 ? "OWNER" : fmt::format("{} OWNERS", row.owners.size()),
                         .text = owners_of(snapshot, row)});
    } else {
        facts.push_back({.label = "OWNER", .text = words_of(row.unknown.value_or(snapshot::Unknown::not_found))});
    }
    add_keepers(model, row, facts);
    facts.push_back({.label = "USER OF THE SOCKET", .text = users_of(snapshot, row)});
    facts.push_back({.label = "REACH", .text = words_of(row.exposure)});
    facts.push_back(
        {.label = row.sockets.size() == 1 ? "SOCKET" : "SOCKETS", .text = sockets_of(snapshot, row), .mono = true});
    return facts;
}

} // namespace portside::ui
