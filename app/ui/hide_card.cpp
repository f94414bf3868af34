// SPDX-License-Identifier: MIT
// The question at the first hide, where nobody has shown yet that they can bring the window back. UI thread.
#include "app/ui/arming.h"
#include "app/ui/card.h"
#include "app/ui/paint.h"
#include "app/ui/parts.h"

namespace portside::ui {

namespace {

constexpr float kHideWidth = 30;   // font heights
constexpr float kHidePadding = 24; // design units
constexpr float kHideTitle = 34;
constexpr float kHideButtons = 56;
constexpr std::string_view kText =
    "No tray here. \xE2\x80\x9Cportside\xE2\x80\x9D or \xE2\x80\x9Cportside --toggle\xE2\x80\x9D brings it back.";
constexpr std::string_view kPlainText = "No tray here. \"portside\" or \"portside --toggle\" brings it back.";

} // namespace

void draw_hide_question(Frame& frame) {
    UiState& state = frame.state;
    if (!frame.model.hide_question) {
        state.hide_asked_at.reset();
        return;
    }
    const bool settled = state.hide_asked_at && frame.now() - *state.hide_asked_at >= kArmingTime;
    if (!state.hide_asked_at) {
        state.hide_asked_at = frame.now();
    }
    const Theme& theme = frame.look.theme;
    const std::string_view text = imgui::has_glyph(*frame.look.text, 0x201C) ? kText : kPlainText;
    const float pad = frame.px(kHidePadding);
    const float width = kHideWidth * frame.em;
    const float height = ImGui::CalcTextSize(text.data(), text.data() + text.size(), false, width - 2 * pad).y;
    const Rect card =
        begin_card(frame, "hide", width, 2 * pad + frame.px(kHideTitle) + height + frame.px(kHideButtons));
    draw_text(*frame.look.strong, theme.text, card.x0 + pad, baseline_at(frame, card.y0 + pad + frame.em / 2),
              "Hide Portside?", card.width() - 2 * pad);
    ImGui::SetCursorScreenPos({card.x0 + pad, card.y0 + pad + frame.px(kHideTitle)});
    ImGui::PushTextWrapPos(card.x1 - pad);
    ImGui::PushStyleColor(ImGuiCol_Text, color(theme.muted));
    ImGui::TextUnformatted(text.data(), text.data() + text.size());
    ImGui::PopStyleColor();
    ImGui::PopTextWrapPos();
    const float middle = card.y1 - pad - button_height(frame) / 2;
    const float right = card.x1 - pad;
    const bool hide = draw_button(frame, "hide", right, middle, "Hide", Tone::quiet, theme.panel);
    const float half = button_height(frame) / 2;
    draw_ring(frame, {right - button_width(frame, "Hide"), middle - half, right, middle + half}); // what Enter means
    const float left = right - button_width(frame, "Hide") - frame.px(12);
    const bool quit = draw_button(frame, "quit", left, middle, "Quit", Tone::quiet, theme.panel);
    const bool beside = end_card(frame, card);
    if (settled && (hide || quit)) {
        frame.emit(AnswerHide{hide ? HideAnswer::hide : HideAnswer::quit});
    } else if (settled && beside) {
        frame.emit(AnswerHide{HideAnswer::stay});
    }
}

} // namespace portside::ui
