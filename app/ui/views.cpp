// SPDX-License-Identifier: MIT
// The views as chips with counts, in one line between the search field and the list. UI thread.
#include "app/ui/paint.h"
#include "app/ui/parts.h"

#include <array>
#include <fmt/format.h>

namespace portside::ui {

namespace {

using base::Key;
using snapshot::View;

// Design units.
constexpr float kChipHeight = 30;
constexpr float kChipPadding = 14;
constexpr float kChipGap = 8;
constexpr float kCountGap = 7;
constexpr float kMessageGap = 24;
constexpr float kWheelStep = 60;
constexpr float kDrop = 2;            // the line's middle is so much below the strip's
constexpr float kRoomForMessage = 14; // font heights
constexpr float kChipBorder = 0.18F;

constexpr std::array<View, snapshot::kViewCount> kViews{View::all, View::mine, View::dev_servers, View::databases,
                                                        View::exposed};

// Why the list is not what it should be: said even where there is no room for both.
bool has_trouble(const Model& model) {
    return !model.query_error.empty() || (!model.scan_error.empty() && model.snapshot);
}

struct Chip {
    View view = View::all;
    std::size_t count = 0;
    float width = 0;
};

Chip chip_of(const Frame& frame, View view) {
    Chip chip{view, frame.model.view_counts.at(static_cast<std::size_t>(view))};
    chip.width = std::ceil(2 * frame.px(kChipPadding) + width_of(*frame.look.text, snapshot::title_of(view)));
    if (frame.model.snapshot) {
        const fmt::format_int digits(chip.count);
        chip.width += std::ceil(frame.px(kCountGap) + width_of(*frame.look.mono, {digits.data(), digits.size()}));
    }
    return chip;
}

void draw_chip(Frame& frame, const Chip& chip, float x, float middle_y) {
    const Theme& theme = frame.look.theme;
    const bool chosen = frame.model.view == chip.view;
    const float half = std::floor(frame.px(kChipHeight) / 2);
    const ImVec2 min{std::floor(x), std::floor(middle_y) - half};
    const ImVec2 max{min.x + chip.width, min.y + 2 * half};
    ImGui::SetCursorScreenPos(min);
    if (ImGui::InvisibleButton(snapshot::word_of(chip.view), {chip.width, 2 * half})) {
        choose_view(frame, chip.view);
    }
    const bool hovered = ImGui::IsItemHovered();
    ImDrawList& list = *ImGui::GetWindowDrawList();
    if (chosen) {
        list.AddRectFilled(min, max, ink(badge_surface(theme, theme.accent)), half);
    } else {
        imgui::add_rect(list, min, max, ink(mix(theme.background, theme.muted, hovered ? 1.0F : kChipBorder)), half,
                        frame.px(1));
    }
    if (chosen && frame.state.focus == Focus::views) {
        const float out = frame.px(2);
        imgui::add_rect(list, {min.x - out, min.y - out}, {max.x + out, max.y + out}, ink(theme.accent), half + out,
                        1.5F * frame.look.scale);
    }
    const float baseline = baseline_at(frame, middle_y);
    const std::uint32_t title = chosen ? theme.accent : (hovered ? theme.text : theme.muted);
    const float text_x = min.x + frame.px(kChipPadding);
    const float width =
        draw_text(*frame.look.text, title, text_x, baseline, snapshot::title_of(chip.view), chip.width).width;
    if (frame.model.snapshot) {
        const fmt::format_int digits(chip.count);
        draw_text(*frame.look.mono, chosen ? theme.accent : theme.faint, text_x + width + frame.px(kCountGap), baseline,
                  {digits.data(), digits.size()}, chip.width);
    }
}

// The chosen one into view, and never further than they reach.
void scroll(Frame& frame, const Rect& line, const std::array<Chip, snapshot::kViewCount>& chips, float all) {
    UiState& state = frame.state;
    if (ImGui::IsWindowHovered() && ImGui::IsMouseHoveringRect({line.x0, line.y0}, {line.x1, line.y1})) {
        state.views_scroll -= (ImGui::GetIO().MouseWheel + ImGui::GetIO().MouseWheelH) * frame.px(kWheelStep);
    }
    float x = 0;
    for (const Chip& chip : chips) {
        if (chip.view == state.view_wanted) {
            const float gap = frame.px(kChipGap);
            state.views_scroll = std::max(state.views_scroll, x + chip.width + gap - line.width());
            state.views_scroll = std::min(state.views_scroll, std::max(x - gap, 0.0F));
        }
        x += chip.width + frame.px(kChipGap);
    }
    state.view_wanted.reset();
    state.views_scroll = std::clamp(state.views_scroll, 0.0F, std::max(all - line.width(), 0.0F));
}

} // namespace

Rect draw_views(Frame& frame) {
    const Rect& strip = frame.layout.strip;
    const Rect line{strip.x0, strip.y0 + frame.px(kDrop), strip.x1, strip.y1 + frame.px(kDrop)};
    std::array<Chip, snapshot::kViewCount> chips{chip_of(frame, kViews[0]), chip_of(frame, kViews[1]),
                                                 chip_of(frame, kViews[2]), chip_of(frame, kViews[3]),
                                                 chip_of(frame, kViews[4])};
    float all = -frame.px(kChipGap);
    for (const Chip& chip : chips) {
        all += chip.width + frame.px(kChipGap);
    }
    const Rect rest{line.x0 + all + frame.px(kMessageGap), line.y0, line.x1, line.y1};
    if (has_trouble(frame.model) && rest.width() < kRoomForMessage * frame.em) {
        return line;
    }
    scroll(frame, line, chips, all);
    const float out = frame.px(4); // for the ring of the keyboard's focus
    ImGui::PushClipRect({line.x0 - out, line.y0}, {line.x1 + out, line.y1}, true);
    float x = line.x0 - frame.state.views_scroll;
    for (const Chip& chip : chips) {
        if (x < line.x1 && x + chip.width > line.x0) {
            draw_chip(frame, chip, x, line.middle_y());
        }
        x += chip.width + frame.px(kChipGap);
    }
    ImGui::PopClipRect();
    return rest;
}

void choose_view(Frame& frame, View view) {
    frame.state.view_wanted = view;
    if (view != frame.model.view) {
        frame.emit(SetView{view});
    }
}

void focus_views(Frame& frame) {
    UiState& state = frame.state;
    if (state.focus == Focus::filter) {
        ++state.field.epoch; // as in focus_table
        state.field.active = false;
    }
    state.focus = Focus::views;
    state.view_wanted = frame.model.view;
}

bool handle_views_key(Frame& frame, const base::KeyPress& press) {
    const auto at = static_cast<int>(frame.model.view);
    const auto choose = [&](int place) {
        choose_view(frame,
                    kViews.at(static_cast<std::size_t>(std::clamp(place, 0, static_cast<int>(kViews.size()) - 1))));
    };
    switch (press.key) {
    case Key::left:
        choose(at - 1);
        return true;
    case Key::right:
        choose(at + 1);
        return true;
    case Key::home:
        choose(0);
        return true;
    case Key::end:
        choose(static_cast<int>(kViews.size()) - 1);
        return true;
    case Key::up:
        focus_filter(frame, UiState::Field::Cursor::to_end);
        return true;
    case Key::tab:
        if (!press.repeat && press.shift && line_count(frame) > 0) {
            focus_table(frame);
        } else if (!press.repeat) {
            focus_filter(frame, UiState::Field::Cursor::to_end);
        }
        return true;
    case Key::down:
    case Key::enter:
        if (line_count(frame) > 0) {
            focus_table(frame);
            frame.state.scroll_to_line = frame.state.selected_line;
        } else if (press.key == Key::enter && !press.repeat) {
            show_rest(frame);
        }
        return true;
    default:
        return false;
    }
}

} // namespace portside::ui
