// SPDX-License-Identifier: MIT
// What arrives: snapshots and outcomes. What the person asks for is in session_intents.cpp.
#include "app/session/session.h"

#include "core/snapshot/origins.h"

#include <algorithm>
#include <cstdlib>
#include <fmt/format.h>
#include <utility>

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
    model_.current_uid = current_uid;
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
        marks_stale_ = marks_stale_ || over;
        tracked = over ? tracked_.erase(tracked) : std::next(tracked);
    }
    if (arrangement_stale_) {
        rearrange();
    }
    if (marks_stale_) {
        rebuild_marks();
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
    if (model_.scan_error != report.error) {
        model_.scan_error = report.error;
    }
    if (report.snapshot == model_.snapshot) {
        if (model_.snapshot) {
            arranger_.prepare(model_.snapshot); // in a frame in which there is nothing else to do
        }
        return;
    }
    const auto before = std::exchange(model_.snapshot, report.snapshot);
    note_new_rows(before.get());
    if (model_.question && report.snapshot->find_row(model_.question->row) == nullptr) {
        model_.question.reset();
        asked_about_.reset();
    }
    arrangement_stale_ = true;
    marks_stale_ = true;
}

// A row whose owner became known has another key, but it is not new; if it is still glowing, it goes on.
void Session::note_new_rows(const snapshot::Snapshot* before) {
    const auto glowing = std::exchange(new_rows_, {});
    if (before == nullptr) {
        return;
    }
    const auto origins = snapshot::origins_of(*model_.snapshot, *before);
    for (std::uint32_t row = 0; row < origins.size(); ++row) {
        if (origins[row] == snapshot::kNoOrigin) {
            new_rows_.push_back({row, model_.now});
        } else if (!glowing.empty()) {
            const auto known = std::ranges::lower_bound(glowing, origins[row], {}, &NewRow::row);
            if (known != glowing.end() && known->row == origins[row] && model_.now - known->since < ui::kGlow) {
                new_rows_.push_back({row, known->since});
            }
        }
    }
}

void Session::rearrange() {
    arrangement_stale_ = false;
    if (model_.snapshot) {
        arranger_.arrange(model_.snapshot, query_, model_.sort, model_.arrangement);
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

void Session::add_mark(const snapshot::RowKey& key, std::optional<ui::RowAction> action, const ui::RowStatus& status) {
    const auto* const row = model_.snapshot->find_row(key);
    if (row == nullptr) {
        return;
    }
    const auto index = static_cast<std::uint32_t>(row - model_.snapshot->rows.data());
    auto mark = std::ranges::lower_bound(model_.marks, index, {}, &ui::RowMark::row);
    if (mark == model_.marks.end() || mark->row != index) {
        mark = model_.marks.insert(mark, ui::RowMark{.row = index});
    }
    mark->action = action;
    mark->status = status;
}

void Session::mark_kill(const snapshot::RowKey& row, const Tracking& tracking) {
    switch (tracking.status.phase) {
    case KillPhase::checking:
    case KillPhase::authorising:
    case KillPhase::asked:
    case KillPhase::ended:
        add_mark(row, ui::RowAction::none, tracking.status);
        break;
    case KillPhase::still_running:
        if (const auto* const shown = model_.snapshot->find_row(row)) {
            add_mark(row, force_action(*model_.snapshot, *shown, current_uid_), tracking.status);
        }
        break;
    case KillPhase::none:
    case KillPhase::refused:
        add_mark(row, std::nullopt, tracking.status);
        break;
    }
}

void Session::rebuild_marks() {
    marks_stale_ = false;
    model_.marks.clear();
    if (!model_.snapshot) {
        return;
    }
    for (const auto& one : new_rows_) {
        model_.marks.push_back({.row = one.row, .action = std::nullopt, .status = {}, .new_since = one.since});
    }
    if (reveal_row_) {
        add_mark(*reveal_row_, ui::RowAction::none, {KillPhase::authorising, "asking who holds it"});
    }
    for (const auto& [row, tracking] : tracked_) {
        mark_kill(row, tracking);
    }
}

void Session::note_visible(std::vector<pid_t> pids) {
    if (pids != visible_) {
        visible_ = pids;
        work_.set_visible(std::move(pids));
    }
}

void Session::add_notice(Notice::Tone tone, std::string text) {
    auto& notices = model_.notices;
    notices.push_back({++last_notice_, tone, std::move(text), model_.now});
    if (notices.size() > kMostNotices) {
        notices.erase(notices.begin());
    }
}

void Session::show_missed_notices(ui::SteadyTime since, ui::SteadyTime now) {
    for (auto& notice : model_.notices) {
        notice.shown_at = notice.shown_at >= since ? now : notice.shown_at;
    }
}

void Session::take_update(const commands::Update& update) {
    if (update.event.job == 0) { // of no job: something to tell once
        add_notice(Notice::Tone::plain, update.sentence);
        return;
    }
    if (update.event.job == reveal_job_) {
        take_reveal_update(update);
        return;
    }
    if (update.port_after == commands::PortAfter::retaken) { // perhaps after the row was told to be free
        std::erase_if(tracked_, [&](const auto& entry) { return entry.second.job == update.event.job; });
        add_notice(Notice::Tone::plain, update.sentence);
        marks_stale_ = true;
        return;
    }
    // A row shows its newest job only; what an earlier one says of the same process would be said twice.
    const auto tracked = std::find_if(tracked_.begin(), tracked_.end(),
                                      [&](const auto& entry) { return entry.second.job == update.event.job; });
    if (tracked != tracked_.end()) {
        const auto row = tracked->first;
        take_kill_update(row, update);
        marks_stale_ = true;
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
    case Stage::looked_up:
    case Stage::revealed:
    case Stage::port_seen:
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
    marks_stale_ = true;
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
