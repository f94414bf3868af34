// SPDX-License-Identifier: MIT
// What arrives: snapshots and what they change. Outcomes are in session_outcomes.cpp; what the person asks for is in
// session_intents.cpp.
#include "app/session/session.h"

#include "app/session/outcome_words.h"
#include "core/snapshot/origins.h"

#include <algorithm>
#include <cstdlib>
#include <fmt/format.h>
#include <utility>

namespace portside::session {

using ui::KillPhase;
using ui::Notice;

namespace {

constexpr std::size_t kMostNotices = 3;

bool is_news_of_trouble(const Notice& notice) {
    return notice.tone == Notice::Tone::bad || notice.tone == Notice::Tone::mixed;
}

} // namespace

Session::Session(Work& work, Settings settings, WindowState window, bool always_bound, uid_t current_uid)
    : work_(work), always_bound_(always_bound), current_uid_(current_uid) {
    model_.preferences = settings;
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
    release_held();
    tell_freed();
    marks_stale_ = tracked_.forget_old(now) || marks_stale_;
    if (arrangement_stale_) {
        rearrange();
    }
    if (marks_stale_) {
        rebuild_marks();
    }
}

std::optional<ui::SteadyTime> Session::next_refresh() const {
    return tracked_.next_change();
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
    questions_.keep_rows_of(*report.snapshot);
    show_question();
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

// Rows may be marked in any order; rebuild_marks puts them in order.
void Session::add_mark(const snapshot::RowKey& key, std::optional<ui::RowAction> action, const ui::RowStatus& status) {
    if (const auto* const row = model_.snapshot->find_row(key)) {
        const auto index = static_cast<std::uint32_t>(row - model_.snapshot->rows.data());
        model_.marks.push_back({.row = index, .action = action, .status = status, .new_since = std::nullopt});
    }
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
            add_mark(row, force_action(*model_.snapshot, *shown, tracking.planned.action, current_uid_),
                     tracking.status);
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
    auto& marks = model_.marks;
    marks.clear();
    if (!model_.snapshot) {
        return;
    }
    for (const auto& [row, tracking] : tracked_.all()) {
        mark_kill(row, tracking);
    }
    if (reveal_row_) {
        add_mark(*reveal_row_, ui::RowAction::none, {KillPhase::authorising, "asking who holds it"});
    }
    for (const auto& asked : questions_.all()) {
        if (&asked != &questions_.all().front()) {
            add_mark(asked.question.row, ui::RowAction::none, {KillPhase::checking, "has a question"});
        }
    }
    for (const auto& one : new_rows_) {
        marks.push_back({.row = one.row, .action = std::nullopt, .status = {}, .new_since = one.since});
    }
    // One mark a row: what came first says how the row stands, and a new row glows beside it.
    std::ranges::stable_sort(marks, {}, &ui::RowMark::row);
    std::size_t kept = 0;
    for (auto& mark : marks) {
        if (kept > 0 && marks[kept - 1].row == mark.row) {
            marks[kept - 1].new_since = mark.new_since ? mark.new_since : marks[kept - 1].new_since;
        } else if (&marks[kept] != &mark) {
            marks[kept] = std::move(mark);
            ++kept;
        } else {
            ++kept;
        }
    }
    marks.resize(kept);
}

void Session::show_question() {
    const auto& all = questions_.all();
    model_.question = all.empty() ? std::nullopt : std::optional(all.front().question);
    marks_stale_ = true;
}

void Session::note_window(ui::PreferenceLimits limits, bool frameless) {
    model_.limits = std::move(limits);
    model_.frameless = frameless;
}

void Session::note_visible(std::vector<pid_t> pids) {
    if (pids != visible_) {
        visible_ = pids;
        work_.set_visible(std::move(pids));
    }
}

// Where there are too many, good news give way first.
std::uint64_t Session::add_notice(Notice::Tone tone, std::string text) {
    auto& notices = model_.notices;
    notices.push_back({++last_notice_, tone, std::move(text), model_.now});
    if (notices.size() > kMostNotices) {
        const auto newest = std::prev(notices.end());
        const auto gives_way = std::find_if_not(notices.begin(), newest, is_news_of_trouble);
        notices.erase(gives_way == newest ? notices.begin() : gives_way);
    }
    return last_notice_;
}

void Session::show_missed_notices(ui::SteadyTime since, ui::SteadyTime now) {
    for (auto& notice : model_.notices) {
        notice.shown_at = notice.shown_at >= since ? now : notice.shown_at;
    }
}

} // namespace portside::session
