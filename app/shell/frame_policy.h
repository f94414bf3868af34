// SPDX-License-Identifier: MIT
// When to draw and how long to sleep, as arithmetic: no window, no clock of its own. UI thread.
#pragma once

#include <chrono>
#include <optional>

namespace portside::shell {

using SteadyTime = std::chrono::steady_clock::time_point;

// An event asks for a few frames, because ImGui lays out in one frame what it learned in the one before. Nothing else
// is drawn but at the deadline that the last frame named. Frames are at least one interval apart, except while input
// waits to be shown to ImGui one change a frame.
class FramePolicy {
  public:
    static constexpr int kSettleFrames = 3;

    explicit FramePolicy(std::chrono::nanoseconds interval = std::chrono::microseconds(16'667)) : interval_(interval) {}

    // Input, a wake-up, or a window that has to be painted again.
    void on_event() { settle_ = kSettleFrames; }
    // A frame was begun at `now`; `input_left`: some input waits for the next one.
    void on_frame(SteadyTime now, bool input_left);
    // An iconified or hidden window has no frames. Becoming visible is an event.
    void set_visible(bool visible);
    [[nodiscard]] bool visible() const { return visible_; }

    struct Decision {
        bool draw = false;               // draw at once
        std::optional<SteadyTime> until; // else sleep until then, or with none until an event
    };
    // `deadline`: when the last frame wants the next one; ignored while not visible.
    [[nodiscard]] Decision decide(SteadyTime now, std::optional<SteadyTime> deadline) const;

  private:
    std::chrono::nanoseconds interval_;
    std::optional<SteadyTime> last_frame_;
    int settle_ = kSettleFrames;
    bool input_left_ = false;
    bool visible_ = true;
};

} // namespace portside::shell
