// SPDX-License-Identifier: MIT
#include "core/commands/commands.h"

#include "core/snapshot/arrangement.h"
#include "core/snapshot/json.h"
#include "core/snapshot/told_owners.h"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

namespace portside::commands {

using jobs::Problem;
using jobs::Stage;

namespace {

std::string end_sentence(const KillOrder& order, const jobs::JobEvent& event) {
    if (!event.signal_sent) {
        return fmt::format("{} ended by itself; nothing was sent.", order.kill.label);
    }
    return fmt::format("{} ended after {}.", order.kill.label, seconds_text(event.since_asked));
}

std::string holders_text(const snapshot::Snapshot& snapshot, const snapshot::Row& row) {
    if (row.owners.empty()) {
        return fmt::format("a process of {}", row.user);
    }
    const auto first = label_of(snapshot, row.owners.front().id);
    return row.owners.size() == 1 ? first : fmt::format("{} and {} more", first, row.owners.size() - 1);
}

} // namespace

base::Result<snapshot::SnapshotPtr> list_once(snapshot::ScannerOptions options, const snapshot::Query& query) {
    const bool asked_for_bound = options.include_bound;
    snapshot::Scanner scanner(std::move(options));
    auto found = scanner.scan();
    if (!found || asked_for_bound || !query.exact_port()) {
        return found;
    }
    const auto& rows = (*found)->rows;
    if (std::any_of(rows.begin(), rows.end(), [&](const auto& row) { return query.matches(**found, row); })) {
        return found;
    }
    scanner.set_include_bound(true);
    return scanner.scan();
}

Commands::Commands(Options options)
    : patience_(options.patience), program_(std::move(options.program)),
      scanner_(std::move(options.scanner), options.interval, options.wake),
      jobs_(std::move(options.jobs), options.wake) {}

jobs::JobId Commands::kill(const KillOrder& order) {
    jobs::KillRequest request;
    request.target = {order.kill.process, order.kill.inodes, order.signal, order.consented, order.kill.pidfd_id};
    request.elevate = order.elevate;
    request.internal_agent = order.internal_agent;
    request.patience = patience_;
    const auto job = jobs_.start(std::move(request));
    kills_.emplace(job, RunningKill{order, std::nullopt, {}});
    return job;
}

jobs::JobId Commands::reveal(bool internal_agent) {
    return jobs_.start(jobs::RevealRequest{program_, internal_agent});
}

Update Commands::take_in(jobs::JobEvent event) {
    Update update;
    const auto kill = kills_.find(event.job);
    switch (event.stage) {
    case Stage::refused:
        update.sentence = event.sentence;
        if (kill != kills_.end()) {
            kills_.erase(kill);
        }
        scanner_.request_scan(); // what was drawn is no longer what is there
        break;
    case Stage::still_running:
        if (kill != kills_.end()) {
            update.sentence = fmt::format("{} is still running after {}.", kill->second.order.kill.label,
                                          seconds_text(event.since_asked));
        }
        break;
    case Stage::ended:
        if (kill != kills_.end()) {
            update.sentence = end_sentence(kill->second.order, event);
            kill->second.scan_request = scanner_.request_scan();
            kill->second.end = event;
        }
        break;
    case Stage::revealed: {
        const auto now = std::chrono::system_clock::now();
        auto told = event.owners ? snapshot::told_owners(*event.owners, scanner_.report().snapshot, now)
                                 : snapshot::privileged_owners_from_json(event.output, now);
        if (told) {
            update.revealed = told->size();
            scanner_.set_privileged_owners(std::move(*told));
        } else {
            event.stage = Stage::refused;
            event.problem = Problem::failed;
            update.sentence = told.error().what;
        }
        event.output.clear();
        event.owners.reset();
        break;
    }
    case Stage::authorising:
    case Stage::asked:
        break;
    }
    update.event = std::move(event);
    return update;
}

Update Commands::after_end(const RunningKill& kill, const snapshot::Snapshot& snapshot) const {
    Update update;
    update.event = kill.end;
    update.port_after = Update::PortAfter::free;
    const auto& key = kill.order.kill.row;
    const auto end = end_sentence(kill.order, kill.end);
    for (const auto& row : snapshot.rows) {
        if (row.key.port == key.port && row.key.protocol == key.protocol) {
            update.port_after = Update::PortAfter::held;
            update.sentence = fmt::format("{} But {} holds port {}.", end, holders_text(snapshot, row), row.port_text);
            return update;
        }
    }
    update.sentence = fmt::format("Port {} is free. {}", key.port, end);
    return update;
}

Update Commands::after_failed_scan(const RunningKill& kill) const {
    Update update;
    update.event = kill.end;
    update.port_after = Update::PortAfter::unknown;
    update.sentence = fmt::format("{} Whether port {} is free could not be seen.", end_sentence(kill.order, kill.end),
                                  kill.order.kill.row.port);
    return update;
}

std::vector<Update> Commands::take_updates() {
    std::vector<Update> updates;
    for (auto& event : jobs_.take_events()) {
        updates.push_back(take_in(std::move(event)));
    }
    const auto report = scanner_.report();
    for (auto kill = kills_.begin(); kill != kills_.end();) {
        const auto& request = kill->second.scan_request;
        if (request && report.snapshot && report.answered_request >= *request) {
            updates.push_back(report.error.empty() ? after_end(kill->second, *report.snapshot)
                                                   : after_failed_scan(kill->second));
            kill = kills_.erase(kill);
        } else {
            ++kill;
        }
    }
    return updates;
}

std::vector<std::string> Commands::pending() const {
    std::vector<std::string> texts;
    for (const auto& [job, kill] : kills_) {
        if (!kill.scan_request) {
            texts.push_back(fmt::format("{} on {}", kill.order.kill.label, kill.order.kill.port));
        }
    }
    return texts;
}

std::string seconds_text(std::chrono::milliseconds time) {
    const auto tenths = (time.count() + 50) / 100;
    if (tenths == 0) {
        return "less than 0.1 s";
    }
    return tenths < 100 && tenths % 10 != 0 ? fmt::format("{}.{} s", tenths / 10, tenths % 10)
                                            : fmt::format("{} s", tenths / 10);
}

} // namespace portside::commands
