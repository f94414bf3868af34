// SPDX-License-Identifier: MIT
// Snapshots and models made by hand, for tests of what is drawn and for pictures. Any thread.
#pragma once

#include "app/ui/model.h"
#include "core/snapshot/snapshot.h"

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <vector>

namespace portside::canned {

inline constexpr const char* kHome = "/home/me";
inline constexpr uid_t kMe = 1000;

struct CandidateWords {
    pid_t pid = 0;
    std::string name;
};

// A row as few words; everything that is drawn follows from them.
struct RowWords {
    std::uint16_t port = 0;
    platform::Protocol protocol = platform::Protocol::tcp;
    pid_t pid = 0; // 0: the owner is unknown
    std::string name{};
    std::string user = "me";
    std::string cwd{};                       // empty: not known
    std::vector<std::string> command_line{}; // empty: just the name
    std::vector<std::string> addresses{"127.0.0.1"};
    snapshot::Exposure exposure = snapshot::Exposure::loopback;
    int workers = 0; // further owners, children of the first
    platform::SocketState state = platform::SocketState::listen;
    std::string unit{};             // empty: none
    std::optional<uid_t> unit_of{}; // whose manager runs it; nothing: the system's
    std::string container{};        // its name; empty: none
    std::vector<CandidateWords> candidates{};
    std::string project{}; // empty: none
};

[[nodiscard]] snapshot::SnapshotPtr snapshot_of(const std::vector<RowWords>& rows, std::uint64_t generation = 1);

// The machine of a web developer: the rows of the pictures.
[[nodiscard]] snapshot::SnapshotPtr developer_machine();
// Names with format directives, ImGui's ID marks, odd lengths.
[[nodiscard]] snapshot::SnapshotPtr hostile_names();
[[nodiscard]] snapshot::SnapshotPtr many_rows(std::size_t count);

// Every row shown, in the snapshot's order, each with the button that it would have for the user "me".
[[nodiscard]] ui::Model model_of(snapshot::SnapshotPtr snapshot, ui::SteadyTime now = ui::SteadyTime{});
// The developer's machine with kills under way, a question, a new row and notices.
[[nodiscard]] ui::Model busy_model(ui::SteadyTime now);

// The developer's machine while a row says that its unit would start it again, and after outcomes of every kind.
[[nodiscard]] ui::Model asking_model(ui::SteadyTime now);

// The same with a clock: each process has its start, and each row was there before the first look.
[[nodiscard]] ui::Model aged(ui::Model model);
// And with what is read and asked when the details of the row of this port are open.
[[nodiscard]] ui::Model with_details(ui::Model model, std::uint16_t port);

// And with four connections of the row of this port, more than are told.
[[nodiscard]] ui::Model with_connections(ui::Model model, std::uint16_t port);

// What session would add to this row: by its index in the snapshot.
[[nodiscard]] ui::RowMark& mark(ui::Model& model, std::uint32_t row);

} // namespace portside::canned
