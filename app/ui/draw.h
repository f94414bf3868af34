// SPDX-License-Identifier: MIT
// One frame. Between ImGui::NewFrame and ImGui::Render, on the UI thread.
#pragma once

#include "app/ui/intents.h"
#include "app/ui/look.h"
#include "app/ui/model.h"
#include "app/ui/ui_state.h"
#include "core/base/key_press.h"

#include <chrono>
#include <optional>
#include <span>

namespace portside::ui {

struct FrameResult {
    Intents intents;
    // When the next frame is due though nothing happens: the end of a glow, a spinner's next step, a notice that
    // leaves.
    std::optional<SteadyTime> next_frame;
};

[[nodiscard]] FrameResult draw(const Model& model, UiState& state, const Look& look,
                               std::span<const base::KeyPress> keys);

} // namespace portside::ui
