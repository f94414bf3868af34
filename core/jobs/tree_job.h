// SPDX-License-Identifier: MIT
// Kill tree under way: a process and all its descendants. Job thread only.
// First a pidfd of each, with every check; then the signals, top down (a supervisor that loses a child first starts it
// again); then the descendants of everything taken are read again, at most kRounds times, and what came is asked too.
#pragma once

#include "core/base/unique_fd.h"
#include "core/jobs/running_job.h"
#include "core/platform/process_tree.h"

#include <chrono>
#include <cstddef>
#include <list>
#include <string>
#include <tl/expected.hpp>
#include <vector>

namespace portside::jobs {

// Each member would take a password prompt of its own, and between two of them a supervisor starts again what ended.
inline constexpr const char* kNoElevatedTree =
    "A whole tree is not ended as administrator from here: nothing was sent. End its topmost process alone with "
    "--elevate, or run: sudo portside kill --tree";

class TreeJob final : public RunningJob {
  public:
    static constexpr int kRounds = 20;

    TreeJob(JobId id, TreeRequest request, JobContext& context)
        : id_(id), request_(std::move(request)), context_(context), tree_(request_.kill.target.process) {}
    void start() override;

  private:
    struct Member {
        platform::ProcessId id;
        std::string label;
        base::UniqueFd pidfd; // invalid: never signalled, see `why_left`
        std::string why_left; // " (it belongs to another user)"
        EventLoop::Watch ended{};
        [[nodiscard]] bool asked() const { return why_left.empty(); }
    };
    using Checked = tl::expected<void, platform::RefusedSignal>;

    [[nodiscard]] Checked take_first();
    // A descendant that has ended, or whose number means another process by now, is none. The error is of the whole
    // tree: nothing is sent.
    [[nodiscard]] Checked take(const platform::Relative& process, bool consented);
    [[nodiscard]] Checked send_first();
    void send(Member& member);
    void watch(Member& member);
    [[nodiscard]] bool read_again(); // whether somebody new was found
    void await_round(std::chrono::milliseconds gap);
    void round();
    void member_ended(Member& member);
    void patience_over();
    void ended();
    void refuse(platform::RefusedSignal refusal);
    [[nodiscard]] bool all_ended() const;
    [[nodiscard]] JobEvent event(Stage stage) const;
    [[nodiscard]] std::vector<std::string> left() const;

    JobId id_;
    TreeRequest request_;
    JobContext& context_;
    platform::ProcessTree tree_;
    std::list<Member> members_; // the root first; those that have ended are kept
    int rounds_ = 0;
    bool still_growing_ = false; // the last round found somebody
    EventLoop::Clock::time_point asked_at_;
    std::chrono::milliseconds gap_{0};
    EventLoop::Watch round_timer_;
    EventLoop::Watch patience_timer_;
};

} // namespace portside::jobs
