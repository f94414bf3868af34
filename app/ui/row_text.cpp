// SPDX-License-Identifier: MIT
// The words of a row and of the status bar. Pure.
#include "app/ui/row_text.h"

#include "app/ui/ways.h"
#include "core/snapshot/known_ports.h"

#include <algorithm>
#include <array>
#include <ctime>
#include <fmt/format.h>
#include <optional>

namespace portside::ui {

namespace {

constexpr std::size_t kVoiceBytes = 400; // no line is wider than this

bool is_below(std::string_view path, std::string_view home) {
    return home.size() > 1 && path.size() > home.size() + 1 && path.starts_with(home) && path[home.size()] == '/';
}

const char* word_for(platform::Source source) {
    switch (source) {
    case platform::Source::sock_diag:
        return "sock_diag";
    case platform::Source::proc:
        return "/proc/net";
    case platform::Source::none:
        break;
    }
    return "not read";
}

const char* word_for(platform::Protocol protocol) {
    return protocol == platform::Protocol::tcp ? "TCP" : "UDP";
}

const char* word_for(platform::Family family) {
    return family == platform::Family::ipv4 ? "IPv4" : "IPv6";
}

std::string local_time(snapshot::WallTime time) {
    const std::time_t seconds = std::chrono::system_clock::to_time_t(time);
    std::tm parts{};
    ::localtime_r(&seconds, &parts);
    return fmt::format("{:02}:{:02}", parts.tm_hour, parts.tm_min);
}

// nginx.service of nginx, ssh.service of sshd, postgresql@15-main.service of postgres.
bool says_the_same(std::string_view stem, std::string_view name) {
    const auto equal = [](char a, char b) { return (a | 0x20) == (b | 0x20); }; // ASCII case does not matter
    const std::size_t common = std::min(stem.size(), name.size());
    return common > 0 && std::ranges::equal(stem.substr(0, common), name.substr(0, common), equal);
}

using Sources = std::array<platform::Source, platform::kTableCount>;

// The one source of these tables; tables that were not read do not count.
std::optional<platform::Source> only_source(const Sources& sources, std::optional<platform::Protocol> protocol) {
    std::optional<platform::Source> found;
    for (std::size_t i = 0; i < sources.size(); ++i) {
        if (sources.at(i) == platform::Source::none || (protocol && platform::kTables.at(i).protocol != *protocol)) {
            continue;
        }
        if (found && *found != sources.at(i)) {
            return std::nullopt;
        }
        found = sources.at(i);
    }
    return found;
}

} // namespace

const char* label_of(RowAction action) {
    switch (action) {
    case RowAction::kill:
        return "Kill";
    case RowAction::force_kill:
        return "Force kill";
    case RowAction::kill_as_administrator:
        return "Kill as administrator\xE2\x80\xA6";
    case RowAction::force_kill_as_administrator:
        return "Force kill as administrator\xE2\x80\xA6";
    case RowAction::kill_tree:
        return "Kill tree";
    case RowAction::force_kill_tree:
        return "Force kill tree";
    case RowAction::kill_respawner_tree:
        return "Kill its tree";
    case RowAction::stop_unit:
        return "Stop unit";
    case RowAction::stop_container:
        return "Stop container";
    case RowAction::reveal_owner:
        return "Who holds it?\xE2\x80\xA6";
    case RowAction::none:
        break;
    }
    return "";
}

bool ends_something(RowAction action) {
    return action != RowAction::none && action != RowAction::reveal_owner;
}

std::string with_tilde(std::string_view path, std::string_view home) {
    if (is_below(path, home)) {
        return fmt::format("~{}", path.substr(home.size()));
    }
    return std::string(path);
}

std::string second_voice(const snapshot::Process& process, std::string_view home) {
    if (process.project) {
        return with_tilde(*process.project, home);
    }
    if (process.cwd && is_below(*process.cwd, home)) {
        return with_tilde(*process.cwd, home);
    }
    std::string arguments;
    if (process.command_line) {
        for (std::size_t i = 1; i < process.command_line->size() && arguments.size() < kVoiceBytes; ++i) {
            arguments += i > 1 ? " " : "";
            arguments += process.command_line->at(i);
        }
    }
    if (arguments.empty() && process.executable) {
        return with_tilde(*process.executable, home);
    }
    return arguments;
}

std::string container_title(const platform::Container& container) {
    const std::string_view name = name_of(container);
    return name.empty() ? fmt::format("{} container", name_of(container.engine)) : fmt::format("container {}", name);
}

std::string ownerless_title(const snapshot::Row& row) {
    if (row.container) {
        return container_title(*row.container);
    }
    return row.unit ? fmt::format("unit {}", row.unit->name) : knowledge_text(row);
}

std::string candidates_voice(const snapshot::Snapshot& snapshot, const snapshot::Row& row) {
    if (row.candidates.empty()) {
        return row.container || row.unit ? knowledge_text(row) : usual_text(row);
    }
    std::string text;
    for (const snapshot::Owner& candidate : row.candidates) {
        if (text.size() > kVoiceBytes) {
            break;
        }
        const auto* process = snapshot.find_process(candidate.id);
        text += fmt::format("{}{} ({})", text.empty() ? "" : ", ", process != nullptr ? process->name : "?",
                            candidate.id.pid);
    }
    return text;
}

std::string usual_text(const snapshot::Row& row) {
    const char* const service = snapshot::usual_service(row.key.protocol, row.key.port);
    return service != nullptr ? fmt::format("usually {}", service) : std::string();
}

std::string candidates_badge(const snapshot::Row& row) {
    const std::size_t count = row.candidates.size();
    return count == 0 ? std::string() : (count == 1 ? "candidate" : fmt::format("{} candidates", count));
}

std::string keeper_badge(const snapshot::Row& row, const snapshot::Process& process) {
    if (row.container) {
        return is_forwarder(process) ? std::string() : container_title(*row.container);
    }
    const platform::Unit* unit = stoppable_unit(row);
    return unit != nullptr && !says_the_same(stem_of(*unit), process.name) ? unit->name : std::string();
}

const char* words_of(snapshot::Unknown unknown) {
    switch (unknown) {
    case snapshot::Unknown::not_permitted:
        return "owner not visible to you";
    case snapshot::Unknown::not_found:
        return "no process holds it";
    case snapshot::Unknown::searching:
        return "looking for its owner";
    case snapshot::Unknown::gone:
        return "its owner has ended";
    }
    return "";
}

const char* words_of(snapshot::Exposure exposure) {
    switch (exposure) {
    case snapshot::Exposure::loopback:
        return "Only this machine can reach it.";
    case snapshot::Exposure::interface:
        return "It can be reached from outside, on one interface.";
    case snapshot::Exposure::all:
        return "It can be reached from outside, on all interfaces.";
    }
    return "";
}

const char* words_of(snapshot::Knowledge knowledge) {
    switch (knowledge) {
    case snapshot::Knowledge::holds:
        return "holds the socket";
    case snapshot::Knowledge::administrator:
        return "seen as administrator";
    case snapshot::Knowledge::candidate:
        return "only its cgroup says so";
    }
    return "";
}

std::string knowledge_text(const snapshot::Row& row) {
    if (row.owners.empty()) {
        return words_of(row.unknown.value_or(snapshot::Unknown::not_found));
    }
    const auto& owner = row.owners.front();
    switch (owner.knowledge) {
    case snapshot::Knowledge::administrator:
        return owner.seen_at ? fmt::format("seen as administrator, {}", local_time(*owner.seen_at))
                             : "seen as administrator";
    case snapshot::Knowledge::candidate:
        return "candidate: only its cgroup says so";
    case snapshot::Knowledge::holds:
        break;
    }
    return {};
}

std::string sources_in_short(const snapshot::Snapshot& snapshot) {
    Sources sources{};
    for (std::size_t i = 0; i < sources.size(); ++i) {
        sources.at(i) = snapshot.tables.at(i).source;
    }
    if (const auto one = only_source(sources, std::nullopt)) {
        return word_for(*one);
    }
    const auto tcp = only_source(sources, platform::Protocol::tcp);
    const auto udp = only_source(sources, platform::Protocol::udp);
    if (tcp && udp) {
        return fmt::format("{}, UDP by {}", word_for(*tcp), word_for(*udp));
    }
    std::string text = "sock_diag";
    bool any = false;
    for (std::size_t i = 0; i < sources.size(); ++i) {
        any = any || sources.at(i) != platform::Source::none;
        if (sources.at(i) == platform::Source::proc) {
            const platform::TableKey table = platform::kTables.at(i);
            text += fmt::format(", {} {} by /proc/net", word_for(table.protocol), word_for(table.family));
        }
    }
    return any ? text : "no source";
}

std::string sources_in_full(const snapshot::Snapshot& snapshot) {
    std::string text;
    for (std::size_t i = 0; i < snapshot.tables.size(); ++i) {
        const platform::TableKey table = platform::kTables.at(i);
        const platform::TableStatus& status = snapshot.tables.at(i);
        text += fmt::format("{}{} {}: {}", i > 0 ? "\n" : "", word_for(table.protocol), word_for(table.family),
                            word_for(status.source));
        if (!status.why.empty()) {
            text += fmt::format(". {}", status.why);
        }
    }
    return text;
}

std::string cost_text(std::chrono::microseconds cost) {
    const double milliseconds = std::chrono::duration<double, std::milli>(cost).count();
    return milliseconds < 10 ? fmt::format("{:.1f} ms", milliseconds) : fmt::format("{:.0f} ms", milliseconds);
}

std::string copy_text(const snapshot::Snapshot& snapshot, const snapshot::Row& row) {
    std::string text = row.port_text;
    if (const snapshot::Process* process = snapshot::topmost_process(snapshot, row)) {
        text += fmt::format(" {} {}", process->name, process->id.pid);
    }
    return text;
}

} // namespace portside::ui
