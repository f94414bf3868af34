// SPDX-License-Identifier: MIT
// Words and guard rails for units. Pure; any thread.
#include "core/supervisors/unit_facts.h"

#include "core/base/parse.h"
#include "core/base/text.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace portside::supervisors {

namespace {

std::string list_text(const std::vector<std::string>& names) {
    return fmt::format("{}", fmt::join(names, ", "));
}

bool is_plain(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == ':' || c == '-' ||
           c == '_' || c == '.' || c == '@';
}

// "app-x\x2dy.service" holds a backslash, which a shell would take away.
std::string for_shell(const std::string& name) {
    return std::all_of(name.begin(), name.end(), is_plain) ? name : "'" + name + "'";
}

// A line of /proc/self/cgroup is "0::/user.slice/user-1000.slice/session-2.scope".
bool runs_in(std::string_view own_cgroup, std::string_view unit) {
    for (const auto line : base::split_at(own_cgroup, '\n')) {
        const auto path = line.find(":/");
        if (path == std::string_view::npos) {
            continue;
        }
        const auto parts = base::split_at(line.substr(path + 2), '/');
        if (std::find(parts.begin(), parts.end(), unit) != parts.end()) {
            return true;
        }
    }
    return false;
}

// A socket unit has no process: the manager itself listens.
std::string what_a_socket_does(const UnitFacts& facts) {
    const auto starts = facts.starts.empty() ? std::string("a service") : list_text(facts.starts);
    return fmt::format("{} is a socket unit: systemd holds the port for it, and starts {} when somebody connects. "
                       "Stopping it frees the port.",
                       facts.unit.name, starts);
}

} // namespace

bool comes_back(const UnitFacts& facts) {
    return (!facts.restart.empty() && facts.restart != "no") || !facts.sockets.empty();
}

std::string why_stop(const UnitFacts& facts) {
    if (facts.unit.name.ends_with(".socket")) {
        return what_a_socket_does(facts);
    }
    if (!facts.sockets.empty()) {
        return fmt::format("{} is started by {}, which keeps the port: systemd will start it again at the next "
                           "connection.",
                           facts.unit.name, list_text(facts.sockets));
    }
    // on-abnormal, on-abort and on-watchdog leave a unit alone that ended by SIGTERM; SIGKILL counts as abnormal.
    if (comes_back(facts)) {
        return facts.restart == "always"
                   ? fmt::format("{} has Restart=always: systemd will start it again.", facts.unit.name)
                   : fmt::format("{} has Restart={}: systemd may start it again.", facts.unit.name, facts.restart);
    }
    return {};
}

std::string what_is_stopped(const UnitFacts& facts) {
    std::string text = "stop " + facts.unit.name;
    if (!facts.restart.empty() && facts.restart != "no") {
        text += fmt::format(" (Restart={})", facts.restart);
    }
    if (!facts.sockets.empty()) {
        text += fmt::format(" and {}, which {} the port for it", list_text(facts.sockets),
                            facts.sockets.size() == 1 ? "keeps" : "keep");
    }
    if (!facts.also_listening.empty()) {
        text += fmt::format(" and {}, which {} the port too", list_text(facts.also_listening),
                            facts.also_listening.size() == 1 ? "keeps" : "keep");
    }
    if (!facts.services.empty()) {
        text += fmt::format(" and {}, which it started", list_text(facts.services));
    }
    return text;
}

std::string stopped_sentence(const UnitFacts& facts) {
    std::string text = facts.unit.name + " was stopped";
    if (!facts.sockets.empty()) {
        text += fmt::format(", and {} with it", list_text(facts.sockets));
    }
    for (const auto* const with_it : {&facts.also_listening, &facts.services}) {
        text += with_it->empty() ? "" : fmt::format(", and {} with it", list_text(*with_it));
    }
    if (!facts.other_starters.empty()) {
        text += fmt::format("; {} can start it again", list_text(facts.other_starters));
    }
    return text;
}

std::string list_sockets_command(std::optional<uid_t> manager, uid_t own_uid) {
    if (!manager) {
        return "systemctl list-sockets";
    }
    return *manager == own_uid ? "systemctl --user list-sockets"
                               : fmt::format("{}systemctl --user --machine={}@.host list-sockets",
                                             own_uid == 0 ? "" : "sudo ", *manager);
}

std::string stop_command(const platform::Unit& unit, uid_t own_uid) {
    const auto name = for_shell(unit.name);
    if (!unit.manager) {
        return fmt::format("{}systemctl stop {}", own_uid == 0 ? "" : "sudo ", name);
    }
    if (*unit.manager == own_uid) {
        return fmt::format("systemctl --user stop {}", name);
    }
    return fmt::format("{}systemctl --user --machine={}@.host stop {}", own_uid == 0 ? "" : "sudo ", *unit.manager,
                       name);
}

std::string manager_text(const platform::Unit& unit, uid_t own_uid) {
    if (!unit.manager) {
        return "the system manager";
    }
    return *unit.manager == own_uid ? "your user manager" : fmt::format("the manager of user {}", *unit.manager);
}

bool is_unit_name(std::string_view name) {
    static constexpr std::array<std::string_view, 11> kSuffixes{".service", ".socket", ".scope",     ".slice",
                                                                ".target",  ".mount",  ".automount", ".swap",
                                                                ".timer",   ".path",   ".device"};
    const auto suffix = std::find_if(kSuffixes.begin(), kSuffixes.end(),
                                     [name](std::string_view ending) { return name.ends_with(ending); });
    return suffix != kSuffixes.end() && name.size() > suffix->size() && name.size() <= 255 &&
           std::all_of(name.begin(), name.end(), [](char c) { return is_plain(c) || c == '\\'; });
}

std::optional<std::string> why_never_stopped(const platform::Unit& unit, std::string_view own_cgroup) {
    const std::string& name = unit.name;
    if (!is_unit_name(name)) {
        return fmt::format("{} is not the name of a systemd unit.", base::sanitise(name, 200));
    }
    const bool kind = name.ends_with(".service") || name.ends_with(".scope") || name.ends_with(".socket");
    if (!kind) {
        return fmt::format("{} is not a service, scope or socket, so stopping it would end more than one program.",
                           name);
    }
    if (name == "init.scope") {
        return "init.scope is systemd itself.";
    }
    if (name.starts_with("session-") && name.ends_with(".scope")) {
        return fmt::format("{} is a whole login session: stopping it would end everything in it. Kill the process "
                           "instead.",
                           name);
    }
    if (!unit.manager && name.starts_with("user@")) {
        return fmt::format("{} is everything that a user's manager runs. Kill the process instead.", name);
    }
    if (runs_in(own_cgroup, name)) {
        return fmt::format("Portside itself runs in {}: stopping it would end Portside too. Kill the process instead.",
                           name);
    }
    return std::nullopt;
}

} // namespace portside::supervisors
