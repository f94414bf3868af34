// SPDX-License-Identifier: MIT
// What stands in the list's place when it has no rows: why, and what to do. UI thread.
#include "app/ui/paint.h"
#include "app/ui/parts.h"

#include <fmt/format.h>

namespace portside::ui {

namespace {

constexpr float kTextWidth = 40; // font heights

void draw_centred(Frame& frame, ImFont& font, std::uint32_t rgb, float y, std::string_view text) {
    const Rect& list = frame.layout.list;
    const float room = std::min(list.width(), kTextWidth * frame.em);
    const float width = std::min(std::ceil(width_of(font, text)), room);
    draw_text_with_tip(frame, font, rgb, {list.middle_x() - width / 2, baseline_at(frame, y)}, text, width);
}

bool centred_button(Frame& frame, float y, const char* label) {
    const float right = frame.layout.list.middle_x() + button_width(frame, label) / 2;
    return draw_button(frame, label, right, y, label, Tone::quiet, frame.look.theme.background);
}

} // namespace

bool draw_empty(Frame& frame) {
    if (line_count(frame) > 0) {
        return false;
    }
    const Theme& theme = frame.look.theme;
    ImFont& strong = *frame.look.strong;
    ImFont& text = *frame.look.text;
    const Rect& list = frame.layout.list;
    const float y = list.y0 + list.height() * 0.38F;
    const float below = y + frame.px(26);
    const float button = y + frame.px(66);
    if (!frame.model.snapshot) {
        if (frame.model.scan_error.empty()) {
            draw_spinner(frame, {list.middle_x(), y - frame.px(28)});
            draw_centred(frame, strong, theme.text, y, "Looking\xE2\x80\xA6");
            return true;
        }
        draw_centred(frame, strong, theme.text, y, "The ports cannot be read");
        draw_centred(frame, text, theme.red, below, frame.model.scan_error);
        if (centred_button(frame, button, "Try again")) {
            frame.emit(Rescan{});
        }
        return true;
    }
    if (frame.model.arrangement.hidden == 0) {
        draw_centred(frame, strong, theme.text, y, "No port is in use");
        draw_centred(frame, text, theme.muted, below, "No TCP socket listens here, and no UDP socket is bound.");
        return true;
    }
    draw_centred(frame, strong, theme.text, y, "Nothing matches");
    draw_centred(frame, text, theme.muted, below,
                 frame.model.arrangement.hidden == 1
                     ? "The filter hides the one row that there is."
                     : fmt::format("The filter hides all {} rows.", frame.model.arrangement.hidden));
    if (centred_button(frame, button, "Clear filter")) {
        clear_filter(frame);
        focus_filter(frame, UiState::Field::Cursor::to_end);
    }
    return true;
}

} // namespace portside::ui
