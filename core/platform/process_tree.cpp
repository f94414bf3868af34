// SPDX-License-Identifier: MIT
// Families by facts of proc_pid_stat(5): parent (4), group (5), session (6), start time (22). Any thread.
#include "core/platform/process_tree.h"

#include "core/base/file.h"
#include "core/base/parse.h"
#include "core/base/text.h"
#include "core/base/unique_fd.h"
#include "core/platform/directory.h"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <memory>

namespace portside::platform {

namespace {

const Relative* find(const std::vector<Relative>& all, pid_t pid) {
    const auto found = std::lower_bound(all.begin(), all.end(), pid, [](const Relative& process, pid_t wanted) {
        return process.stat.id.pid < wanted;
    });
    return found != all.end() && found->stat.id.pid == pid ? &*found : nullptr;
}

} // namespace

std::optional<Relative> parse_relative(std::string_view stat_text) {
    auto stat = parse_stat(stat_text);
    if (!stat) {
        return std::nullopt;
    }
    const auto words = base::split_words(stat_text.substr(stat_text.rfind(')') + 1)); // state parent group session
    if (words.size() < 4) {
        return std::nullopt;
    }
    const auto group = base::parse_number<pid_t>(words[2]);
    const auto session = base::parse_number<pid_t>(words[3]);
    if (!group || !session) { // (0 is that of a kernel thread, and of one whose leader is in another pid namespace)
        return std::nullopt;
    }
    return Relative{std::move(*stat), *group, *session};
}

base::Result<std::vector<Relative>> read_relatives(const std::string& proc_root) {
    const base::UniqueFd folder(::open(proc_root.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!folder) {
        return base::failed(base::error_from_errno(errno, fmt::format("Could not read {}", proc_root)));
    }
    std::vector<Relative> all;
    const auto reader = std::make_unique<DirectoryReader>();
    const int error = reader->read(folder.get(), [&](std::string_view name) {
        if (base::parse_number<pid_t>(name)) {
            const auto text = base::read_file(folder.get(), fmt::format("{}/stat", name).c_str());
            if (auto relative = text ? parse_relative(*text) : std::nullopt) {
                all.push_back(std::move(*relative));
            }
        }
        return true;
    });
    if (error != 0) {
        return base::failed(base::error_from_errno(error, fmt::format("Could not list {}", proc_root)));
    }
    std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.stat.id < b.stat.id; });
    return all;
}

std::string label_of(const ProcessStat& stat) {
    const std::string name = base::sanitise(stat.comm, 64);
    return name.empty() ? fmt::format("process {}", stat.id.pid) : fmt::format("{} ({})", name, stat.id.pid);
}

bool ProcessTree::has(const ProcessId& id) const {
    const auto found = taken_.find(id.pid);
    return found != taken_.end() && found->second == id.start_time;
}

// Whether the number means a member: one that runs, or one that has ended and whose number is nobody else's by now.
bool ProcessTree::is_member(pid_t pid, const std::vector<Relative>& all) const {
    const auto found = taken_.find(pid);
    if (found == taken_.end()) {
        return false;
    }
    const auto* const now = find(all, pid);
    return now == nullptr || now->stat.id.start_time == found->second;
}

bool ProcessTree::descends(const Relative& process, const std::vector<Relative>& all) const {
    const auto& id = process.stat.id;
    if (has(id) || id.start_time < root_.start_time) {
        return false;
    }
    if (is_member(process.stat.parent, all)) {
        return true;
    }
    const bool born_into = is_member(process.group, all) || is_member(process.session, all);
    return born_into && !strangers_.contains(id);
}

std::vector<Relative> ProcessTree::take_new(const std::vector<Relative>& all) {
    std::vector<Relative> found;
    const bool first = taken_.empty();
    if (first) {
        const auto* const root = find(all, root_.pid);
        if (root == nullptr || root->stat.id != root_) {
            return found;
        }
        taken_.emplace(root_.pid, root_.start_time);
        found.push_back(*root);
        // By parents alone: everybody else is a stranger, though it be in the root's group, as the other end of a pipe.
        for (const auto& process : all) {
            strangers_.insert(process.stat.id);
        }
    }
    // Generation by generation, so that a parent comes before its children.
    for (bool grew = true; grew;) {
        std::vector<const Relative*> generation;
        for (const auto& process : all) {
            if (descends(process, all)) {
                generation.push_back(&process);
            }
        }
        grew = !generation.empty();
        for (const auto* process : generation) {
            taken_.insert_or_assign(process->stat.id.pid, process->stat.id.start_time);
            strangers_.erase(process->stat.id);
            found.push_back(*process);
        }
    }
    return found;
}

} // namespace portside::platform
