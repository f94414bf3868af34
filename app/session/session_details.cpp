// SPDX-License-Identifier: MIT
// What is read and asked only for the row whose details are open.
#include "app/session/row_actions.h"
#include "app/session/session.h"
#include "core/jobs/supervisor_requests.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <utility>

namespace portside::session {

void Session::act(const ui::ShowDetails& intent) {
    details_row_ = intent.row;
    model_.keeper.reset();
    keeper_job_ = 0;
    wish_details();
    ask_keeper();
}

// Workers come and go while the details are open.
void Session::wish_details() {
    std::optional<snapshot::DetailsWish> wish;
    const auto* const row = details_row_ && model_.snapshot ? model_.snapshot->find_row(*details_row_) : nullptr;
    if (row != nullptr) {
        wish.emplace();
        wish->row = row->key;
        for (const auto& owner : row->owners) {
            wish->owners.push_back(owner.id);
        }
        for (const auto& socket : row->sockets) {
            wish->inodes.push_back(socket.inode);
        }
    }
    if (wish != wish_) {
        wish_ = wish;
        work_.set_details_of(std::move(wish));
    }
}

void Session::ask_keeper() {
    const auto* const row = details_row_ && model_.snapshot ? model_.snapshot->find_row(*details_row_) : nullptr;
    if (row == nullptr || (!row->unit && !row->container)) {
        return;
    }
    const auto process = row->owners.empty() ? snapshot::ProcessId{} : row->owners.front().id;
    auto asked = planned(*model_.snapshot, {row->key, ui::RowAction::none, process, {}}, current_uid_);
    if (!asked.order.kill.unit && !row->container) {
        asked.order.kill.unit = row->unit;
    }
    keeper_job_ = work_.look_up(asked.order.kill);
}

// `facts` is null where nothing could be learnt.
void Session::take_keeper(const jobs::LookedUp* facts) {
    keeper_job_ = 0;
    if (facts == nullptr || !details_row_) {
        return;
    }
    ui::KeeperNews news;
    news.row = *details_row_;
    news.problem = facts->unit_problem.empty() ? facts->container_problem : facts->unit_problem;
    news.image = facts->container_image;
    if (const auto& unit = facts->unit) {
        news.description = unit->description;
        news.state = unit->active_state;
        news.restart = unit->restart;
        auto starters = unit->sockets;
        starters.insert(starters.end(), unit->other_starters.begin(), unit->other_starters.end());
        news.starters = fmt::format("{}", fmt::join(starters, ", "));
    }
    model_.keeper = std::move(news);
}

} // namespace portside::session
