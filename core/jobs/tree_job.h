// SPDX-License-Identifier: MIT
// Kill tree under way: a process and all its descendants. Job thread only.
// First a pidfd of each, with every check; then the signals, top down (a supervisor that loses a child first starts it
// again); then the descendants of everything taken are read again, at most kRounds times, and what came is asked too.
// Other users' processes get it as administrator, where the request allows that: one password prompt after another.
#pragma once

#include "core/base/unique_fd.h"
#include "core/jobs/running_job.h"
#include "core/jobs/tree_signals.h"
#include "core/platform/process_tree.h"

#include <chrono>
#include <cstddef>
#include <list>
#include <optional>
#include <string>
#include <tl/expected.hpp>
#include <vector>

namespace portside::jobs {

// Without the helper there would be nothing to hold on to between two prompts but numbers, and a password for each.
inline constexpr const char* kNoElevatedTree =
    "A tree with processes of other users is ended as administrator only where portside-kill-helper is installed: "
    "nothing was sent. End its topmost process alone with --elevate, or run: sudo portside kill --tree";

class TreeJob final : public RunningJob {
  public:
    static constexpr int kRounds = 20;

    TreeJob(JobId id, TreeRequest request, JobContext& context);
    void start() override;

  private:
    using Checked = tl::expected<void, platform::RefusedSignal>;

    [[nodiscard]] Checked take_first();
    // A descendant that has ended, or whose number means another process by now, is none. The error is of the whole
    // tree: nothing is sent.
    [[nodiscard]] Checked take(const platform::Relative& process, bool consented);
    void leave(const platform::Relative& process, const char* why);
    void asking();
    void pass_over(std::optional<RefusedJob> why);
    void asked();
    void stop(RefusedJob why);
    void tell_stopped(); // the job's end
    void watch(TreeMember& member);
    void await_round(std::chrono::milliseconds gap);
    void round();
    void member_ended(TreeMember& member);
    void patience_over();
    void ended();
    void refuse(RefusedJob refused); // the job's end, with nothing sent
    [[nodiscard]] bool all_ended() const;
    [[nodiscard]] JobEvent event(Stage stage) const;
    [[nodiscard]] std::vector<std::string> left() const;

    JobId id_;
    TreeRequest request_;
    JobContext& context_;
    platform::ProcessTree tree_;
    std::list<TreeMember> members_; // the root first; those that have ended are kept
    TreeSignals signals_;
    std::optional<RefusedJob> stopped_; // why nothing more is sent
    bool asked_ = false;                // all that were found so far
    int rounds_ = 0;
    bool still_growing_ = false; // the last round found somebody
    EventLoop::Clock::time_point asked_at_;
    std::chrono::milliseconds gap_{0};
    EventLoop::Watch round_timer_;
    EventLoop::Watch patience_timer_;
};

} // namespace portside::jobs
