// SPDX-License-Identifier: MIT
// What the person asks for, carried out after the frame.
#include "app/session/session.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace portside::session {

using ui::KillPhase;
using ui::RowAction;

void Session::handle(const ui::Intents& intents) {
    for (const auto& intent : intents) {
        std::visit([this](const auto& one) { act(one); }, intent);
    }
    if (arrangement_stale_) {
        rearrange();
    }
    if (marks_stale_) {
        rebuild_marks();
    }
}

void Session::act(const ui::SetQuery& intent) {
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
    if (asks_first(*model_.snapshot, intent.process, intent.action, settings_.confirm_kill, current_uid_)) {
        asked_about_ = intent;
        asked_with_consent_ = false;
        model_.question = question_for(*model_.snapshot, intent.row, intent.process, intent.action, {});
        return;
    }
    start_kill(intent, false);
}

void Session::act(const ui::AnswerQuestion& intent) {
    model_.question.reset();
    const auto asked = std::exchange(asked_about_, std::nullopt);
    if (intent.yes && asked) {
        start_kill(*asked, asked_with_consent_);
    }
}

void Session::start_kill(const ui::Act& intent, bool consented) {
    commands::KillOrder order;
    order.kill.row = intent.row;
    order.kill.process = intent.process;
    order.kill.inodes = intent.inodes;
    order.kill.label = commands::label_of(*model_.snapshot, intent.process);
    order.kill.port = fmt::format("port {}", intent.row.port);
    if (const auto* facts = model_.snapshot->find_process(intent.process)) {
        order.kill.pidfd_id = facts->pidfd_id;
    }
    if (const auto* row = model_.snapshot->find_row(intent.row)) {
        order.kill.unit = row->unit;
        order.kill.container = row->container;
    }
    order.signal = is_force(intent.action) ? platform::Signal::kill : platform::Signal::term;
    order.elevate = is_elevated(intent.action);
    order.consented = consented;
    Tracking tracking;
    tracking.job = work_.kill(order);
    tracking.order = std::move(order);
    tracking.action = intent.action;
    tracking.status = {KillPhase::checking, "checking"};
    tracked_.insert_or_assign(intent.row, std::move(tracking));
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

void Session::act(const ui::Quit& /*intent*/) {
    const auto pending = work_.pending();
    if (pending.empty()) {
        finished_ = true;
        return;
    }
    model_.quit_question =
        fmt::format("{} not ended yet: {}. Quit all the same?",
                    pending.size() == 1 ? "One process has" : fmt::format("{} processes have", pending.size()),
                    fmt::join(pending, ", "));
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

} // namespace portside::session
