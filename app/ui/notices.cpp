// SPDX-License-Identifier: MIT
// Short messages above the status bar: they slide in, stay a while, and leave by themselves or on a click. UI thread.
#include "app/ui/paint.h"
#include "app/ui/parts.h"

#include <fmt/format.h>

namespace portside::ui {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds kSlide{180};
constexpr milliseconds kStay{6000};
constexpr milliseconds kStayBad{12000}; // a reason takes longer to read
constexpr std::size_t kMostNotices = 3;
constexpr float kHeight = 46; // design units
constexpr float kNoticePadding = 20;
constexpr float kNoticeGap = 8;
constexpr float kAbove = 14; // the status bar

// How far it is in: 0 to 1, easing out. Asks for the next step.
float presence(Frame& frame, const Notice& notice) {
    const bool reads_long = notice.tone == Notice::Tone::bad || notice.tone == Notice::Tone::mixed;
    const SteadyTime end = notice.shown_at + (reads_long ? kStayBad : kStay);
    if (frame.now() >= end) {
        frame.emit(DismissNotice{notice.id});
        return 0;
    }
    const bool entering = frame.now() < notice.shown_at + kSlide;
    const bool leaving = frame.now() >= end - kSlide;
    frame.wake_at(entering || leaving ? std::min(frame.now() + kSlideStep, end) : end - kSlide);
    const auto left = entering ? frame.now() - notice.shown_at : (leaving ? end - frame.now() : kSlide);
    const float part =
        std::clamp(std::chrono::duration<float>(left) / std::chrono::duration<float>(kSlide), 0.0F, 1.0F);
    return 1 - (1 - part) * (1 - part);
}

std::uint32_t tone_color(const Theme& theme, Notice::Tone tone) {
    switch (tone) {
    case Notice::Tone::good:
        return theme.green;
    case Notice::Tone::mixed:
        return theme.amber;
    case Notice::Tone::bad:
        return theme.red;
    case Notice::Tone::plain:
        break;
    }
    return theme.accent;
}

void draw_notice(Frame& frame, const Notice& notice, const Rect& area) {
    const Theme& theme = frame.look.theme;
    ImGui::SetNextWindowPos({area.x0, area.y0});
    ImGui::SetNextWindowSize({area.width(), area.height()});
    const std::string name = fmt::format("notice {}", notice.id);
    ImGui::Begin(name.c_str(), nullptr,
                 ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoSavedSettings |
                     ImGuiWindowFlags_NoBackground | ImGuiWindowFlags_NoNav | ImGuiWindowFlags_NoFocusOnAppearing);
    draw_panel(frame, area, theme.panel);
    draw_dot(frame, {area.x0 + frame.px(kNoticePadding) + frame.px(4), area.middle_y()},
             tone_color(theme, notice.tone));
    const float x = area.x0 + frame.px(kNoticePadding) + frame.px(22);
    ImGui::SetCursorScreenPos({area.x0, area.y0});
    if (ImGui::InvisibleButton("dismiss", {area.width(), area.height()})) {
        frame.emit(DismissNotice{notice.id});
    }
    draw_text_with_tip(frame, *frame.look.text, theme.text, {x, baseline_at(frame, area.middle_y())}, notice.text,
                       area.x1 - frame.px(kNoticePadding) + 1 - x);
    ImGui::End();
}

} // namespace

void draw_notices(Frame& frame) {
    const auto& notices = frame.model.notices;
    const float height = frame.px(kHeight);
    const float widest = frame.layout.field.width();
    float bottom = frame.layout.status.y0 - frame.px(kAbove);
    std::size_t drawn = 0;
    for (auto notice = notices.rbegin(); notice != notices.rend() && drawn < kMostNotices; ++notice, ++drawn) {
        const float in = presence(frame, *notice);
        if (in <= 0) {
            continue;
        }
        const float text = std::ceil(width_of(*frame.look.text, notice->text));
        const float width = std::min(text + frame.px(22) + 2 * frame.px(kNoticePadding), widest);
        const float x = std::floor(frame.layout.status.middle_x() - width / 2);
        const float y = std::floor(bottom - height * in);
        draw_notice(frame, *notice, {x, y, x + width, y + height});
        bottom -= (height + frame.px(kNoticeGap)) * in;
    }
}

} // namespace portside::ui
