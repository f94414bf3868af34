// SPDX-License-Identifier: MIT
// Names as the programs' own manuals have them. Pure; any thread.
#include "core/snapshot/respawner.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <span>

namespace portside::snapshot {

namespace {

using Arguments = std::span<const std::string>;

std::string_view base_name(std::string_view path) {
    const auto slash = path.rfind('/');
    return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

struct Known {
    std::string_view program; // the process's name
    std::string_view name;    // as it is told
    Comeback comeback;
};

constexpr std::array kByName{
    Known{"nodemon", "nodemon", Comeback::on_change},
    Known{"nodemon.js", "nodemon", Comeback::on_change},
    Known{"supervisord", "supervisord", Comeback::at_once},
    Known{"runsv", "runit (runsv)", Comeback::at_once},
    Known{"s6-supervise", "s6-supervise", Comeback::at_once},
    Known{"supervise", "daemontools (supervise)", Comeback::at_once},
    Known{"foreman", "foreman", Comeback::ends_all},
    Known{"foreman:", "foreman", Comeback::ends_all},
    Known{"dotnet-watch", "dotnet watch", Comeback::on_change},
    Known{"dotnet-watch.dll", "dotnet watch", Comeback::on_change},
    Known{"cargo-watch", "cargo watch", Comeback::on_change},
    Known{"watchexec", "watchexec", Comeback::on_change},
};

bool has(Arguments arguments, std::string_view wanted) {
    return std::find(arguments.begin(), arguments.end(), wanted) != arguments.end();
}

std::string_view program_of(const Process& process, Arguments arguments) {
    if (process.executable) {
        return base_name(*process.executable);
    }
    return arguments.empty() ? std::string_view(process.name) : base_name(arguments.front());
}

std::optional<Known> known_by_arguments(const Process& process) {
    const Arguments arguments = process.command_line ? Arguments(*process.command_line) : Arguments();
    if (arguments.empty()) {
        return std::nullopt;
    }
    const std::string_view title = arguments.front();
    if (title.starts_with("PM2 v") && title.find("God Daemon") != std::string_view::npos) {
        return Known{"", "pm2", Comeback::at_once};
    }
    if (title.starts_with("foreman: ")) {
        return Known{"", "foreman", Comeback::ends_all};
    }
    const auto program = program_of(process, arguments);
    const bool dotnet = program == "dotnet" && arguments.size() > 1;
    if (dotnet && (arguments[1] == "watch" || base_name(arguments[1]) == "dotnet-watch.dll")) {
        return Known{"", "dotnet watch", Comeback::on_change};
    }
    if (program == "node" || program == "nodejs") {
        const auto watches = [](const std::string& word) {
            return word == "--watch" || word.starts_with("--watch-path");
        };
        // Its own options come before the script.
        for (const auto& word : arguments.subspan(1)) {
            if (watches(word)) {
                return Known{"", "node --watch", Comeback::on_change};
            }
            if (!word.starts_with('-')) {
                const bool forever = word.ends_with("/forever/bin/monitor");
                return forever ? std::optional(Known{"", "forever", Comeback::at_once}) : std::nullopt;
            }
        }
    }
    return std::nullopt;
}

std::optional<Known> known(const Process& process) {
    const auto* const found =
        std::find_if(kByName.begin(), kByName.end(), [&](const Known& one) { return one.program == process.name; });
    return found != kByName.end() ? std::optional(*found) : known_by_arguments(process);
}

// A shell without a script or a command to run: a person types into it, and it starts nothing by itself.
bool is_interactive_shell(const Process& process) {
    static constexpr std::array<std::string_view, 8> kShells{"sh", "bash", "dash", "zsh", "ksh", "mksh", "ash", "fish"};
    const auto program = process.executable ? base_name(*process.executable) : std::string_view(process.name);
    if (std::find(kShells.begin(), kShells.end(), program) == kShells.end() || !process.command_line) {
        return false;
    }
    const Arguments arguments(*process.command_line);
    return std::all_of(arguments.begin() + (arguments.empty() ? 0 : 1), arguments.end(), [](const std::string& word) {
        return word.starts_with('-') && word != "-c" && !word.starts_with("-c") && word != "--command";
    });
}

} // namespace

const Process* find_pid(const Snapshot& snapshot, pid_t pid) {
    const auto found = std::lower_bound(snapshot.processes.begin(), snapshot.processes.end(), pid,
                                        [](const Process& process, pid_t wanted) { return process.id.pid < wanted; });
    return found != snapshot.processes.end() && found->id.pid == pid ? &*found : nullptr;
}

std::optional<Respawner> respawner_of(const Snapshot& snapshot, const ProcessId& process) {
    const auto* at = snapshot.find_process(process);
    // Parents that were read one after another can form a ring.
    for (std::size_t steps = 0; at != nullptr && steps < snapshot.processes.size(); ++steps) {
        const auto* const parent = find_pid(snapshot, at->parent);
        if (parent == nullptr || parent->id.pid <= 1 || parent->id == process) {
            return std::nullopt;
        }
        if (const auto found = known(*parent)) {
            return Respawner{parent->id, found->name, found->comeback};
        }
        at = parent;
    }
    return std::nullopt;
}

std::string respawner_text(const Respawner& respawner) {
    const auto who = fmt::format("{} ({})", respawner.name, respawner.process.pid);
    switch (respawner.comeback) {
    case Comeback::at_once:
        return who + " starts it again";
    case Comeback::on_change:
        return who + " starts it again when a file changes";
    case Comeback::ends_all:
        break;
    }
    return who + " ends all that it started when one of them ends";
}

bool is_service_manager(pid_t pid, pid_t parent, const std::optional<std::string>& executable,
                        const std::optional<std::vector<std::string>>& command_line) {
    if (pid == 1) {
        return true;
    }
    if (parent != 1 || (executable && base_name(*executable) != "systemd") || !command_line || command_line->empty()) {
        return false;
    }
    return base_name(command_line->front()) == "systemd" && has(*command_line, "--user");
}

bool is_service_manager(const Process& process) {
    return is_service_manager(process.id.pid, process.parent, process.executable, process.command_line);
}

bool is_held_by_managers_only(const Snapshot& snapshot, const Row& row) {
    return !row.owners.empty() && std::all_of(row.owners.begin(), row.owners.end(), [&](const Owner& owner) {
        const auto* const facts = snapshot.find_process(owner.id);
        return facts != nullptr && is_service_manager(*facts);
    });
}

Return return_of(const Snapshot& snapshot, const std::optional<platform::Unit>& unit, bool in_container,
                 const ProcessId& process) {
    if ((unit && unit->name.ends_with(".service")) || in_container || respawner_of(snapshot, process)) {
        return Return::likely;
    }
    const auto* const facts = snapshot.find_process(process);
    const auto* const parent = facts == nullptr ? nullptr : find_pid(snapshot, facts->parent);
    const bool kept = parent != nullptr && !is_service_manager(*parent) && !is_interactive_shell(*parent);
    return kept ? Return::possible : Return::unlikely;
}

} // namespace portside::snapshot
