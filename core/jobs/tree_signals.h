// SPDX-License-Identifier: MIT
// The signals to the members of a tree, one after another in their order: our own, and where that may not reach a
// process, one as administrator. Job thread only.
#pragma once

#include "core/base/unique_fd.h"
#include "core/jobs/elevated_signal.h"
#include "core/jobs/event_loop.h"
#include "core/jobs/running_job.h"
#include "core/platform/process_id.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace portside::jobs {

struct TreeMember {
    enum class State : std::uint8_t { waiting, signalled, gone, left };
    platform::ProcessId id;
    std::string label;
    base::UniqueFd pidfd;   // invalid: never signalled, or known to have ended
    std::string why_left{}; // of `left`: " (it belongs to another user)"
    State state = State::waiting;
    EventLoop::Watch ended{};
    [[nodiscard]] bool is_left() const { return state == State::left; }
};

class TreeSignals {
  public:
    struct Handlers {
        std::function<void(TreeMember&)> done;               // it was signalled, or is gone
        std::function<void()> asking;                        // a password prompt was opened
        std::function<void(std::optional<RefusedJob>)> over; // of send_from; why it stopped before the last one
    };
    // `members`, the root first, and `request` belong to the caller.
    TreeSignals(JobContext& context, const KillRequest& request, std::list<TreeMember>& members, Handlers handlers)
        : context_(context), request_(request), members_(members), handlers_(std::move(handlers)) {}

    // Finds what it takes to signal as administrator, where the request allows that and a member needs it. Why it is
    // not to be had: then nothing is to be sent.
    [[nodiscard]] std::optional<RefusedJob> prepare();
    // To those from `first` on. `over` is called once, perhaps at once. Without end where a prompt stays open.
    void send_from(std::list<TreeMember>::iterator first);
    [[nodiscard]] bool under_way() const { return under_way_; }
    [[nodiscard]] std::size_t signalled() const { return signalled_; }

  private:
    void go_on();
    [[nodiscard]] bool send(TreeMember& member); // false: a prompt is open, or it is over
    [[nodiscard]] bool ask(TreeMember& member);
    [[nodiscard]] bool gone(TreeMember& member);
    void answered(TreeMember& member, ElevatedEnd end);
    [[nodiscard]] bool refused(TreeMember& member, RefusedJob why, const char* why_left);
    void settle(TreeMember& member, TreeMember::State state);
    void over(std::optional<RefusedJob> why);
    [[nodiscard]] PkexecWords words(const TreeMember& member) const;
    [[nodiscard]] bool is_root(const TreeMember& member) const { return &member == &members_.front(); }

    JobContext& context_;
    const KillRequest& request_;
    std::list<TreeMember>& members_;
    Handlers handlers_;
    std::list<TreeMember>::iterator next_{};
    std::size_t signalled_ = 0;
    bool under_way_ = false;
    std::unique_ptr<ElevatedSignal> elevated_; // nothing: who belongs to another user is left
};

// Where signals stopped before the last member: how many got one, how many not, and who. " Of 3 processes 1 got ...".
[[nodiscard]] std::string stopped_sentence(const std::list<TreeMember>& members, platform::Signal signal);

} // namespace portside::jobs
