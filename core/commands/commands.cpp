// SPDX-License-Identifier: MIT
#include "core/commands/commands.h"

#include "core/commands/kill_sentences.h"
#include "core/commands/stop_requests.h"
#include "core/snapshot/arrangement.h"
#include "core/snapshot/json.h"
#include "core/snapshot/told_owners.h"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

namespace portside::commands {

using jobs::Problem;
using jobs::Stage;

base::Result<snapshot::SnapshotPtr> list_once(snapshot::ScannerOptions options, const snapshot::Query& query,
                                              const supervisors::Places& places,
                                              std::chrono::milliseconds engine_limit) {
    const bool asked_for_bound = options.include_bound;
    snapshot::Scanner scanner(std::move(options));
    auto found = scanner.scan();
    const auto matches = [&](const auto& row) { return query.matches(**found, row); };
    if (found && !asked_for_bound && query.exact_port() && std::ranges::none_of((*found)->rows, matches)) {
        scanner.set_include_bound(true);
        found = scanner.scan();
    }
    if (!found) {
        return found;
    }
    auto told = ask_container_names(**found, places, engine_limit);
    if (told.empty()) {
        return found;
    }
    scanner.add_container_names(std::move(told));
    return scanner.scan();
}

Commands::Commands(Options options)
    : patience_(options.patience), program_(std::move(options.program)), source_(options.scanner.source),
      log_(std::move(options.kill_log), options.wake),
      scanner_(std::move(options.scanner), options.interval, options.wake, options.paused),
      jobs_(std::move(options.jobs), options.wake) {}

Commands::~Commands() {
    static_cast<void>(finish_log());
}

std::optional<std::string> Commands::finish_log() {
    for (const auto& [job, kill] : std::exchange(kills_, {})) {
        log(kill);
    }
    log_.finish();
    return log_.problem();
}

jobs::JobId Commands::kill(const KillOrder& order) {
    const auto job = start(order);
    kills_.emplace(job, RunningKill{order, plan_of(order), std::nullopt, {}, "had not ended when Portside quit"});
    return job;
}

jobs::JobId Commands::start(const KillOrder& order) {
    jobs::KillRequest request;
    request.target = {order.kill.process, order.kill.inodes, order.signal, order.consented, order.kill.pidfd_id};
    request.elevate = order.elevate;
    request.internal_agent = order.internal_agent;
    request.patience = patience_;
    switch (order.way) {
    case Way::kill_tree: {
        jobs::TreeRequest tree{std::move(request)};
        if (order.kill.holder) {
            tree.holder = platform::SignalTarget{*order.kill.holder, std::exchange(tree.kill.target.inodes, {})};
        }
        return jobs_.start(std::move(tree));
    }
    case Way::stop_unit:
        return jobs_.start(stop_unit_request(order, patience_));
    case Way::stop_container:
        return jobs_.start(stop_container_request(order, patience_));
    case Way::kill:
        break;
    }
    return jobs_.start(std::move(request));
}

jobs::JobId Commands::look_up(const PlannedKill& kill) {
    return jobs_.start(look_up_request(kill));
}

EndCheck::Plan Commands::plan_of(const KillOrder& order) const {
    EndCheck::Plan plan;
    plan.unit = order.kill.unit;
    plan.source = source_;
    const auto snapshot = scanner_.report().snapshot;
    plan.ports.push_back(port_before(snapshot.get(), order.kill.row.protocol, order.kill.row.port));
    for (const auto& row : order.kill.other_rows) {
        const bool known = std::any_of(plan.ports.begin(), plan.ports.end(), [&](const PortBefore& port) {
            return port.protocol == row.protocol && port.port == row.port;
        });
        if (!known) {
            plan.ports.push_back(port_before(snapshot.get(), row.protocol, row.port));
        }
    }
    if (snapshot) {
        plan.comes_back = return_of(*snapshot, order.kill.unit, order.kill.container.has_value(), order.kill.process);
    }
    return plan;
}

jobs::JobId Commands::reveal(bool internal_agent) {
    return jobs_.start(jobs::RevealRequest{program_, internal_agent});
}

std::optional<Update> Commands::take_in(jobs::JobEvent event) {
    for (auto& [job, kill] : kills_) {
        if (kill.check && kill.check->take(event)) {
            return std::nullopt; // what it means is told by the check
        }
    }
    if (event.stage == Stage::port_seen) {
        return std::nullopt; // of a check that is over
    }
    if (event.stage == Stage::named) {
        if (auto told = told_containers(event); !told.empty()) {
            scanner_.add_container_names(std::move(told));
        }
        return std::nullopt; // the next snapshot shows it
    }
    Update update;
    if (const auto kill = kills_.find(event.job); kill != kills_.end()) {
        take_in(kill, event, update);
    } else if (event.stage == Stage::revealed) {
        take_revealed(event, update);
    } else if (event.stage == Stage::refused) {
        update.sentence = event.sentence;
        scanner_.request_scan();
    }
    update.event = std::move(event);
    return update;
}

void Commands::take_in(Kills::iterator kill, const jobs::JobEvent& event, Update& update) {
    auto& running = kill->second;
    switch (event.stage) {
    case Stage::refused:
        update.sentence = event.sentence;
        running.outcome = event.sentence;
        if (event.problem != Problem::needs_consent) { // that was a question, no kill
            log(running);
        }
        kills_.erase(kill);
        scanner_.request_scan(); // what was drawn is no longer what is there
        break;
    case Stage::still_running:
        update.sentence = still_running_sentence(running.order, event);
        running.outcome = update.sentence;
        break;
    case Stage::ended:
        update.sentence = end_sentence(running.order, event) + ".";
        running.outcome = update.sentence;
        running.end = event;
        running.check.emplace(std::move(running.plan), end_sentence(running.order, event), scanner_, jobs_);
        break;
    case Stage::authorising:
        running.outcome = prompt_open_sentence(event);
        break;
    case Stage::asked:
        running.outcome = "had not ended when Portside quit";
        break;
    case Stage::revealed:
    case Stage::looked_up:
    case Stage::port_seen:
    case Stage::named:
        break;
    }
}

void Commands::take_revealed(jobs::JobEvent& event, Update& update) {
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
}

std::vector<Update> Commands::take_updates() {
    std::vector<Update> updates;
    for (auto& event : jobs_.take_events()) {
        if (auto update = take_in(std::move(event))) {
            updates.push_back(std::move(*update));
        }
    }
    const auto report = scanner_.report();
    if (auto request = container_names_.to_ask(report.snapshot)) {
        static_cast<void>(jobs_.start(std::move(*request)));
    }
    for (auto kill = kills_.begin(); kill != kills_.end();) {
        auto& running = kill->second;
        if (auto news = running.check ? running.check->news(report) : std::nullopt) {
            running.outcome = news->sentence;
            updates.push_back({running.end, news->after, std::move(news->sentence)});
        }
        if (running.check && running.check->over()) {
            log(running);
            kill = kills_.erase(kill);
        } else {
            ++kill;
        }
    }
    if (auto problem = log_.problem()) {
        Update update;
        update.sentence = std::move(*problem);
        updates.push_back(std::move(update));
    }
    return updates;
}

std::vector<std::string> Commands::pending() const {
    std::vector<std::string> texts;
    for (const auto& [job, kill] : kills_) {
        if (!kill.check) {
            texts.push_back(fmt::format("{} on {}", kill.order.kill.label, kill.order.kill.port));
        }
    }
    return texts;
}

std::size_t Commands::watching() const {
    return static_cast<std::size_t>(
        std::count_if(kills_.begin(), kills_.end(), [](const auto& kill) { return kill.second.check.has_value(); }));
}

void Commands::log(const RunningKill& kill) {
    log_.add(log_text(kill.order, kill.outcome));
}

} // namespace portside::commands
