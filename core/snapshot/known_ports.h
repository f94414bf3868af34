// SPDX-License-Identifier: MIT
// Which service developers usually mean by a port, for rows whose owner has no name. A guess, and said as one. Pure;
// any thread.
#pragma once

#include "core/platform/socket_entry.h"

#include <cstdint>

namespace portside::snapshot {

// "PostgreSQL" of TCP 5432, or null.
[[nodiscard]] const char* usual_service(platform::Protocol protocol, std::uint16_t port);

} // namespace portside::snapshot
