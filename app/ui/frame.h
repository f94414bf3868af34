// SPDX-License-Identifier: MIT
// What every drawing function of one frame shares. UI thread.
#pragma once

#include "app/imgui_versions.h"
#include "app/ui/draw.h"
#include "app/ui/layout.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <string_view>
#include <utility>

namespace portside::ui {

struct Frame {
    const Model& model;
    UiState& state;
    const Look& look;
    Layout layout;
    float em = 0; // height of the text font
    FrameResult result{};
    bool escape_closes_menu = false;
    int menu_steps = 0; // of the arrow keys in the row's menu
    bool menu_picks = false;
    bool tip_seen = false; // some text under the pointer has a longer form

    // Design units as whole pixels, never less than one.
    [[nodiscard]] float px(float units) const { return std::max(1.0F, std::floor(units * look.scale)); }
    [[nodiscard]] SteadyTime now() const { return model.now; }
    void emit(Intent intent) { result.intents.push_back(std::move(intent)); }
    void wake_at(SteadyTime when) {
        if (!result.next_frame || when < *result.next_frame) {
            result.next_frame = when;
        }
    }
};

inline constexpr std::chrono::milliseconds kSpinnerStep{60};
inline constexpr std::chrono::milliseconds kSlideStep{33};

} // namespace portside::ui
