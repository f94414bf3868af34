// SPDX-License-Identifier: MIT
// What the details say about a row. Pure.
#include "app/ui/details_text.h"

#include "app/ui/age_text.h"
#include "app/ui/process_facts.h"
#include "app/ui/row_text.h"
#include "app/ui/ways.h"
#include "core/snapshot/respawner.h"

#include <algorithm>
#include <fmt/format.h>

namespace portside::ui {

namespace {

constexpr std::size_t kMostOwners = 100;
constexpr std::size_t kMostSockets = 100;
constexpr std::size_t kShortId = 12; // as the engines print it

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

// What its manager told.
std::string news_text(const KeeperNews& news) {
    std::string text;
    const auto add = [&](std::string_view before, const std::string& what) {
        if (!what.empty()) {
            text += fmt::format("\n{}{}", before, what);
        }
    };
    add("", news.description);
    add("state: ", news.state);
    add("Restart=", news.restart);
    add("can be started by ", news.starters);
    add("image: ", news.image);
    add("", news.problem);
    return text;
}

void add_note(const Model& model, const snapshot::Row& row, std::vector<Fact>& facts) {
    const auto note =
        model.book ? snapshot::note_of(*model.book, {row.key.protocol, row.key.port}) : snapshot::PortNote{};
    if (!note.label.empty()) {
        facts.push_back({.label = "YOU CALL THIS PORT", .text = note.label});
    }
    if (note.favourite) {
        facts.push_back({.label = "FAVOURITE", .text = "This port is never hidden."});
    }
}

void add_keepers(const Model& model, const snapshot::Row& row, std::vector<Fact>& facts) {
    const std::string news = model.keeper && model.keeper->row == row.key ? news_text(*model.keeper) : std::string();
    if (row.unit) {
        facts.push_back({.label = "UNIT", .text = unit_text(*model.snapshot, *row.unit) + (row.container ? "" : news)});
    }
    if (row.container) {
        facts.push_back({.label = "CONTAINER", .text = container_text(*row.container) + news});
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

// How long they are changes all the time: as they were read last.
snapshot::SocketQueues queues_of(const snapshot::ProcessDetails* details, const platform::SocketEntry& socket) {
    if (details != nullptr) {
        const auto read = std::ranges::find(details->queues, socket.inode, &snapshot::SocketQueues::inode);
        if (read != details->queues.end()) {
            return *read;
        }
    }
    return {socket.inode, socket.receive_queue, socket.send_queue};
}

std::string socket_text(const snapshot::Snapshot& snapshot, const platform::SocketEntry& socket,
                        const snapshot::SocketQueues& queues) {
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
    const bool listens = socket.protocol == platform::Protocol::tcp && socket.state == platform::SocketState::listen;
    text += listens ? fmt::format("\n  {} of {} places waiting for accept; by {}", queues.receive, queues.send,
                                  source_of(snapshot, socket))
                    : fmt::format("\n  queues: {} bytes received, {} sent; by {}", queues.receive, queues.send,
                                  source_of(snapshot, socket));
    return text;
}

std::string sockets_of(const Model& model, const snapshot::Row& row) {
    const auto* const details = details_of(model, row);
    std::string text;
    for (std::size_t i = 0; i < std::min(row.sockets.size(), kMostSockets); ++i) {
        text += fmt::format("{}{}", i > 0 ? "\n" : "",
                            socket_text(*model.snapshot, row.sockets[i], queues_of(details, row.sockets[i])));
    }
    if (row.sockets.size() > kMostSockets) {
        text += fmt::format("\nand {} more", row.sockets.size() - kMostSockets);
    }
    return text;
}

} // namespace

std::vector<Fact> facts_of(const Model& model, const snapshot::Row& row) {
    const snapshot::Snapshot& snapshot = *model.snapshot;
    std::vector<Fact> facts;
    if (const snapshot::Process* process = snapshot::topmost_process(snapshot, row)) {
        add_process_facts(model, row, *process, facts);
        facts.push_back({.label = row.owners.size() == 1 ? "OWNER" : fmt::format("{} OWNERS", row.owners.size()),
                         .text = owners_of(snapshot, row)});
    } else {
        facts.push_back({.label = "OWNER", .text = words_of(row.unknown.value_or(snapshot::Unknown::not_found))});
        if (std::string usual = usual_text(row); !usual.empty()) {
            facts.push_back({.label = "THIS PORT", .text = std::move(usual)});
        }
    }
    add_note(model, row, facts);
    add_keepers(model, row, facts);
    if (std::string since = since_in_full(snapshot, row, model.clock); !since.empty()) {
        facts.push_back({.label = "SINCE", .text = std::move(since)});
    }
    facts.push_back({.label = "USER OF THE SOCKET", .text = users_of(snapshot, row)});
    facts.push_back({.label = "REACH", .text = words_of(row.exposure)});
    facts.push_back(
        {.label = row.sockets.size() == 1 ? "SOCKET" : "SOCKETS", .text = sockets_of(model, row), .mono = true});
    return facts;
}

std::string copy_of(const std::vector<Fact>& facts) {
    std::string text;
    for (const Fact& fact : facts) {
        text += fmt::format("{}\n{}\n\n", fact.label, fact.text);
    }
    return text;
}

const std::vector<Fact>& DetailsText::of(const Model& model, const snapshot::Row& row) {
    const bool same = snapshot_ == model.snapshot && details_ == model.details && row_ == row.key &&
                      with_keeper_ == model.keeper.has_value() && book_ == model.book && model.clock < until_;
    if (!same) {
        snapshot_ = model.snapshot;
        details_ = model.details;
        row_ = row.key;
        book_ = model.book;
        with_keeper_ = model.keeper.has_value();
        until_ = std::chrono::floor<std::chrono::minutes>(model.clock) + std::chrono::minutes(1);
        facts_ = facts_of(model, row);
    }
    return facts_;
}

} // namespace portside::ui
