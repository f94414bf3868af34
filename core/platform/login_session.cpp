// SPDX-License-Identifier: MIT
// /proc/self/cgroup (cgroups(7)) names the session's folder, its cgroup.procs the processes. Any thread.
#include "core/platform/login_session.h"

#include "core/base/file.h"
#include "core/base/parse.h"
#include "core/platform/process.h"

#include <algorithm>
#include <fcntl.h>
#include <optional>
#include <string_view>
#include <tuple>

namespace portside::platform {

namespace {

// "/user.slice/user-1000.slice/session-3.scope", whatever follows; nothing where no part is a session's.
std::optional<std::string> session_part(std::string_view path) {
    std::size_t end = 0;
    for (const auto part : base::split_at(path, '/')) {
        end += part.size();
        if (part.starts_with("session-") && part.ends_with(".scope")) {
            return std::string(path.substr(0, end));
        }
        ++end; // the '/'
    }
    return std::nullopt;
}

// Lines are "0::PATH" for cgroup2, and "1:name=systemd:PATH" where systemd keeps to the first version.
std::optional<std::string> session_path(const std::string& proc_root) {
    const auto text = base::read_file(AT_FDCWD, (proc_root + "/self/cgroup").c_str());
    if (!text) {
        return std::nullopt;
    }
    for (const auto line : base::split_at(*text, '\n')) {
        const auto first = line.find(':');
        const auto second = first == std::string_view::npos ? first : line.find(':', first + 1);
        if (second == std::string_view::npos) {
            continue;
        }
        if (auto path = session_part(line.substr(second + 1))) {
            return path;
        }
    }
    return std::nullopt;
}

std::vector<ProcessStat> processes_in(const std::string& path, const std::string& proc_root,
                                      const std::string& cgroup_root) {
    std::vector<ProcessStat> found;
    for (const char* hierarchy : {"", "/systemd", "/unified"}) {
        const auto text = base::read_file(AT_FDCWD, (cgroup_root + hierarchy + path + "/cgroup.procs").c_str());
        if (!text) {
            continue;
        }
        for (const auto line : base::split_at(*text, '\n')) {
            const auto pid = base::parse_number<pid_t>(line);
            auto stat = pid && *pid > 1 ? read_stat(*pid, proc_root) : base::failed(base::ErrorKind::not_found, "");
            if (stat) {
                found.push_back(std::move(*stat));
            }
        }
        break;
    }
    return found;
}

} // namespace

LoginSession find_login_session(const std::string& proc_root, const std::string& cgroup_root) {
    LoginSession session;
    const auto path = session_path(proc_root);
    if (!path) {
        return session;
    }
    const auto members = processes_in(*path, proc_root, cgroup_root);
    const auto first = std::min_element(members.begin(), members.end(), [](const auto& a, const auto& b) {
        return std::tie(a.id.start_time, a.id.pid) < std::tie(b.id.start_time, b.id.pid);
    });
    // Once who logged in has ended, the oldest that was left behind is nobody special.
    const auto facts =
        first == members.end() ? base::failed(base::ErrorKind::not_found, "") : read_process(first->id.pid, proc_root);
    if (!facts || facts->uid != uid_t{0}) {
        return session;
    }
    for (const auto& member : members) {
        if (member.id == first->id || member.parent == first->id.pid) {
            session.carriers.push_back(member.id);
        }
    }
    pid_t pid = first->parent;
    for (int depth = 0; depth < 128 && pid > 1; ++depth) { // see ancestors() for the limit
        const auto stat = read_stat(pid, proc_root);
        if (!stat) {
            break;
        }
        session.above.push_back(stat->id);
        pid = stat->parent;
    }
    return session;
}

} // namespace portside::platform
