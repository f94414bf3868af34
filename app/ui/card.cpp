// SPDX-License-Identifier: MIT
// A card in the middle of the window, above everything. UI thread.
#include "app/ui/card.h"

#include "app/ui/paint.h"

namespace portside::ui {

namespace {

constexpr float kDim = 0.72F;

} // namespace

Rect begin_card(Frame& frame, const char* name, float width, float height) {
    const ImVec2 window = ImGui::GetIO().DisplaySize;
    ImGui::SetNextWindowPos({0, 0});
    ImGui::SetNextWindowSize(window);
    ImGui::Begin(name, nullptr,
                 ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoSavedSettings |
                     ImGuiWindowFlags_NoBackground | ImGuiWindowFlags_NoNav);
    ImGui::GetWindowDrawList()->AddRectFilled({0, 0}, window, ink(frame.look.theme.background, kDim));
    const float w = std::min(width, window.x - 2 * frame.px(12));
    const float h = std::min(height, window.y - 2 * frame.px(12));
    const float x = std::floor((window.x - w) / 2);
    const float y = std::floor((window.y - h) / 2);
    const Rect card{x, y, x + w, y + h};
    draw_panel(frame, card, frame.look.theme.panel);
    return card;
}

bool end_card(const Frame& frame, const Rect& card) {
    const bool beside = ImGui::IsWindowHovered() && ImGui::IsMouseClicked(ImGuiMouseButton_Left) &&
                        !ImGui::IsMouseHoveringRect({card.x0 - frame.px(1), card.y0}, {card.x1, card.y1});
    ImGui::End();
    return beside;
}

} // namespace portside::ui
