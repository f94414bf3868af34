// SPDX-License-Identifier: MIT
// Text that fits and the texts shown in full on hover. Everything goes through the draw list: process text is never a
// format string or an ID. UI thread.
#include "app/ui/paint.h"

#include <cfloat>
#include <cstdint>

namespace portside::ui {

namespace {

constexpr std::string_view kEllipsis = "\xE2\x80\xA6";
constexpr ImWchar kEllipsisCode = 0x2026;
constexpr std::chrono::milliseconds kTipDelay{350};
constexpr float kTipWidth = 36;         // font heights
constexpr float kHalfCapital = 0.36F;   // half a capital's height, in font heights
constexpr std::size_t kTipBytes = 2000; // longer texts are for the details

const char* end_of(std::string_view text) {
    return text.data() + text.size();
}

std::string_view ellipsis_of(ImFont& font) {
    return imgui::has_glyph(font, kEllipsisCode) ? kEllipsis : std::string_view("...");
}

} // namespace

ImU32 ink(std::uint32_t rgb, float alpha) {
    return ImGui::ColorConvertFloat4ToU32(color(rgb, alpha));
}

float width_of(ImFont& font, std::string_view text) {
    if (text.empty()) {
        return 0;
    }
    return font.CalcTextSizeA(imgui::size_of(font), FLT_MAX, 0, text.data(), end_of(text)).x;
}

float baseline_at(const Frame& frame, float y) {
    return std::floor(y + frame.em * kHalfCapital);
}

Drawn draw_text(ImFont& font, std::uint32_t rgb, float x, float baseline, std::string_view text, float max_width) {
    if (text.empty() || max_width <= 0) {
        return {.width = 0, .cut = !text.empty()};
    }
    const float size = imgui::size_of(font);
    const ImVec2 at{std::floor(x), std::floor(baseline - imgui::ascent_of(font))};
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const char* rest = nullptr;
    // Stops measuring where the room ends, so that a command line of 64 KiB costs no more than one that just fits.
    const float width = font.CalcTextSizeA(size, max_width + 1, 0, text.data(), end_of(text), &rest).x;
    if (rest == end_of(text)) {
        list.AddText(&font, size, at, ink(rgb), text.data(), end_of(text));
        return {.width = width, .cut = false};
    }
    const std::string_view ellipsis = ellipsis_of(font);
    const float room = max_width - width_of(font, ellipsis);
    float used = 0;
    if (room > 0) {
        used = font.CalcTextSizeA(size, room, 0, text.data(), end_of(text), &rest).x;
        list.AddText(&font, size, at, ink(rgb), text.data(), rest);
    }
    if (room >= 0) {
        list.AddText(&font, size, {std::floor(at.x + used), at.y}, ink(rgb), ellipsis.data(), end_of(ellipsis));
    }
    return {.width = max_width, .cut = true};
}

Drawn draw_text_with_tip(Frame& frame, ImFont& font, std::uint32_t rgb, ImVec2 at, std::string_view text,
                         float max_width) {
    const Drawn drawn = draw_text(font, rgb, at.x, at.y, text, max_width);
    if (drawn.cut) {
        tip(frame, {at.x, at.y - frame.em, at.x + drawn.width, at.y + frame.em / 2}, text);
    }
    return drawn;
}

bool tip_due(Frame& frame, const Rect& area) {
    if (frame.tip_seen || area.width() <= 0 ||
        !ImGui::IsWindowHovered(ImGuiHoveredFlags_AllowWhenBlockedByActiveItem) ||
        !ImGui::IsMouseHoveringRect({area.x0, area.y0}, {area.x1, area.y1})) {
        return false;
    }
    frame.tip_seen = true;
    const auto place = (static_cast<std::uint64_t>(area.y0) << 32U) | static_cast<std::uint32_t>(area.x0);
    UiState::Tip& state = frame.state.tip;
    if (state.over != place + 1) {
        state = {.over = place + 1, .since = frame.now()};
    }
    if (frame.now() - state.since < kTipDelay) {
        frame.wake_at(state.since + kTipDelay);
        return false;
    }
    return true;
}

void show_tip(const Frame& frame, std::string_view text) {
    const float pad = frame.px(10);
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {pad, pad});
    ImGui::PushStyleVar(ImGuiStyleVar_WindowRounding, frame.px(7));
    ImGui::BeginTooltip();
    ImGui::PushTextWrapPos(kTipWidth * frame.em);
    const std::string_view shown = text.substr(0, kTipBytes);
    ImGui::TextUnformatted(shown.data(), end_of(shown));
    ImGui::PopTextWrapPos();
    ImGui::EndTooltip();
    ImGui::PopStyleVar(2);
}

void tip(Frame& frame, const Rect& area, std::string_view text) {
    if (tip_due(frame, area)) {
        show_tip(frame, text);
    }
}

} // namespace portside::ui
