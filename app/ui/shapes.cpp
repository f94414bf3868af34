// SPDX-License-Identifier: MIT
// Dots, icons, badges, panels and buttons, drawn by the draw list. UI thread.
#include "app/ui/paint.h"

#include <array>
#include <numbers>

namespace portside::ui {

namespace {

constexpr float kPi = std::numbers::pi_v<float>;
// Design units.
constexpr float kCardRounding = 10;
constexpr float kButtonRounding = 7;
constexpr float kButtonPadding = 12;
constexpr float kButtonHeight = 26;
constexpr float kPillHeight = 18;
constexpr float kPillPadding = 8;
constexpr float kKeyHeight = 20;
constexpr float kKeyPadding = 7;
constexpr float kQuietBorder = 0.18F; // of the muted colour over what the button stands on

ImDrawList& list() {
    return *ImGui::GetWindowDrawList();
}

} // namespace

void draw_dot(const Frame& frame, ImVec2 middle, std::uint32_t rgb, bool hollow) {
    const float radius = 4 * frame.look.scale;
    if (hollow) {
        list().AddCircle(middle, radius - frame.look.scale / 2, ink(rgb), 0, 1.5F * frame.look.scale);
    } else {
        list().AddCircleFilled(middle, radius, ink(rgb));
    }
}

void draw_spinner(Frame& frame, ImVec2 middle) {
    constexpr int kSteps = 16;
    const auto step = frame.now().time_since_epoch() / kSpinnerStep % kSteps;
    const float from = static_cast<float>(step) * 2 * kPi / kSteps;
    ImDrawList& draw = list();
    draw.PathArcTo(middle, 6 * frame.look.scale, from, from + 1.5F * kPi, 24);
    imgui::stroke_path(draw, ink(frame.look.theme.accent), 2 * frame.look.scale);
    frame.wake_at(frame.now() + kSpinnerStep);
}

void draw_magnifier(const Frame& frame, ImVec2 middle, std::uint32_t rgb) {
    const float unit = frame.look.scale;
    const ImVec2 lens{middle.x - 1.5F * unit, middle.y - 1.5F * unit};
    list().AddCircle(lens, 7 * unit, ink(rgb), 32, 2 * unit);
    list().AddLine({lens.x + 5.2F * unit, lens.y + 5.2F * unit}, {lens.x + 11 * unit, lens.y + 11 * unit}, ink(rgb),
                   2.2F * unit);
}

void draw_sort_arrow(const Frame& frame, ImVec2 middle, bool descending, std::uint32_t rgb) {
    const float half = 3.5F * frame.look.scale;
    const float rise = (descending ? 2.0F : -2.0F) * frame.look.scale;
    const ImVec2 tip_point{middle.x, middle.y + rise};
    // Clockwise for both directions: ImGui's anti-aliasing fringe wants it.
    if (descending) {
        list().AddTriangleFilled({middle.x - half, middle.y - rise}, {middle.x + half, middle.y - rise}, tip_point,
                                 ink(rgb));
    } else {
        list().AddTriangleFilled({middle.x + half, middle.y - rise}, {middle.x - half, middle.y - rise}, tip_point,
                                 ink(rgb));
    }
}

void draw_chevron(const Frame& frame, ImVec2 middle, bool open, std::uint32_t rgb) {
    const float half = 4 * frame.look.scale;
    const float rise = 2 * frame.look.scale;
    ImDrawList& draw = list();
    if (open) {
        draw.PathLineTo({middle.x - half, middle.y - rise});
        draw.PathLineTo({middle.x, middle.y + rise});
        draw.PathLineTo({middle.x + half, middle.y - rise});
    } else {
        draw.PathLineTo({middle.x - rise, middle.y - half});
        draw.PathLineTo({middle.x + rise, middle.y});
        draw.PathLineTo({middle.x - rise, middle.y + half});
    }
    imgui::stroke_path(draw, ink(rgb), 1.5F * frame.look.scale);
}

float pill_width(const Frame& frame, std::string_view word) {
    return width_of(*frame.look.small, word) + 2 * frame.px(kPillPadding);
}

float draw_pill(const Frame& frame, float x, float middle_y, std::string_view word, std::uint32_t rgb) {
    const Theme& theme = frame.look.theme;
    const float width = pill_width(frame, word);
    const float half = frame.px(kPillHeight) / 2;
    const ImVec2 min{std::floor(x), std::floor(middle_y - half)};
    list().AddRectFilled(min, {min.x + width, min.y + 2 * half}, ink(badge_surface(theme, rgb)), half);
    draw_text(*frame.look.small, rgb, min.x + frame.px(kPillPadding), baseline_at(frame, middle_y) - frame.px(1), word,
              width);
    return width;
}

float draw_key(const Frame& frame, float right, float middle_y, std::string_view name) {
    const Theme& theme = frame.look.theme;
    const float width = std::floor(width_of(*frame.look.small, name) + 2 * frame.px(kKeyPadding));
    const float height = frame.px(kKeyHeight);
    const ImVec2 min{std::floor(right - width), std::floor(middle_y - height / 2)};
    imgui::add_rect(list(), min, {min.x + width, min.y + height}, ink(theme.line), frame.px(5), frame.px(1));
    draw_text(*frame.look.small, theme.faint, min.x + frame.px(kKeyPadding), baseline_at(frame, middle_y) - frame.px(1),
              name, width);
    return width;
}

void draw_panel(const Frame& frame, const Rect& area, std::uint32_t fill) {
    const ImVec2 min{area.x0, area.y0};
    const ImVec2 max{area.x1, area.y1};
    list().AddRectFilled(min, max, ink(fill), frame.px(kCardRounding));
    imgui::add_rect(list(), min, max, ink(frame.look.theme.line), frame.px(kCardRounding), frame.px(1));
}

void draw_ring(const Frame& frame, const Rect& area) {
    const float out = frame.px(2);
    imgui::add_rect(list(), {std::floor(area.x0) - out, std::floor(area.y0) - out},
                    {std::floor(area.x1) + out, std::floor(area.y1) + out}, ink(frame.look.theme.accent),
                    frame.px(kButtonRounding) + out, 1.5F * frame.look.scale);
}

float button_width(const Frame& frame, std::string_view label) {
    return std::ceil(width_of(*frame.look.text, label)) + 2 * frame.px(kButtonPadding);
}

float button_height(const Frame& frame) {
    return std::max(frame.px(kButtonHeight), frame.em + frame.px(4));
}

bool draw_button(Frame& frame, const char* id, float right, float middle_y, std::string_view label, Tone tone,
                 std::uint32_t surface) {
    const Theme& theme = frame.look.theme;
    const ImVec2 size{button_width(frame, label), button_height(frame)};
    const ImVec2 min{std::floor(right - size.x), std::floor(middle_y - size.y / 2)};
    const ImVec2 max{min.x + size.x, min.y + size.y};
    ImGui::SetCursorScreenPos(min);
    const bool clicked = ImGui::InvisibleButton(id, size);
    const bool hovered = ImGui::IsItemHovered() && tone != Tone::off;
    const bool held = ImGui::IsItemActive() && tone != Tone::off;
    const float rounding = frame.px(kButtonRounding);
    std::uint32_t rgb = theme.muted;
    if (tone == Tone::danger) {
        rgb = theme.red;
        list().AddRectFilled(min, max, ink(danger_surface(theme)), rounding);
        const float edge = held ? 1.0F : (hovered ? 0.7F : 0.3F); // alpha of its outline
        imgui::add_rect(list(), min, max, ink(theme.red, edge), rounding, frame.px(1));
    } else {
        rgb = tone == Tone::off ? theme.faint : (hovered ? theme.text : theme.muted);
        imgui::add_rect(list(), min, max, ink(hovered ? theme.muted : mix(surface, theme.muted, kQuietBorder)),
                        rounding, frame.px(1));
    }
    draw_text(*frame.look.text, rgb, min.x + frame.px(kButtonPadding), baseline_at(frame, middle_y), label, size.x);
    return clicked && tone != Tone::off;
}

bool draw_dots_button(Frame& frame, const char* id, float right, float middle_y, const DotsLook& look) {
    const Theme& theme = frame.look.theme;
    const float side = button_height(frame);
    const ImVec2 min{std::floor(right - side), std::floor(middle_y - side / 2)};
    const ImVec2 max{min.x + side, min.y + side};
    ImGui::SetCursorScreenPos(min);
    const bool clicked = ImGui::InvisibleButton(id, {side, side});
    const bool lit = look.open || ImGui::IsItemHovered() || ImGui::IsItemActive();
    if (!lit && !look.shown) {
        return clicked;
    }
    if (lit) {
        imgui::add_rect(list(), min, max, ink(mix(look.surface, theme.muted, 2 * kQuietBorder)),
                        frame.px(kButtonRounding), frame.px(1));
    }
    const ImVec2 middle{std::floor((min.x + max.x) / 2) + 0.5F, std::floor((min.y + max.y) / 2) + 0.5F};
    for (const float offset : {-5.0F, 0.0F, 5.0F}) {
        list().AddCircleFilled({middle.x + offset * frame.look.scale, middle.y}, 1.5F * frame.look.scale,
                               ink(lit ? theme.text : theme.muted), 12);
    }
    return clicked;
}

} // namespace portside::ui
