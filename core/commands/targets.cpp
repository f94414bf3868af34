// SPDX-License-Identifier: MIT
#include "core/commands/targets.h"

#include "core/base/parse.h"
#include "core/base/text.h"

#include <algorithm>
#include <fmt/format.h>

namespace portside::commands {

namespace {

base::Result<Target> malformed(std::string_view text, std::string_view why) {
    return base::failed(base::ErrorKind::malformed,
                        fmt::format("{} is not a target: {}. A target is a port (3000, tcp:3000, udp:53) or pid:1234.",
                                    base::sanitise(text, 200), why));
}

bool means(const Target& target, const snapshot::Row& row) {
    return target.port == row.key.port && (!target.protocol || *target.protocol == row.key.protocol);
}

bool has_owner(const snapshot::Row& row, pid_t pid) {
    return std::any_of(row.owners.begin(), row.owners.end(), [pid](const auto& owner) { return owner.id.pid == pid; });
}

class Planner {
  public:
    Planner(const snapshot::Snapshot& snapshot, uid_t current_uid) : snapshot_(snapshot), current_uid_(current_uid) {}

    void add(const Target& target) {
        bool found = false;
        for (const auto& row : snapshot_.rows) {
            if (target.pid ? has_owner(row, *target.pid) : means(target, row)) {
                found = true;
                add_row(target, row);
            }
        }
        if (!found) {
            plan_.unmatched.push_back(target);
        }
    }

    KillPlan take() { return std::move(plan_); }

  private:
    void add_row(const Target& target, const snapshot::Row& row) {
        if (row.owners.empty()) {
            plan_.ownerless.push_back(
                {"port " + row.port_text, row.user, row.unknown.value_or(snapshot::Unknown::not_found)});
            return;
        }
        // Killing a worker frees nothing, so the topmost owner is taken, but for a pid that was named.
        snapshot::ProcessId process = row.owners.front().id;
        for (const auto& owner : row.owners) {
            if (target.pid == owner.id.pid) {
                process = owner.id;
            }
        }
        auto known = std::find_if(plan_.kills.begin(), plan_.kills.end(),
                                  [&](const PlannedKill& kill) { return kill.process == process; });
        if (known == plan_.kills.end()) {
            const auto* facts = snapshot_.find_process(process);
            const bool own = current_uid_ == 0 || (facts != nullptr && facts->uid == current_uid_);
            plan_.kills.push_back({row.key,
                                   process,
                                   {},
                                   own,
                                   label_of(snapshot_, process),
                                   "port " + row.port_text,
                                   facts == nullptr ? 0 : facts->pidfd_id,
                                   row.unit,
                                   row.container});
            known = std::prev(plan_.kills.end());
        }
        for (const auto& socket : row.sockets) {
            known->inodes.push_back(socket.inode);
        }
    }

    const snapshot::Snapshot& snapshot_;
    uid_t current_uid_;
    KillPlan plan_;
};

} // namespace

base::Result<Target> parse_target(std::string_view text) {
    Target target;
    target.text = std::string(text);
    std::string_view number = text;
    if (const auto colon = text.find(':'); colon != std::string_view::npos) {
        const auto field = text.substr(0, colon);
        number = text.substr(colon + 1);
        if (field == "pid") {
            const auto pid = base::parse_number<pid_t>(number);
            if (!pid || *pid == 0) {
                return malformed(text, "after pid: comes a process number above 0");
            }
            target.pid = *pid;
            return target;
        }
        if (field == "tcp" || field == "udp") {
            target.protocol = field == "tcp" ? platform::Protocol::tcp : platform::Protocol::udp;
        } else if (!field.empty()) {
            return malformed(text, "before the colon stands tcp, udp, pid or nothing");
        }
    }
    const auto port = base::parse_number<std::uint16_t>(number);
    if (!port || *port == 0) {
        return malformed(text, "ports go from 1 to 65535");
    }
    target.port = *port;
    return target;
}

KillPlan plan_kills(const snapshot::Snapshot& snapshot, const std::vector<Target>& targets, uid_t current_uid) {
    Planner planner(snapshot, current_uid);
    for (const auto& target : targets) {
        planner.add(target);
    }
    return planner.take();
}

std::string label_of(const snapshot::Snapshot& snapshot, const snapshot::ProcessId& process) {
    const auto* facts = snapshot.find_process(process);
    return facts == nullptr || facts->name.empty() ? fmt::format("process {}", process.pid)
                                                   : fmt::format("{} ({})", facts->name, process.pid);
}

} // namespace portside::commands
