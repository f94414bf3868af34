// SPDX-License-Identifier: MIT
// What arrives: snapshots and outcomes. What the person asks for is in session_intents.cpp.
#include "app/session/session.h"

#include <algorithm>
#include <cstdlib>
#include <fmt/format.h>

namespace portside::session {

using jobs::Problem;
using jobs::Stage;
using ui::KillPhase;
using ui::Notice;

namespace {

using namespace std::chrono_literals;
constexpr auto kRefusalStays = 10s;
constexpr std::size_t kMostNotices = 3;

} // namespace

Session::Session(Work& work, Settings settings, WindowState window, bool always_bound, uid_t current_uid)
    : work_(work), settings_(settings), always_bound_(always_bound), current_uid_(current_uid) {
    model_.sort = window.sort;
    const char* home = std::getenv("HOME"); // NOLINT(concurrency-mt-unsafe): nothing in the program sets variables
    model_.home = home == nullptr ? "" : home;
}

void Session::refresh(ui::SteadyTime now) {
    model_.now = now;
    take_snapshot(work_.report());
    for (const auto& update : work_.take_updates()) {
        take_update(update);
    }
    for (auto tracked = tracked_.begin(); tracked != tracked_.end();) {
        const bool over = tracked->second.forget_at && *tracked->second.forget_at <= now;
        views_stale_ = views_stale_ || over;
        tracked = over ? tracked_.erase(tracked) : std::next(tracked);
    }
    if (arrangement_stale_) {
        rearrange();
    }
    if (views_stale_) {
        rebuild_views();
    }
}

std::optional<ui::SteadyTime> Session::next_refresh() const {
    std::optional<ui::SteadyTime> next;
    for (const auto& [row, tracked] : tracked_) {
        if (tracked.forget_at && (!next || *tracked.forget_at < *next)) {
            next = tracked.forget_at;
        }
    }
    return next;
}

void Session::take_snapshot(const snapshot::ScannerReport& report) {
    model_.scan_error = report.error;
    if (report.snapshot == model_.snapshot) {
        return;
    }
    const auto before = model_.snapshot;
    model_.snapshot = report.snapshot;
    std::map<snapshot::RowKey, ui::SteadyTime> new_rows;
    for (const auto& row : report.snapshot->rows) {
        if (const auto known = new_rows_.find(row.key); known != new_rows_.end()) {
            new_rows.insert(*known);
        } else if (before && before->find_row(row.key) == nullptr) {
            new_rows.emplace(row.key, model_.now);
        }
    }
    new_rows_ = std::move(new_rows);
    if (model_.question && report.snapshot->find_row(model_.question->row) == nullptr) {
        model_.question.reset();
        asked_about_.reset();
    }
    arrangement_stale_ = true;
    views_stale_ = true;
}

void Session::rearrange() {
    arrangement_stale_ = false;
    if (model_.snapshot) {
        model_.arrangement = snapshot::arrange(*model_.snapshot, query_, model_.sort);
        ask_for_bound();
    }
}

// An exact port that shows nothing may be bound without listening; the kernel is asked for such sockets only then.
void Session::ask_for_bound() {
    const bool wanted = query_.exact_port().has_value() && (bound_for_query_ || model_.arrangement.rows.empty());
    if (!always_bound_ && wanted != bound_for_query_) {
        bound_for_query_ = wanted;
        work_.set_include_bound(wanted);
    }
}

ui::RowView Session::view_of(const snapshot::Row& row) const {
    ui::RowView view;
    view.action = default_action(*model_.snapshot, row, current_uid_);
    view.knowledge = knowledge_text(row);
    if (const auto known = new_rows_.find(row.key); known != new_rows_.end()) {
        view.new_since = known->second;
    }
    if (reveal_row_ == row.key) {
        view.action = ui::RowAction::none;
        view.status = {KillPhase::authorising, "asking who holds it"};
    }
    const auto tracked = tracked_.find(row.key);
    if (tracked == tracked_.end()) {
        return view;
    }
    view.status = tracked->second.status;
    switch (view.status.phase) {
    case KillPhase::checking:
    case KillPhase::authorising:
    case KillPhase::asked:
    case KillPhase::ended:
        view.action = ui::RowAction::none;
        break;
    case KillPhase::still_running:
        view.action = force_action(*model_.snapshot, row, current_uid_);
        break;
    case KillPhase::none:
    case KillPhase::refused:
        break;
    }
    return view;
}

void Session::rebuild_views() {
    views_stale_ = false;
    model_.views.clear();
    if (!model_.snapshot) {
        return;
    }
    model_.views.reserve(model_.snapshot->rows.size());
    for (const auto& row : model_.snapshot->rows) {
        model_.views.push_back(view_of(row));
    }
}

void Session::add_notice(Notice::Tone tone, std::string text) {
    auto& notices = model_.notices;
    notices.push_back({++last_notice_, tone, std::move(text), model_.now});
    if (notices.size() > kMostNotices) {
        notices.erase(notices.begin());
    }
}

void Session::take_update(const commands::Update& update) {
    if (update.event.job == reveal_job_) {
        take_reveal_update(update);
        return;
    }
    // A row shows its newest job only; what an earlier one says of the same process would be said twice.
    const auto tracked = std::find_if(tracked_.begin(), tracked_.end(),
                                      [&](const auto& entry) { return entry.second.job == update.event.job; });
    if (tracked != tracked_.end()) {
        const auto row = tracked->first;
        take_kill_update(row, update);
        views_stale_ = true;
    }
}

void Session::take_kill_update(const snapshot::RowKey& row, const commands::Update& update) {
    auto& status = tracked_.at(row).status;
    switch (update.event.stage) {
    case Stage::authorising:
        status = {KillPhase::authorising, "waiting for the password"};
        break;
    case Stage::asked:
        status = {KillPhase::asked, is_force(tracked_.at(row).action) ? "being ended" : "asked to stop"};
        break;
    case Stage::still_running:
        status = {KillPhase::still_running,
                  fmt::format("still running after {}", commands::seconds_text(update.event.since_asked))};
        break;
    case Stage::ended:
        if (update.port_after == commands::Update::PortAfter::none) {
            status = {KillPhase::ended,
                      fmt::format("ended after {}", commands::seconds_text(update.event.since_asked))};
        } else {
            const bool free = update.port_after == commands::Update::PortAfter::free;
            add_notice(free ? Notice::Tone::good : Notice::Tone::plain, update.sentence);
            tracked_.erase(row);
        }
        break;
    case Stage::refused:
        take_refusal(row, update);
        break;
    case Stage::revealed:
        break;
    }
}

void Session::take_refusal(const snapshot::RowKey& row, const commands::Update& update) {
    auto& tracked = tracked_.at(row);
    if (update.event.problem == Problem::needs_consent && model_.snapshot) {
        const auto& kill = tracked.order.kill;
        asked_about_ = ui::Act{row, tracked.action, kill.process, kill.inodes};
        asked_with_consent_ = true;
        model_.question = question_for(*model_.snapshot, row, kill.process, tracked.action, update.sentence);
        tracked_.erase(row);
        return;
    }
    if (update.event.problem == Problem::gone) {
        add_notice(Notice::Tone::plain, update.sentence);
        tracked_.erase(row);
        return;
    }
    tracked.status = {KillPhase::refused, "refused: " + update.sentence};
    tracked.forget_at = model_.now + kRefusalStays;
    add_notice(Notice::Tone::bad, update.sentence);
}

void Session::take_reveal_update(const commands::Update& update) {
    views_stale_ = true;
    if (update.event.stage == Stage::authorising) {
        return;
    }
    if (update.event.stage == Stage::refused) {
        add_notice(Notice::Tone::bad, update.sentence);
    }
    reveal_job_ = 0;
    reveal_row_.reset();
    model_.revealing = false;
}

} // namespace portside::session
