// SPDX-License-Identifier: MIT
// What a person sees, as immutable values. All text in here is safe to draw (base::sanitise). Any thread.
#pragma once

#include "core/base/rare.h"
#include "core/platform/socket_entry.h"
#include "core/platform/socket_source.h"
#include "core/snapshot/process_list.h"
#include "core/snapshot/text_pile.h"

#include <array>
#include <chrono>
#include <compare>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace portside::snapshot {

using WallTime = std::chrono::system_clock::time_point;

// holds: a descriptor that links to the inode was read. administrator: a privileged read said so. candidate: only the
// cgroup says so.
enum class Knowledge : std::uint8_t { holds, administrator, candidate };

struct Owner {
    ProcessId id;
    Knowledge knowledge = Knowledge::holds;
    std::optional<WallTime> seen_at; // of Knowledge::administrator
    bool operator==(const Owner&) const = default;
};

// not_permitted: some process's descriptors could not be read. not_found: all were read and none holds it.
// searching: no whole walk yet. gone: the owners that were known have ended, the socket has not.
enum class Unknown : std::uint8_t { not_permitted, not_found, searching, gone };
enum class Exposure : std::uint8_t { loopback, interface, all };

// What a row is, across rescans: workers that come and go do not change it.
struct RowKey {
    struct Unowned {
        uid_t uid = 0;
        std::uint64_t cgroup_id = 0; // 0 where unknown
        auto operator<=>(const Unowned&) const = default;
    };
    platform::Protocol protocol = platform::Protocol::tcp;
    std::uint16_t port = 0;
    std::variant<ProcessId, Unowned> holder; // the topmost owner, or what is known without one
    auto operator<=>(const RowKey&) const = default;
};

struct Row {
    static constexpr std::uint32_t kNoText = ~std::uint32_t{0};

    RowKey key;
    platform::SocketState state = platform::SocketState::listen;
    Exposure exposure = Exposure::all;
    // Which of Snapshot::texts a word is looked for in; kNoText in rows that assemble() has not made. Rows have the
    // same where their owners are the same, or without any the candidates, unit and container.
    std::uint32_t text = kNoText;
    std::uint32_t topmost_at = 0; // where the topmost owner should be in Snapshot::processes: see topmost_process
    std::vector<platform::SocketEntry> sockets; // never empty; sorted by family, address, inode
    std::vector<Owner> owners;                  // the topmost first, then by pid
    std::optional<Unknown> unknown;             // set exactly when `owners` is empty
    // Where no owner may be seen: the processes of the sockets' cgroup, by pid. None where all processes could be
    // looked into (Unknown::not_found). Never killed as if they were known.
    std::vector<Owner> candidates;
    std::optional<platform::Unit> unit;        // of the topmost owner, else of the sockets' cgroup
    base::Rare<platform::Container> container; // likewise, or the one that a port forwarder serves
    // When a socket of it was seen first, by a scan that found it new (`appeared`) or by the very first one.
    WallTime seen_at{};
    bool appeared = false;
    // Texts that are drawn and searched, made once a snapshot.
    std::string port_text;
    std::vector<std::string> addresses; // merged: "127.0.0.1", "::1", "*" (both families), "fe80::1%eth0"
    std::string address_text;           // `addresses` with two spaces between
    std::string user;                   // of the topmost owner, else of the sockets' uid
    bool operator==(const Row&) const = default;
};

// What could not be seen, and why. `code` is stable for programs, `text` is a sentence.
struct Note {
    std::string code;
    std::string text;
    bool operator==(const Note&) const = default;
};

struct Snapshot {
    std::uint64_t generation = 0; // grows by one with each change of content
    WallTime taken_at;
    std::optional<WallTime> booted_at; // what start times count from; nothing where it is not known
    std::chrono::microseconds scan_cost{0};
    std::vector<Row> rows; // by port, then protocol, then key
    ProcessList processes; // every owner and candidate, and their ancestors
    // In the order of the first rows that have them. Lower case, each piece with a line break behind it: the names of
    // the owners, or of the candidates, of the unit and of the container, which are the head; then the processes'
    // projects and command lines; no piece twice.
    TextPile texts;
    std::map<uid_t, std::string> users; // the name of every uid in here, or the number as text
    std::array<platform::TableStatus, platform::kTableCount> tables;
    std::vector<Note> notes;

    // Nothing when the process is not in this snapshot.
    [[nodiscard]] const Process* find_process(const ProcessId& id) const;
    [[nodiscard]] const Row* find_row(const RowKey& key) const;
};

using SnapshotPtr = std::shared_ptr<const Snapshot>;

// When the process started, as far as the clock of now tells: to be shown, never an identity.
[[nodiscard]] std::optional<WallTime> started_at(const Snapshot& snapshot, const ProcessId& process);
// Since when the row's port is taken, by the best fact there is: when it appeared, else its topmost owner's start.
[[nodiscard]] std::optional<WallTime> since_of(const Snapshot& snapshot, const Row& row);

// The order of Snapshot::rows.
[[nodiscard]] bool stands_before(const RowKey& a, const RowKey& b);

// Of a row with owners.
[[nodiscard]] const Process* topmost_process(const Snapshot& snapshot, const Row& row);

[[nodiscard]] const char* to_string(platform::SocketState state); // "LISTEN", "UNCONN", "BOUND"
[[nodiscard]] const char* to_string(Exposure exposure);           // "loopback", "interface", "all"
[[nodiscard]] const char* to_string(Unknown unknown);             // "not_permitted" ...
[[nodiscard]] const char* to_string(Knowledge knowledge);         // "holds" ...

} // namespace portside::snapshot
