// SPDX-License-Identifier: MIT
// The ways in which a port is freed. Plain values; any thread.
#pragma once

#include <cstdint>

namespace portside::commands {

enum class Way : std::uint8_t {
    kill,           // a signal to the topmost owner
    kill_tree,      // to it and all its descendants, top down
    stop_unit,      // its systemd unit is asked to stop
    stop_container, // its container is asked to stop
};

} // namespace portside::commands
