// SPDX-License-Identifier: MIT
// What became of what was asked for: what rows and notices tell, and what is asked next.
#include "app/session/outcome_words.h"
#include "app/session/session.h"
#include "core/jobs/supervisor_requests.h"
#include "core/supervisors/unit_facts.h"

#include <fmt/format.h>
#include <utility>

namespace portside::session {

using commands::Update;
using jobs::Problem;
using jobs::Stage;
using ui::KillPhase;
using ui::Notice;

namespace {

using namespace std::chrono_literals;
constexpr auto kRefusalStays = 10s;
constexpr const char* kNotTold = "systemd did not tell which of its units holds the port: nothing was stopped.";
constexpr std::size_t kMostTold = 1024;    // ended kills of which later news are waited for
constexpr std::size_t kMostFreedApart = 2; // more good news at once become one notice

} // namespace

void Session::take_update(const Update& update) {
    if (update.event.job == 0) { // of no job: something to tell once
        add_notice(Notice::Tone::plain, update.sentence);
        return;
    }
    if (update.event.job == keeper_job_) {
        take_keeper(update.event.facts.get());
        return;
    }
    if (update.event.job == reveal_job_) {
        take_reveal_update(update);
        return;
    }
    // A row shows its newest job only; what an earlier one says of the same process would be said twice.
    if (auto* const tracking = tracked_.find_job(update.event.job)) {
        take_kill_update(*tracking, update);
        marks_stale_ = true;
    } else if (told_.contains(update.event.job) && update.port_after != Update::PortAfter::none) {
        take_news(update);
    }
}

void Session::take_kill_update(Tracking& tracking, const Update& update) {
    if (tracking.held_until) {
        take_looked_up(tracking, update.event.facts.get());
    } else if (update.event.stage == Stage::refused) {
        take_refusal(tracking, update);
    } else if (update.event.stage == Stage::ended && update.port_after != Update::PortAfter::none) {
        take_news(update);
        tracked_.erase(snapshot::RowKey(tracking.planned.order.kill.row));
    } else {
        tracking.status = status_of(tracking.planned.action, update);
        if (update.event.stage == Stage::still_running && !update.sentence.empty()) {
            add_notice(Notice::Tone::mixed, update.sentence); // who is left, and why
        }
    }
}

// What became of the port. It may change once more: somebody takes the port again. Then the older notice is wrong.
void Session::take_news(const Update& update) {
    const auto job = update.event.job;
    if (const auto told = told_.find(job); told != told_.end()) {
        std::erase_if(model_.notices, [&](const Notice& notice) { return notice.id == told->second; });
    }
    std::erase_if(freed_, [&](const auto& one) { return one.first == job; });
    const auto tone = tone_of(update.port_after);
    if (tone == Notice::Tone::good) {
        freed_.emplace_back(job, update.sentence);
        told_.insert_or_assign(job, 0);
    } else {
        told_.insert_or_assign(job, add_notice(tone, update.sentence));
    }
    if (told_.size() > kMostTold) {
        told_.erase(told_.begin());
    }
}

// Two hundred ports that became free at once are one notice.
void Session::tell_freed() {
    if (freed_.size() > kMostFreedApart) {
        const auto notice = add_notice(Notice::Tone::good, fmt::format("{} ports are free.", freed_.size()));
        static_cast<void>(notice);
    } else {
        for (auto& [job, sentence] : freed_) {
            told_.insert_or_assign(job, add_notice(Notice::Tone::good, std::move(sentence)));
        }
    }
    freed_.clear();
}

void Session::take_refusal(Tracking& tracking, const Update& update) {
    const auto row = tracking.planned.order.kill.row;
    if (update.event.problem == Problem::needs_consent && model_.snapshot) {
        auto question = question_for(*model_.snapshot, tracking.planned, update.sentence);
        questions_.ask_later({std::move(question), std::move(tracking.planned), std::nullopt, true});
        tracked_.erase(row);
        show_question();
        return;
    }
    if (update.event.problem == Problem::gone) {
        add_notice(Notice::Tone::plain, update.sentence);
        tracked_.erase(row);
        return;
    }
    tracking.status = {KillPhase::refused, "refused: " + update.sentence};
    tracking.forget_at = model_.now + kRefusalStays;
    add_notice(Notice::Tone::bad, update.sentence);
}

// `facts` is null where nothing could be learnt.
void Session::take_looked_up(Tracking& tracking, const jobs::LookedUp* facts) {
    if (is_nameless(tracking.planned)) {
        take_found_unit(tracking, facts);
        return;
    }
    auto planned = std::move(tracking.planned);
    tracked_.erase(snapshot::RowKey(planned.order.kill.row));
    ask_or_kill(std::move(planned), facts != nullptr && facts->unit ? supervisors::why_stop(*facts->unit) : "", true);
}

// Which unit it is was not drawn, so it is asked about by its name.
void Session::take_found_unit(Tracking& tracking, const jobs::LookedUp* facts) {
    if (facts == nullptr || !facts->unit || !model_.snapshot) {
        commands::Update refused;
        refused.event.problem = Problem::failed;
        refused.sentence = facts == nullptr ? kNotTold : facts->unit_problem;
        tracking.held_until.reset();
        take_refusal(tracking, refused);
        return;
    }
    auto planned = std::move(tracking.planned);
    planned.order.kill.unit = facts->unit->unit;
    tracked_.erase(snapshot::RowKey(planned.order.kill.row));
    auto question = question_for(*model_.snapshot, planned, supervisors::why_stop(*facts->unit));
    questions_.ask_later({std::move(question), std::move(planned), std::nullopt, false});
    show_question();
}

// Nobody told in time whether the process would come back: then nothing is said of it.
void Session::release_held() {
    for (auto& held : tracked_.take_held(model_.now)) {
        if (is_nameless(held.planned)) {
            add_notice(Notice::Tone::bad, kNotTold);
        } else {
            ask_or_kill(std::move(held.planned), {}, true);
        }
    }
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
