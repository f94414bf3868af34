// SPDX-License-Identifier: MIT
// What stands in the list's place when it has no rows: why, and what to do. UI thread.
#include "app/ui/paint.h"
#include "app/ui/parts.h"

#include <array>
#include <fmt/format.h>

namespace portside::ui {

namespace {

constexpr float kTextWidth = 40;     // font heights
constexpr float kHeadlineAt = 0.38F; // of the list's height
// Design units.
constexpr float kMarkAbove = 56; // the mark's middle above the headline
constexpr float kMarkRadius = 26;
constexpr float kSentence = 26;
constexpr float kButton = 66;

// What a state is known by at a glance.
enum class Mark : std::uint8_t { free, no_match, failing };

// A quiet ring with a sign in it.
void draw_mark(const Frame& frame, Mark mark, ImVec2 middle) {
    const Theme& theme = frame.look.theme;
    const float unit = frame.look.scale;
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const std::uint32_t rgb = mark == Mark::failing ? theme.red : mark == Mark::free ? theme.green : theme.muted;
    list.AddCircleFilled(middle, kMarkRadius * unit, ink(badge_surface(theme, rgb)), 48);
    const float pen = 2.2F * unit;
    switch (mark) {
    case Mark::free: { // done: nothing stands in the way
        const std::array<ImVec2, 3> hook{ImVec2{middle.x - 9 * unit, middle.y + 0.5F * unit},
                                         ImVec2{middle.x - 2.5F * unit, middle.y + 7 * unit},
                                         ImVec2{middle.x + 9.5F * unit, middle.y - 6.5F * unit}};
        list.AddLine(hook[0], hook[1], ink(rgb), pen);
        list.AddLine(hook[1], hook[2], ink(rgb), pen);
        break;
    }
    case Mark::no_match:
        draw_magnifier(frame, middle, rgb);
        break;
    case Mark::failing:
        list.AddLine({middle.x, middle.y - 10 * unit}, {middle.x, middle.y + 2.5F * unit}, ink(rgb), pen);
        list.AddCircleFilled({middle.x, middle.y + 9 * unit}, 1.8F * unit, ink(rgb), 12);
        break;
    }
}

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

// A mark, one headline, one sentence, one button.
struct State {
    Mark mark = Mark::free;
    const char* headline = "";
    std::string sentence;
    std::uint32_t sentence_rgb = 0;
    const char* button = nullptr; // null: there is nothing to do
};

// True when the button was pressed.
bool draw_state(Frame& frame, const State& state) {
    const Theme& theme = frame.look.theme;
    const Rect& list = frame.layout.list;
    const float y = list.y0 + list.height() * kHeadlineAt;
    if (y - frame.px(kMarkAbove + kMarkRadius) > list.y0) { // else the window is too low for it
        draw_mark(frame, state.mark, {std::floor(list.middle_x()), std::floor(y - frame.px(kMarkAbove))});
    }
    draw_centred(frame, *frame.look.search, theme.text, y, state.headline);
    draw_centred(frame, *frame.look.text, state.sentence_rgb, y + frame.px(kSentence), state.sentence);
    return state.button != nullptr && centred_button(frame, y + frame.px(kButton), state.button);
}

void draw_looking(Frame& frame) {
    const Rect& list = frame.layout.list;
    const float y = list.y0 + list.height() * kHeadlineAt;
    draw_spinner(frame, {list.middle_x(), y - frame.px(28)});
    draw_centred(frame, *frame.look.strong, frame.look.theme.text, y, "Looking\xE2\x80\xA6");
}

std::string hidden_text(std::size_t hidden) {
    return hidden == 1 ? "The filter hides the one row that there is. Enter shows it again."
                       : fmt::format("The filter hides all {} rows. Enter shows them again.", hidden);
}

} // namespace

bool draw_empty(Frame& frame) {
    if (line_count(frame) > 0 || frame.state.gone.count() > 0) {
        return false;
    }
    const Theme& theme = frame.look.theme;
    const Model& model = frame.model;
    if (!model.snapshot && model.scan_error.empty()) {
        draw_looking(frame);
    } else if (!model.snapshot) {
        if (draw_state(frame, {Mark::failing, "The ports cannot be read", model.scan_error, theme.red, "Try again"})) {
            frame.emit(Rescan{});
        }
    } else if (model.arrangement.hidden == 0) {
        static_cast<void>(draw_state(frame, {Mark::free, "Every port is free",
                                             "No TCP socket listens on this machine, and no UDP socket is bound.",
                                             theme.muted, nullptr}));
    } else if (draw_state(frame, {Mark::no_match, "Nothing matches", hidden_text(model.arrangement.hidden), theme.muted,
                                  "Clear filter"})) {
        clear_filter(frame);
        focus_filter(frame, UiState::Field::Cursor::to_end);
    }
    return true;
}

} // namespace portside::ui
