// SPDX-License-Identifier: MIT
// What arrives: snapshots and what they change. Outcomes are in session_outcomes.cpp; what the person asks for is in
// session_intents.cpp.
#include "app/session/session.h"

#include "app/session/outcome_words.h"

#include <algorithm>
#include <cstdlib>
#include <fmt/format.h>
#include <utility>

namespace portside::session {

using ui::KillPhase;
using ui::Notice;

namespace {

constexpr std::size_t kMostNotices = 3;
constexpr std::chrono::milliseconds kLongestWait{1500};
constexpr std::chrono::milliseconds kTyping{5000}; // after a key press in the filter another one is likely

bool is_news_of_trouble(const Notice& notice) {
    return notice.tone == Notice::Tone::bad || notice.tone == Notice::Tone::mixed;
}

} // namespace

Session::Session(Work& work, Settings settings, WindowState window, bool always_bound, uid_t current_uid,
                 snapshot::PortBook book, uid_t first_person)
    : work_(work), always_bound_(always_bound), current_uid_(current_uid), first_person_(first_person) {
    model_.preferences = settings;
    model_.sort = window.sort;
    model_.view = window.view;
    model_.book = std::make_shared<snapshot::PortBook>(std::move(book));
    model_.current_uid = current_uid;
    const char* home = std::getenv("HOME"); // NOLINT(concurrency-mt-unsafe): nothing in the program sets variables
    model_.home = home == nullptr ? "" : home;
}

void Session::refresh(ui::SteadyTime now) {
    model_.now = now;
    model_.clock = std::chrono::system_clock::now();
    take_snapshot(work_.report());
    for (const auto& update : work_.take_updates()) {
        take_update(update);
    }
    model_.details = details_row_ ? work_.details() : nullptr;
    model_.connections = connections_row_ ? work_.connections() : nullptr;
    release_held();
    tell_freed();
    marks_stale_ = tracked_.forget_old(now) || marks_stale_;
    arrangement_stale_ = arrangement_stale_ || (marks_stale_ && settings().hide_system_ports); // shown while it waits
    if (arrangement_stale_) {
        rearrange();
    }
    if (marks_stale_) {
        rebuild_marks();
    }
}

std::optional<ui::SteadyTime> Session::next_refresh() const {
    const auto change = tracked_.next_change();
    if (!waits_since_) {
        return change;
    }
    const auto shown = holds_ ? *waits_since_ + kLongestWait : model_.now;
    return change ? std::min(*change, shown) : shown;
}

// Whether a newer snapshot is not shown yet, because the pointer rests on a button that it could take away.
bool Session::waits() {
    if (!holds_ || !model_.snapshot || (waits_since_ && model_.now - *waits_since_ >= kLongestWait)) {
        waits_since_.reset();
        return false;
    }
    waits_since_ = waits_since_ ? waits_since_ : model_.now;
    return true;
}

void Session::take_snapshot(const snapshot::ScannerReport& report) {
    if (model_.scan_error != report.error) {
        model_.scan_error = report.error;
    }
    if (report.snapshot == model_.snapshot) {
        waits_since_.reset();
        if (model_.snapshot) {
            // Mostly in a frame in which there is nothing else to do.
            const bool typing = typed_at_ && model_.now - *typed_at_ < kTyping;
            static_cast<void>(arranger_.prepare(model_.snapshot, typing));
        }
        return;
    }
    if (waits()) {
        return;
    }
    const auto before = std::exchange(model_.snapshot, report.snapshot);
    // A row whose owner became known has another key, but it is not new.
    changes_.take(*model_.snapshot, before.get(), model_.now);
    questions_.keep_rows_of(*report.snapshot);
    wish_details();
    wish_connections();
    show_question();
    arrangement_stale_ = true;
    tags_stale_ = true;
    marks_stale_ = true;
}

void Session::rearrange() {
    arrangement_stale_ = false;
    if (model_.snapshot) {
        renew_scope();
        arranger_.arrange(model_.snapshot, model_.tags, scope_, query_, model_.sort, model_.arrangement);
        ask_for_bound();
    }
}

// An exact port that shows nothing may be bound without listening; the kernel is asked for such sockets only then.
void Session::ask_for_bound() {
    const auto& found = model_.arrangement;
    const bool nothing = found.rows.empty() && found.outside == 0 && found.system_found + found.system_outside == 0;
    const bool wanted = query_.exact_port().has_value() && (bound_for_query_ || nothing);
    if (!always_bound_ && wanted != bound_for_query_) {
        bound_for_query_ = wanted;
        work_.set_include_bound(wanted);
    }
}

// Rows may be marked in any order; rebuild_marks puts them in order.
void Session::add_mark(const snapshot::RowKey& key, std::optional<ui::RowAction> action, const ui::RowStatus& status) {
    if (const auto* const row = model_.snapshot->find_row(key)) {
        const auto index = static_cast<std::uint32_t>(row - model_.snapshot->rows.data());
        model_.marks.push_back({.row = index, .action = action, .status = status});
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
    for (const auto& one : changes_.rows()) {
        marks.push_back({.row = one.row, .new_since = one.new_since, .before = one.before});
    }
    // One mark a row: what came first says how the row stands, and a change is shown beside it.
    std::ranges::stable_sort(marks, {}, &ui::RowMark::row);
    std::size_t kept = 0;
    for (auto& mark : marks) {
        if (kept > 0 && marks[kept - 1].row == mark.row) {
            marks[kept - 1].new_since = mark.new_since ? mark.new_since : marks[kept - 1].new_since;
            marks[kept - 1].before = mark.before ? std::move(mark.before) : std::move(marks[kept - 1].before);
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

void Session::show_missed(ui::SteadyTime since, ui::SteadyTime now) {
    marks_stale_ = changes_.show(since, now) || marks_stale_;
    for (auto& notice : model_.notices) {
        notice.shown_at = notice.shown_at >= since ? now : notice.shown_at;
    }
}

} // namespace portside::session
