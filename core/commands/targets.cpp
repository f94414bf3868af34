// SPDX-License-Identifier: MIT
#include "core/commands/targets.h"

#include "core/base/parse.h"
#include "core/base/text.h"
#include "core/commands/stop_plan.h"
#include "core/snapshot/respawner.h"

#include <algorithm>
#include <fmt/format.h>

namespace portside::commands {

namespace {

base::Result<Target> malformed(std::string_view text, std::string_view why) {
    return base::failed(base::ErrorKind::malformed,
                        fmt::format("{} is not a target: {}. A target is a port (3000, tcp:3000, udp:53) or pid:1234.",
                                    base::sanitise(text, 200), why));
}

class Planner {
  public:
    Planner(const snapshot::Snapshot& snapshot, uid_t current_uid, bool trees)
        : snapshot_(snapshot), current_uid_(current_uid), trees_(trees) {}

    void add(const Target& target) {
        bool found = false;
        for (const auto& row : snapshot_.rows) {
            if (means(target, row)) {
                found = true;
                add_row(target, row);
            }
        }
        if (!found && !(trees_ && target.pid && add_ancestor(*target.pid))) {
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
        if (snapshot::is_held_by_managers_only(snapshot_, row)) {
            plan_.activated.push_back({label_of(snapshot_, row.owners.front().id), planned_stop(snapshot_, row)});
            return;
        }
        // Killing a worker frees nothing, so the topmost owner is taken, but for a pid that was named.
        snapshot::ProcessId process = row.owners.front().id;
        for (const auto& owner : row.owners) {
            if (target.pid == owner.id.pid) {
                process = owner.id;
            }
        }
        add_inodes(planned(row, process), row);
    }

    // Whether the process is an ancestor of an owner: then it is the root of a tree that holds the owner's row.
    bool add_ancestor(pid_t pid) {
        bool found = false;
        for (const auto& row : snapshot_.rows) {
            for (const auto& owner : row.owners) {
                const auto* const root = ancestor(owner.id, pid);
                if (root == nullptr) {
                    continue;
                }
                auto& kill = planned(row, root->id);
                if (!kill.holder || kill.holder == owner.id) {
                    kill.holder = owner.id;
                    add_inodes(kill, row);
                }
                found = true;
                break;
            }
        }
        return found;
    }

    [[nodiscard]] const snapshot::Process* ancestor(const snapshot::ProcessId& process, pid_t pid) const {
        const auto* at = snapshot_.find_process(process);
        for (std::size_t steps = 0; at != nullptr && steps < snapshot_.processes.size(); ++steps) {
            at = snapshot::find_pid(snapshot_, at->parent);
            if (at != nullptr && at->id.pid == pid) {
                return at;
            }
        }
        return nullptr;
    }

    PlannedKill& planned(const snapshot::Row& row, const snapshot::ProcessId& process) {
        const auto known = std::find_if(plan_.kills.begin(), plan_.kills.end(),
                                        [&](const PlannedKill& kill) { return kill.process == process; });
        if (known != plan_.kills.end()) {
            auto& others = known->other_rows;
            if (known->row != row.key && std::find(others.begin(), others.end(), row.key) == others.end()) {
                others.push_back(row.key);
            }
            return *known;
        }
        const auto* facts = snapshot_.find_process(process);
        auto& kill = plan_.kills.emplace_back();
        kill.row = row.key;
        kill.process = process;
        kill.own = current_uid_ == 0 || (facts != nullptr && facts->uid == current_uid_);
        kill.label = label_of(snapshot_, process);
        kill.port = "port " + row.port_text;
        kill.pidfd_id = facts == nullptr ? 0 : facts->pidfd_id;
        kill.unit = row.unit;
        kill.container = row.container;
        return kill;
    }

    static void add_inodes(PlannedKill& kill, const snapshot::Row& row) {
        for (const auto& socket : row.sockets) {
            kill.inodes.push_back(socket.inode);
        }
    }

    const snapshot::Snapshot& snapshot_;
    uid_t current_uid_;
    bool trees_;
    KillPlan plan_;
};

} // namespace

bool means(const Target& target, const snapshot::Row& row) {
    if (target.pid) {
        return std::any_of(row.owners.begin(), row.owners.end(),
                           [&](const snapshot::Owner& owner) { return owner.id.pid == *target.pid; });
    }
    return target.port == row.key.port && (!target.protocol || *target.protocol == row.key.protocol);
}

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

KillPlan plan_kills(const snapshot::Snapshot& snapshot, const std::vector<Target>& targets, uid_t current_uid,
                    bool trees) {
    Planner planner(snapshot, current_uid, trees);
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
