// SPDX-License-Identifier: MIT
// The ways to free a row's port, and the words for them. Pure; called only for the row whose menu is open.
#pragma once

#include "app/ui/model.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace portside::ui {

// A process that only passes a container's port on: to end it ends no container.
[[nodiscard]] bool is_forwarder(const snapshot::Process& process);
[[nodiscard]] bool is_held_by_forwarder(const snapshot::Snapshot& snapshot, const snapshot::Row& row);

// The unit that may be stopped to free this row's port, or null. A scope is not: it is whatever somebody started, a
// terminal with all its shells, say. Nor is a whole user manager, nor the engine that runs a row's container.
[[nodiscard]] const platform::Unit* stoppable_unit(const snapshot::Row& row);

// "nginx" of "nginx.service", "getty" of "getty@tty1.service".
[[nodiscard]] std::string_view stem_of(const platform::Unit& unit);
// "docker", "podman"
[[nodiscard]] const char* name_of(platform::Engine engine);
// Its name, else the first 12 digits of its id as the engines show it, else nothing.
[[nodiscard]] std::string_view name_of(const platform::Container& container);

struct Way {
    RowAction action = RowAction::none;
    std::string label;   // "Stop unit nginx.service"
    std::string meaning; // what it does, in a few words
};
// The obvious one first. Nothing while a kill is under way. `row` is an index into the snapshot's rows.
[[nodiscard]] std::vector<Way> ways_of(const Model& model, std::uint32_t row);

struct Copyable {
    const char* label = "";
    std::string text;
};
[[nodiscard]] std::vector<Copyable> copyables_of(const snapshot::Snapshot& snapshot, const snapshot::Row& row);

} // namespace portside::ui
