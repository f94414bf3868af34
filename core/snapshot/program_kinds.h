// SPDX-License-Identifier: MIT
// What kind of program it is, by its name. Pure; any thread.
#pragma once

#include "core/snapshot/snapshot.h"

#include <cstdint>
#include <string_view>

namespace portside::snapshot {

// By its own name or its executable's; of a virtual machine by what runs in it.
[[nodiscard]] bool is_database(const Process& process);
// An interpreter, or a program that serves what is being developed.
[[nodiscard]] bool is_dev_tool(const Process& process);
// Of a container ("shop-postgres-1", "shop_db"), or of a unit without its ending ("postgresql").
[[nodiscard]] bool is_database_name(std::string_view name);
// The port that a database takes by default: for rows that have no name at all.
[[nodiscard]] bool is_database_port(std::uint16_t tcp_port);

} // namespace portside::snapshot
