// SPDX-License-Identifier: MIT
// Work that only records, and snapshots made by hand, for tests of the session. One thread.
#pragma once

#include "app/session/session.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace portside::session_test {

inline constexpr uid_t kMe = 1000;

class RecordedWork final : public session::Work {
  public:
    snapshot::ScannerReport next_report;
    std::vector<commands::Update> updates;
    std::vector<std::string> still_pending;
    std::vector<commands::KillOrder> kills; // their jobs are 1, 2, 3 ...
    std::vector<std::string> looked_up;     // units; their jobs are 5001, 5002 ...
    bool answers_look_ups = true;
    int reveals = 0; // their jobs are 1001, 1002 ...
    int rescans = 0;
    std::vector<bool> bound;
    std::vector<std::chrono::milliseconds> intervals;
    std::vector<std::vector<pid_t>> visible;
    std::vector<std::optional<snapshot::DetailsWish>> wishes;
    snapshot::DetailsPtr next_details;
    std::vector<std::optional<snapshot::ConnectionsWish>> connection_wishes;
    snapshot::RowConnectionsPtr next_connections;

    snapshot::ScannerReport report() override { return next_report; }
    std::vector<commands::Update> take_updates() override { return std::exchange(updates, {}); }
    std::vector<std::string> pending() override { return still_pending; }
    jobs::JobId kill(const commands::KillOrder& order) override {
        kills.push_back(order);
        return kills.size();
    }
    jobs::JobId look_up(const commands::PlannedKill& kill) override {
        looked_up.push_back(kill.unit ? kill.unit->name : "");
        return answers_look_ups ? 5000 + looked_up.size() : 0;
    }
    jobs::JobId reveal() override { return 1000 + static_cast<jobs::JobId>(++reveals); }
    void set_details_of(std::optional<snapshot::DetailsWish> wish) override { wishes.push_back(std::move(wish)); }
    snapshot::DetailsPtr details() override { return next_details; }
    void set_connections_of(std::optional<snapshot::ConnectionsWish> wish) override {
        connection_wishes.push_back(std::move(wish));
    }
    snapshot::RowConnectionsPtr connections() override { return next_connections; }
    void rescan() override { ++rescans; }
    void set_include_bound(bool include) override { bound.push_back(include); }
    void set_interval(std::chrono::milliseconds interval) override { intervals.push_back(interval); }
    void set_visible(std::vector<pid_t> pids) override { visible.push_back(std::move(pids)); }
};

// Held by this process, or by one that may not be seen.
inline snapshot::Row row(std::uint16_t port, std::optional<pid_t> owner) {
    snapshot::Row made;
    made.key.port = port;
    made.port_text = std::to_string(port);
    made.sockets.resize(1);
    made.sockets[0].inode = port * 10U;
    if (owner) {
        made.key.holder = snapshot::ProcessId{*owner, 5};
        made.owners.push_back({{*owner, 5}, snapshot::Knowledge::holds, {}});
    } else {
        made.key.holder = snapshot::RowKey::Unowned{0, 0};
        made.unknown = snapshot::Unknown::not_permitted;
    }
    return made;
}

// Process 10 is node of me, 20 is nginx of root, 30 is nodemon of me: it started 40, deno.
inline snapshot::SnapshotPtr snapshot_of(std::vector<snapshot::Row> rows) {
    auto made = std::make_shared<snapshot::Snapshot>();
    made->rows = std::move(rows);
    for (const auto& [pid, name] : {std::pair{10, "node"}, {20, "nginx"}, {30, "nodemon"}, {40, "deno"}}) {
        snapshot::Process process;
        process.id = {pid, 5};
        process.uid = pid == 20 ? 0 : kMe;
        process.user = pid == 20 ? "root" : "me";
        process.name = name;
        process.parent = pid == 40 ? 30 : 0;
        process.command_line = {name};
        process.pidfd_id = static_cast<std::uint64_t>(pid) + 900;
        made->processes.push_back(process);
    }
    return made;
}

// A session that was shown rows for ports 80 (of nginx), 3000 (of node) and 5432 (of somebody unknown).
struct Fixture {
    RecordedWork work;
    session::Session session;
    ui::SteadyTime now{std::chrono::hours(1)};

    explicit Fixture(session::Settings settings = {}) : session(work, settings, {}, false, kMe) {
        show({row(80, 20), row(3000, 10), row(5432, std::nullopt)});
    }
    void show(std::vector<snapshot::Row> rows) {
        work.next_report.snapshot = snapshot_of(std::move(rows));
        now += std::chrono::seconds(1);
        session.refresh(now);
    }
    [[nodiscard]] commands::Update update(jobs::Stage stage, jobs::JobId job = 0) const {
        commands::Update made;
        made.event.job = job == 0 ? work.kills.size() : job;
        made.event.stage = stage;
        made.event.since_asked = std::chrono::milliseconds(stage == jobs::Stage::still_running ? 5000 : 200);
        return made;
    }
    void report(jobs::Stage stage, jobs::Problem problem = jobs::Problem::none, std::string sentence = {},
                commands::Update::PortAfter after = commands::Update::PortAfter::none, jobs::JobId job = 0) {
        auto made = update(stage, job);
        made.event.problem = problem;
        made.sentence = std::move(sentence);
        made.port_after = after;
        work.updates.push_back(made);
        session.refresh(now);
    }
    [[nodiscard]] const ui::Model& model() const { return session.model(); }
    [[nodiscard]] ui::RowView view(std::uint32_t index) const { return ui::view_of(model(), index); }
    void act(std::size_t index, ui::RowAction action) {
        const auto& drawn = model().snapshot->rows[index];
        const auto id = drawn.owners.empty() ? snapshot::ProcessId{} : drawn.owners[0].id;
        session.handle({ui::Act{drawn.key, action, id, {drawn.sockets[0].inode}}});
    }
    void answer(std::optional<ui::RowAction> choice) { session.handle({ui::AnswerQuestion{choice}}); }
};

} // namespace portside::session_test
