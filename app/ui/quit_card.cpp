// SPDX-License-Identifier: MIT
// The question before quitting while kills are pending. UI thread.
#include "app/ui/arming.h"
#include "app/ui/card.h"
#include "app/ui/paint.h"
#include "app/ui/parts.h"

namespace portside::ui {

namespace {

constexpr float kQuitWidth = 30;   // font heights
constexpr float kQuitPadding = 24; // design units
constexpr float kQuitButtons = 62;

} // namespace

void draw_quit_question(Frame& frame) {
    UiState& state = frame.state;
    const std::string& text = frame.model.quit_question;
    if (text.empty()) {
        state.quit_asked_at.reset();
        return;
    }
    const bool settled = state.quit_asked_at && frame.now() - *state.quit_asked_at >= kArmingTime;
    if (!state.quit_asked_at) {
        state.quit_asked_at = frame.now();
    }
    const float pad = frame.px(kQuitPadding);
    const float wrap = kQuitWidth * frame.em - 2 * pad;
    const float height = ImGui::CalcTextSize(text.data(), text.data() + text.size(), false, wrap).y;
    const Rect card =
        begin_card(frame, "quit", kQuitWidth * frame.em, height + 2 * pad + frame.px(kQuitButtons) - pad / 2);
    ImGui::SetCursorScreenPos({card.x0 + pad, card.y0 + pad});
    ImGui::PushTextWrapPos(card.x1 - pad);
    ImGui::TextUnformatted(text.data(), text.data() + text.size());
    ImGui::PopTextWrapPos();
    const float middle = card.y1 - pad - button_height(frame) / 2;
    const float right = card.x1 - pad;
    const std::uint32_t surface = frame.look.theme.panel;
    const bool stay = draw_button(frame, "stay", right, middle, "Stay", Tone::quiet, surface);
    const float left = right - button_width(frame, "Stay") - frame.px(8);
    const bool quit = draw_button(frame, "quit", left, middle, "Quit", Tone::danger, surface);
    if (stay || (quit && settled)) {
        frame.emit(AnswerQuit{quit});
    }
    end_card(frame, card);
}

} // namespace portside::ui
