// SPDX-License-Identifier: MIT
// Between the window and the work: takes snapshots and outcomes in, keeps what a frame is drawn from, and turns what
// the person asked for into commands. UI thread; never blocks.
#pragma once

#include "app/session/changes.h"
#include "app/session/questions.h"
#include "app/session/settings.h"
#include "app/session/tracked_kills.h"
#include "app/session/work.h"
#include "app/ui/intents.h"
#include "app/ui/model.h"
#include "core/snapshot/arranger.h"

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <sys/types.h>
#include <utility>
#include <vector>

namespace portside::session {

// How the window could be brought back once it is hidden.
enum class WayBack : std::uint8_t {
    none,    // in no way
    untried, // by another start, which finds this one; it has not happened yet
    known,   // a tray shows us, or another start has found this one before
};

class Session {
  public:
    // `first_person`: the lowest uid that is not a system account's.
    Session(Work& work, Settings settings, WindowState window, bool always_bound, uid_t current_uid,
            snapshot::PortBook book = {}, uid_t first_person = 1000);

    // Takes in what has arrived. `now` is the frame's time.
    void refresh(ui::SteadyTime now);
    void handle(const ui::Intents& intents);
    // What ui says of the screen (FrameResult::visible).
    void note_visible(std::vector<pid_t> pids);
    // What ui says of the pointer (FrameResult::holds_still): what it would slip away from is shown later, but soon.
    void hold_still(bool holds) { holds_ = holds; }
    [[nodiscard]] const ui::Model& model() const { return model_; }
    [[nodiscard]] bool finished() const { return finished_; }
    // True once each time when the window is to be hidden.
    [[nodiscard]] bool take_hide() { return std::exchange(hide_wanted_, false); }
    void set_way_back(WayBack way);
    // When refresh() is due though nothing arrives: a text that is to go.
    [[nodiscard]] std::optional<ui::SteadyTime> next_refresh() const;

    // What only the overlay room knows: whether the desktop starts us, and what the window can do here.
    void note_autostart(bool on) { model_.preferences.autostart = on; }
    void note_window(ui::PreferenceLimits limits, bool frameless);
    [[nodiscard]] const Settings& settings() const { return model_.preferences; }

    std::uint64_t add_notice(ui::Notice::Tone tone, std::string text); // its number
    // Nobody sees the window from now on.
    void hide() { changes_.hide(); }
    // It is seen again: notices and changes that came since then stay from now on as long as any other.
    void show_missed(ui::SteadyTime since, ui::SteadyTime now);

  private:
    void take_snapshot(const snapshot::ScannerReport& report);
    void take_update(const commands::Update& update);
    void take_kill_update(Tracking& tracking, const commands::Update& update);
    void take_refusal(Tracking& tracking, const commands::Update& update);
    void take_news(const commands::Update& update);
    void take_looked_up(Tracking& tracking, const jobs::LookedUp* facts);
    void take_found_unit(Tracking& tracking, const jobs::LookedUp* facts);
    void release_held();
    void tell_freed();
    [[nodiscard]] bool waits();
    void wish_details();
    void wish_connections();
    void ask_keeper();
    void take_keeper(const jobs::LookedUp* facts);
    void take_reveal_update(const commands::Update& update);
    void rebuild_marks();
    void rearrange();
    void renew_scope();
    void add_mark(const snapshot::RowKey& row, std::optional<ui::RowAction> action, const ui::RowStatus& status);
    void mark_kill(const snapshot::RowKey& row, const Tracking& tracking);
    void show_question();

    void act(const ui::SetQuery& intent);
    void act(const ui::SetSort& intent);
    void act(const ui::Act& intent);
    void act(const ui::AnswerQuestion& intent);
    void act(const ui::AnswerQuit& intent);
    void act(const ui::AnswerHide& intent);
    void act(const ui::Rescan& intent);
    void act(const ui::Hide& intent);
    void act(const ui::Quit& intent);
    void act(const ui::Copy& intent);
    void act(const ui::ShowDetails& intent);
    void act(const ui::ShowConnections& intent);
    void act(const ui::DismissNotice& intent);
    void act(const ui::LayoutChanged& intent);
    void act(const ui::SetPreferences& intent);
    void act(const ui::SetView& intent);
    void act(const ui::SetPortNote& intent);

    bool hold(const Planned& planned);
    void ask_or_kill(Planned planned, const std::string& comes_back, bool came_by_itself);
    void start_kill(Planned planned, bool consented);
    void start_reveal(const snapshot::RowKey& row);
    void ask_for_bound();

    Work& work_;
    bool always_bound_;
    uid_t current_uid_;
    uid_t first_person_;

    ui::Model model_;
    snapshot::Query query_;                  // the last good one
    std::optional<ui::SteadyTime> typed_at_; // when the filter was changed last
    snapshot::Arranger arranger_;
    bool bound_for_query_ = false;
    bool marks_stale_ = true;
    bool arrangement_stale_ = true;
    snapshot::Scope scope_;
    bool tags_stale_ = true;
    bool finished_ = false;
    WayBack way_back_ = WayBack::none;
    bool hide_agreed_ = false; // the person was asked once
    bool hide_wanted_ = false;
    bool holds_ = false;
    std::optional<ui::SteadyTime> waits_since_; // a newer snapshot does
    std::uint64_t last_notice_ = 0;
    TrackedKills tracked_;
    Questions questions_;                       // the first of them is Model::question
    std::map<jobs::JobId, std::uint64_t> told_; // the notice in which the newest news of an ended kill were told
    std::vector<std::pair<jobs::JobId, std::string>> freed_; // good news of this refresh
    Changes changes_;
    std::vector<pid_t> visible_;
    jobs::JobId reveal_job_ = 0; // 0: none
    std::optional<snapshot::RowKey> reveal_row_;
    std::optional<snapshot::RowKey> details_row_;               // whose details are open
    std::optional<snapshot::DetailsWish> wish_;                 // as it was told last
    std::optional<snapshot::RowKey> connections_row_;           // whose connections are shown
    std::optional<snapshot::ConnectionsWish> connections_wish_; // as it was told last
    jobs::JobId keeper_job_ = 0;                                // 0: nobody is asked
};

} // namespace portside::session
