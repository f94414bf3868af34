// SPDX-License-Identifier: MIT
// A process as it is shown: what /proc told, made safe to draw. Pure; any thread.
#include "core/snapshot/process_view.h"

#include "core/base/text.h"
#include "core/platform/cgroup_path.h"

#include <fmt/format.h>

namespace portside::snapshot {

namespace {

constexpr std::size_t kLongestName = 256; // a file name's limit; a title may be as long as a command line

std::string safe_name(const platform::ProcessFacts& facts) {
    std::string name = base::sanitise(platform::process_name(facts), kLongestName);
    const bool blank = name.find_first_not_of(' ') == std::string::npos;
    return blank ? fmt::format("pid {}", facts.stat.id.pid) : name;
}

std::optional<std::string> safe_text(const std::optional<std::string>& raw) {
    return raw ? std::optional(base::sanitise(*raw)) : std::nullopt;
}

void append_quoted(std::string& line, const std::string& argument) {
    line += '\'';
    for (const char c : argument) {
        if (c == '\'') {
            line += "'\\''";
        } else {
            line += c;
        }
    }
    line += '\'';
}

} // namespace

std::string user_text(const std::unordered_map<uid_t, std::string>& users, uid_t uid) {
    const auto found = users.find(uid);
    return found == users.end() || found->second.empty() ? std::to_string(uid) : base::sanitise(found->second);
}

std::string one_line(std::span<const std::string> arguments) {
    if (arguments.size() == 1) {
        return arguments.front();
    }
    std::string line;
    for (const auto& argument : arguments) {
        if (!line.empty()) {
            line += ' ';
        }
        if (argument.empty() || argument.find_first_of(" '") != std::string::npos) {
            append_quoted(line, argument);
        } else {
            line += argument;
        }
    }
    return line;
}

Process view_of(const platform::ProcessFacts& facts, const std::unordered_map<uid_t, std::string>& users) {
    Process process;
    process.id = facts.stat.id;
    process.parent = facts.stat.parent;
    process.pidfd_id = facts.pidfd_id;
    process.uid = facts.uid;
    if (facts.uid) {
        process.user = user_text(users, *facts.uid);
    }
    process.name = safe_name(facts);
    process.executable = safe_text(facts.executable);
    process.cwd = safe_text(facts.cwd);
    process.project = safe_text(facts.project);
    if (facts.cgroup) {
        process.unit = platform::keeper_of(*facts.cgroup).unit; // of plain letters only
    }
    if (facts.command_line) {
        auto& arguments = process.command_line.emplace();
        arguments.reserve(facts.command_line->size());
        for (const auto& argument : *facts.command_line) {
            arguments.push_back(base::sanitise(argument));
        }
        process.command_text = base::sanitise(one_line(arguments)); // again for its length
    }
    return process;
}

ProcessList ProcessViews::of(std::span<const platform::ProcessFacts* const> facts,
                             const std::unordered_map<uid_t, std::string>& users) {
    if (users_ != users) {
        users_ = users;
        last_.clear();
        versions_.clear();
    }
    ProcessList made;
    made.reserve(facts.size());
    std::vector<std::uint64_t> versions;
    versions.reserve(facts.size());
    std::size_t at = 0; // both are by pid: one walk over them
    for (const auto* const process : facts) {
        while (at < last_.size() && last_[at].id.pid < process->stat.id.pid) {
            ++at;
        }
        const bool same = at < last_.size() && last_[at].id == process->stat.id && process->version != 0 &&
                          versions_[at] == process->version;
        same ? made.push_back(last_.shared(at)) : made.push_back(view_of(*process, users));
        versions.push_back(process->version);
    }
    last_ = made;
    versions_ = std::move(versions);
    return made;
}

} // namespace portside::snapshot
