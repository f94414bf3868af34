// SPDX-License-Identifier: MIT
// One frame. Between ImGui::NewFrame and ImGui::Render, on the UI thread.
#pragma once

#include "app/ui/intents.h"
#include "app/ui/look.h"
#include "app/ui/model.h"
#include "app/ui/ui_state.h"
#include "core/base/key_press.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <sys/types.h>
#include <vector>

namespace portside::ui {

// What a press of the pointer on nothing means for a window without a frame.
enum class WindowGrip : std::uint8_t { none, move, maximise };

struct FrameResult {
    Intents intents;
    // When the next frame is due though nothing happens: the end of a glow, a spinner's next step, a notice that
    // leaves.
    std::optional<SteadyTime> next_frame;
    // The pointer rests on a button of a row: another list would slip under the hand.
    bool holds_still = false;
    // The processes whose rows are on the screen, each once and in order; only where they are others than in the last
    // frame.
    std::optional<std::vector<pid_t>> visible;
    WindowGrip grip = WindowGrip::none;
};

[[nodiscard]] FrameResult draw(const Model& model, UiState& state, const Look& look,
                               std::span<const base::KeyPress> keys);

} // namespace portside::ui
