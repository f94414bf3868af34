// SPDX-License-Identifier: MIT
// What the person asks for, carried out after the frame.
#include "app/session/session.h"

#include "app/session/outcome_words.h"
#include "app/ui/ways.h"
#include "core/snapshot/respawner.h"

#include <fmt/format.h>
#include <utility>

namespace portside::session {

using ui::KillPhase;
using ui::RowAction;

namespace {

using namespace std::chrono_literals;
constexpr auto kLongestLookUp = 1s;
constexpr auto kLongestSearch = 20s; // nothing can be done without its answer; the job gives up before

} // namespace

void Session::handle(const ui::Intents& intents) {
    for (const auto& intent : intents) {
        std::visit([this](const auto& one) { act(one); }, intent);
    }
    arrangement_stale_ = arrangement_stale_ || (marks_stale_ && settings().hide_system_ports);
    if (arrangement_stale_) {
        rearrange();
    }
    if (marks_stale_) {
        rebuild_marks();
    }
}

void Session::act(const ui::SetQuery& intent) {
    typed_at_ = model_.now;
    auto query = snapshot::Query::parse(intent.text);
    if (!query) {
        model_.query_error = query.error().what;
        return; // the last good one goes on applying
    }
    model_.query_error.clear();
    if (bound_for_query_ && query->exact_port() != query_.exact_port()) {
        bound_for_query_ = false;
        work_.set_include_bound(false);
    }
    query_ = std::move(*query);
    arrangement_stale_ = true;
}

void Session::act(const ui::SetSort& intent) {
    model_.sort = intent.order;
    arrangement_stale_ = true;
}

void Session::act(const ui::Act& intent) {
    if (!model_.snapshot || intent.action == RowAction::none) {
        return;
    }
    if (intent.action == RowAction::reveal_owner) {
        start_reveal(intent.row);
        return;
    }
    auto next = planned(*model_.snapshot, intent, current_uid_);
    const auto* const before = tracked_.find(intent.row);
    if (intent.action == RowAction::force_kill_tree && before != nullptr && is_tree(before->planned.action)) {
        next = planned_as(*model_.snapshot, before->planned, intent.action, current_uid_); // the tree that was meant
    }
    if (intent.action == RowAction::kill_respawner_tree) {
        const auto respawner = snapshot::respawner_of(*model_.snapshot, intent.process);
        if (!respawner) {
            return; // it has ended since the frame
        }
        next = planned_for_respawner(*model_.snapshot, std::move(next), *respawner, current_uid_);
    }
    questions_.drop(intent.row);
    show_question();
    if (!hold(next)) {
        ask_or_kill(std::move(next), {}, false);
    }
}

void Session::act(const ui::AnswerQuestion& intent) {
    auto asked = questions_.take_first();
    show_question();
    if (!asked || !intent.choice || !model_.snapshot) {
        return;
    }
    if (*intent.choice == RowAction::kill_respawner_tree && asked->respawner) {
        start_kill(planned_for_respawner(*model_.snapshot, std::move(asked->planned), *asked->respawner, current_uid_),
                   false);
    } else if (*intent.choice == asked->planned.action) {
        start_kill(std::move(asked->planned), asked->consented);
    } else {
        start_kill(planned_as(*model_.snapshot, std::move(asked->planned), *intent.choice, current_uid_), false);
    }
}

// A port that a manager holds: which unit it is, is asked before that is stopped.
// Whether its unit would start the process again is asked before it is ended; the answer mostly comes within a frame.
bool Session::hold(const Planned& next) {
    const bool ends_one = next.action == RowAction::kill || next.action == RowAction::kill_as_administrator;
    const auto* const row = ends_one ? model_.snapshot->find_row(next.order.kill.row) : nullptr;
    const auto* const unit = row != nullptr ? ui::stoppable_unit(*row) : nullptr;
    const bool nameless = is_nameless(next);
    const auto job = unit != nullptr || nameless ? work_.look_up(next.order.kill) : 0;
    if (job == 0) {
        return false;
    }
    const auto until = model_.now + (nameless ? kLongestSearch : kLongestLookUp);
    tracked_.put(next.order.kill.row, {job, next, {KillPhase::checking, "checking"}, std::nullopt, until});
    marks_stale_ = true;
    return true;
}

// `came_by_itself`: some time after the click, so that it must not take the place of another question.
void Session::ask_or_kill(Planned next, const std::string& comes_back, bool came_by_itself) {
    const bool ends_one = next.action == RowAction::kill || next.action == RowAction::kill_as_administrator;
    const auto& process = next.order.kill.process;
    const auto respawner = ends_one ? snapshot::respawner_of(*model_.snapshot, process) : std::nullopt;
    const bool asks = asks_first(*model_.snapshot, next, settings().confirm_kill, current_uid_);
    auto question = ends_one ? comes_back_question(*model_.snapshot, next, comes_back, respawner, asks) : std::nullopt;
    if (!question && asks) {
        question = question_for(*model_.snapshot, next, {});
    }
    marks_stale_ = true;
    if (!question) {
        start_kill(std::move(next), false);
        return;
    }
    Asked asked{std::move(*question), std::move(next), respawner, false};
    if (came_by_itself) {
        questions_.ask_later(std::move(asked));
    } else {
        questions_.ask_now(std::move(asked));
    }
    show_question();
}

void Session::start_kill(Planned next, bool consented) {
    next.order.consented = consented;
    const auto row = next.order.kill.row;
    const auto job = work_.kill(next.order);
    tracked_.put(row, {job, std::move(next), {KillPhase::checking, "checking"}});
    marks_stale_ = true;
}

void Session::start_reveal(const snapshot::RowKey& row) {
    if (reveal_job_ != 0) {
        return; // one prompt tells of every row
    }
    reveal_job_ = work_.reveal();
    reveal_row_ = row;
    model_.revealing = true;
    marks_stale_ = true;
}

void Session::act(const ui::Rescan& /*intent*/) {
    work_.rescan();
}

void Session::set_way_back(WayBack way) {
    way_back_ = way;
    using ui::Leaving;
    model_.leaving = way == WayBack::none                    ? Leaving::quits
                     : way == WayBack::known || hide_agreed_ ? Leaving::hides
                                                             : Leaving::asks;
    model_.hide_question = model_.hide_question && model_.leaving == Leaving::asks; // what it says still holds
}

void Session::act(const ui::Hide& /*intent*/) {
    switch (model_.leaving) {
    case ui::Leaving::quits:
        act(ui::Quit{});
        break;
    case ui::Leaving::asks:
        model_.hide_question = true;
        break;
    case ui::Leaving::hides:
        hide_wanted_ = true;
        break;
    }
}

void Session::act(const ui::AnswerHide& intent) {
    model_.hide_question = false;
    if (intent.answer == ui::HideAnswer::quit) {
        act(ui::Quit{});
    } else if (intent.answer == ui::HideAnswer::hide) {
        hide_agreed_ = true;
        set_way_back(way_back_);
        act(ui::Hide{});
    }
}

void Session::act(const ui::Quit& /*intent*/) {
    auto pending = work_.pending();
    for (const auto& [row, tracking] : tracked_.all()) {
        if (tracking.held_until) { // asked for, and not ordered yet
            pending.push_back(
                fmt::format("{} on {}", tracking.planned.order.kill.label, tracking.planned.order.kill.port));
        }
    }
    if (pending.empty()) {
        finished_ = true;
        return;
    }
    model_.quit_question = quit_question(pending);
}

void Session::act(const ui::AnswerQuit& intent) {
    model_.quit_question.clear();
    finished_ = intent.yes;
}

void Session::act(const ui::Copy& /*intent*/) {
    add_notice(ui::Notice::Tone::plain, "Copied."); // the window room has put it on the clipboard
}

void Session::act(const ui::DismissNotice& intent) {
    std::erase_if(model_.notices, [&](const ui::Notice& notice) { return notice.id == intent.id; });
}

void Session::act(const ui::LayoutChanged& /*intent*/) {
    // The columns are ui's; the overlay room writes them to the file.
}

// The overlay room does to the window what it says, and writes it to the file.
void Session::act(const ui::SetPreferences& intent) {
    if (intent.preferences.refresh != model_.preferences.refresh) {
        work_.set_interval(intent.preferences.refresh);
    }
    arrangement_stale_ =
        arrangement_stale_ || intent.preferences.hide_system_ports != model_.preferences.hide_system_ports;
    model_.preferences = intent.preferences;
}

} // namespace portside::session
