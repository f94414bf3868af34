// SPDX-License-Identifier: MIT
// Between the window and the work: takes snapshots and outcomes in, keeps what a frame is drawn from, and turns what
// the person asked for into commands. UI thread; never blocks.
#pragma once

#include "app/session/row_actions.h"
#include "app/session/settings.h"
#include "app/ui/intents.h"
#include "app/ui/model.h"
#include "core/commands/commands.h"

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>

namespace portside::session {

// The work as the session sees it; tests put their own in.
class Work {
  public:
    virtual ~Work() = default;
    [[nodiscard]] virtual snapshot::ScannerReport report() = 0;
    [[nodiscard]] virtual std::vector<commands::Update> take_updates() = 0;
    [[nodiscard]] virtual std::vector<std::string> pending() = 0;
    virtual jobs::JobId kill(const commands::KillOrder& order) = 0;
    virtual jobs::JobId reveal() = 0;
    virtual void rescan() = 0;
    virtual void set_include_bound(bool include) = 0;
};

class Session {
  public:
    Session(Work& work, Settings settings, WindowState window, bool always_bound, uid_t current_uid);

    // Takes in what has arrived. `now` is the frame's time.
    void refresh(ui::SteadyTime now);
    void handle(const ui::Intents& intents);
    [[nodiscard]] const ui::Model& model() const { return model_; }
    [[nodiscard]] bool finished() const { return finished_; }
    // When refresh() is due though nothing arrives: a text that is to go.
    [[nodiscard]] std::optional<ui::SteadyTime> next_refresh() const;

    void add_notice(ui::Notice::Tone tone, std::string text);

  private:
    // The kill that a row shows.
    struct Tracking {
        jobs::JobId job = 0;
        commands::KillOrder order;
        ui::RowAction action = ui::RowAction::none;
        ui::RowStatus status;
        std::optional<ui::SteadyTime> forget_at; // of a refusal
    };

    void take_snapshot(const snapshot::ScannerReport& report);
    void take_update(const commands::Update& update);
    void take_kill_update(const snapshot::RowKey& row, const commands::Update& update);
    void take_refusal(const snapshot::RowKey& row, const commands::Update& update);
    void take_reveal_update(const commands::Update& update);
    void rebuild_views();
    void rearrange();
    [[nodiscard]] ui::RowView view_of(const snapshot::Row& row) const;

    void act(const ui::SetQuery& intent);
    void act(const ui::SetSort& intent);
    void act(const ui::Act& intent);
    void act(const ui::AnswerQuestion& intent);
    void act(const ui::AnswerQuit& intent);
    void act(const ui::Rescan& intent);
    void act(const ui::Quit& intent);
    void act(const ui::Copy& intent);
    void act(const ui::DismissNotice& intent);
    void act(const ui::LayoutChanged& intent);

    void start_kill(const ui::Act& intent, bool consented);
    void start_reveal(const snapshot::RowKey& row);
    void ask_for_bound();

    Work& work_;
    Settings settings_;
    bool always_bound_;
    uid_t current_uid_;

    ui::Model model_;
    snapshot::Query query_; // the last good one
    bool bound_for_query_ = false;
    bool views_stale_ = true;
    bool arrangement_stale_ = true;
    bool finished_ = false;
    std::uint64_t last_notice_ = 0;
    std::map<snapshot::RowKey, Tracking> tracked_;
    std::map<snapshot::RowKey, ui::SteadyTime> new_rows_;
    std::optional<ui::Act> asked_about_; // what the open question would do
    bool asked_with_consent_ = false;    // the question was about a process that is asked about first
    jobs::JobId reveal_job_ = 0;         // 0: none
    std::optional<snapshot::RowKey> reveal_row_;
};

} // namespace portside::session
