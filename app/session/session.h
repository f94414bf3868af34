// SPDX-License-Identifier: MIT
// Between the window and the work: takes snapshots and outcomes in, keeps what a frame is drawn from, and turns what
// the person asked for into commands. UI thread; never blocks.
#pragma once

#include "app/session/row_actions.h"
#include "app/session/settings.h"
#include "app/ui/intents.h"
#include "app/ui/model.h"
#include "core/commands/commands.h"
#include "core/snapshot/arranger.h"

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

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
    // The processes whose rows are on the screen, each once and in order; called only when they are others than before.
    virtual void set_visible(std::vector<pid_t> pids) = 0;
};

class Session {
  public:
    Session(Work& work, Settings settings, WindowState window, bool always_bound, uid_t current_uid);

    // Takes in what has arrived. `now` is the frame's time.
    void refresh(ui::SteadyTime now);
    void handle(const ui::Intents& intents);
    // What ui says of the screen (FrameResult::visible).
    void note_visible(std::vector<pid_t> pids);
    [[nodiscard]] const ui::Model& model() const { return model_; }
    [[nodiscard]] bool finished() const { return finished_; }
    // When refresh() is due though nothing arrives: a text that is to go.
    [[nodiscard]] std::optional<ui::SteadyTime> next_refresh() const;

    void add_notice(ui::Notice::Tone tone, std::string text);
    // Notices that came since then, while nobody saw the window, stay from now on as long as any other.
    void show_missed_notices(ui::SteadyTime since, ui::SteadyTime now);

  private:
    struct NewRow {
        std::uint32_t row = 0; // index into the snapshot's rows
        ui::SteadyTime since;
    };
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
    void note_new_rows(const snapshot::Snapshot* before);
    void rebuild_marks();
    void rearrange();
    void add_mark(const snapshot::RowKey& row, std::optional<ui::RowAction> action, const ui::RowStatus& status);
    void mark_kill(const snapshot::RowKey& row, const Tracking& tracking);

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
    snapshot::Arranger arranger_;
    bool bound_for_query_ = false;
    bool marks_stale_ = true;
    bool arrangement_stale_ = true;
    bool finished_ = false;
    std::uint64_t last_notice_ = 0;
    std::map<snapshot::RowKey, Tracking> tracked_;
    std::vector<NewRow> new_rows_; // by row
    std::vector<pid_t> visible_;
    std::optional<ui::Act> asked_about_; // what the open question would do
    bool asked_with_consent_ = false;    // the question was about a process that is asked about first
    jobs::JobId reveal_job_ = 0;         // 0: none
    std::optional<snapshot::RowKey> reveal_row_;
};

} // namespace portside::session
