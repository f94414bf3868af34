// SPDX-License-Identifier: MIT
// When to draw and how long to sleep. UI thread.
#include "app/shell/frame_policy.h"

#include <algorithm>

namespace portside::shell {

void FramePolicy::on_frame(SteadyTime now, bool input_left) {
    last_frame_ = now;
    input_left_ = input_left;
    settle_ = std::max(0, settle_ - 1);
}

void FramePolicy::set_visible(bool visible) {
    if (visible && !visible_) {
        on_event();
    }
    visible_ = visible;
}

FramePolicy::Decision FramePolicy::decide(SteadyTime now, std::optional<SteadyTime> deadline) const {
    if (!visible_) {
        return {}; // also with a deadline in the past: it would make the loop spin until the window is seen again
    }
    if (input_left_) {
        return {true, std::nullopt};
    }
    std::optional<SteadyTime> due = deadline;
    if (settle_ > 0) {
        due = now;
    }
    if (!due) {
        return {};
    }
    if (last_frame_) {
        due = std::max(*due, *last_frame_ + interval_);
    }
    return *due <= now ? Decision{true, std::nullopt} : Decision{false, due};
}

} // namespace portside::shell
