// SPDX-License-Identifier: MIT
// What systemd's manager says of a unit, and what follows from it for freeing a port. Plain values; any thread.
#pragma once

#include "core/platform/supervised.h"

#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

namespace portside::supervisors {

// All text is safe to draw.
struct UnitFacts {
    platform::Unit unit;
    std::string description;
    std::string active_state;          // "active", "deactivating" ...
    std::string restart;               // Restart= of a service: "no", "always" ...; empty for other units
    pid_t main_pid = 0;                // 0: none
    std::vector<std::string> sockets;  // active .socket units that start it: they hold the port themselves
    std::vector<std::string> services; // of a .socket: active services that it started and that may hold the port
    std::vector<std::string> starts{}; // of a .socket: what it starts at a connection, whether that runs or not
    std::vector<std::string> also_listening{}; // of a .socket: other active ones that keep the same port
    std::vector<std::string> other_starters;   // .timer, .path ...: they can start it again later
    bool operator==(const UnitFacts&) const = default;
};

// Whether systemd starts it again when its process is killed.
[[nodiscard]] bool comes_back(const UnitFacts& facts);
// "nginx.service has Restart=always: systemd will start it again." Of a .socket: what it does. Empty where a plain kill
// frees the port.
[[nodiscard]] std::string why_stop(const UnitFacts& facts);
// What would be asked: "stop nginx.service (Restart=always) and nginx.socket, which keeps the port for it".
[[nodiscard]] std::string what_is_stopped(const UnitFacts& facts);
// "nginx.service was stopped, and nginx.socket with it; backup.timer can start it again", without a full stop.
[[nodiscard]] std::string stopped_sentence(const UnitFacts& facts);

// "systemctl --user list-sockets": where a person sees which unit listens where.
[[nodiscard]] std::string list_sockets_command(std::optional<uid_t> manager, uid_t own_uid);
// The same as a command for a terminal: "sudo systemctl stop nginx.service".
[[nodiscard]] std::string stop_command(const platform::Unit& unit, uid_t own_uid);
// "the system manager", "your user manager", "the manager of user 1000".
[[nodiscard]] std::string manager_text(const platform::Unit& unit, uid_t own_uid);

// systemd.unit(5): a prefix of letters, digits and :-_.\@ with a known suffix, at most 255 bytes.
[[nodiscard]] bool is_unit_name(std::string_view name);
// Why a unit is never stopped to free a port (a slice, a login session, a user's whole manager, the one that runs
// Portside itself), or nothing. `own_cgroup`: the text of /proc/self/cgroup.
[[nodiscard]] std::optional<std::string> why_never_stopped(const platform::Unit& unit, std::string_view own_cgroup);

} // namespace portside::supervisors
