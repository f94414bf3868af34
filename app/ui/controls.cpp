// SPDX-License-Identifier: MIT
// What a setting is changed with, drawn by the draw list. UI thread.
#include "app/ui/controls.h"

#include <array>
#include <cmath>
#include <fmt/format.h>
#include <numbers>

namespace portside::ui {

namespace {

// Design units.
constexpr float kSwitchWidth = 38;
constexpr float kSwitchHeight = 22;
constexpr float kChoicePadding = 13;
constexpr float kChoiceHeight = 28;
constexpr float kTrackWidth = 150;
constexpr float kTrackHeight = 4;
constexpr float kKnob = 7;
constexpr float kPercentWidth = 52;
constexpr float kRounding = 7;
constexpr int kTeeth = 8;

ImDrawList& current_list() {
    return *ImGui::GetWindowDrawList();
}

Rect area_of(float right, float middle_y, float width, float height) {
    const float x = std::floor(right - width);
    const float y = std::floor(middle_y - height / 2);
    return {x, y, x + width, y + height};
}

bool pressed(const char* id, const Rect& area) {
    ImGui::SetCursorScreenPos({area.x0, area.y0});
    return ImGui::InvisibleButton(id, {area.width(), area.height()});
}

std::uint32_t chosen_surface(const Theme& theme) {
    return mix(theme.panel, theme.accent, theme.tint);
}

} // namespace

std::optional<int> draw_switch(Frame& frame, const char* id, const ControlSpot& spot, int value) {
    const Theme& theme = frame.look.theme;
    const Rect area = area_of(spot.right, spot.middle_y, frame.px(kSwitchWidth), frame.px(kSwitchHeight));
    const bool clicked = pressed(id, area) && spot.enabled;
    const bool hovered = ImGui::IsItemHovered() && spot.enabled;
    const bool on = value != 0;
    const float radius = area.height() / 2;
    const std::uint32_t off = mix(theme.panel, theme.muted, hovered ? 0.45F : 0.3F);
    const std::uint32_t ground = on ? theme.accent : off;
    current_list().AddRectFilled({area.x0, area.y0}, {area.x1, area.y1},
                                 ink(spot.enabled ? ground : mix(theme.panel, ground, 0.4F)), radius);
    const float inset = frame.px(3);
    const float x = on ? area.x1 - radius : area.x0 + radius;
    current_list().AddCircleFilled({x, area.middle_y()}, radius - inset, ink(theme.panel), 24);
    return clicked ? std::optional(1 - value) : std::nullopt;
}

std::optional<int> draw_choices(Frame& frame, const char* id, const ControlSpot& spot, int value,
                                std::span<const std::string_view> choices) {
    const Theme& theme = frame.look.theme;
    ImFont& font = *frame.look.text;
    float width = 0;
    for (const auto choice : choices) {
        width += std::ceil(width_of(font, choice)) + 2 * frame.px(kChoicePadding);
    }
    const Rect area = area_of(spot.right, spot.middle_y, width, std::max(frame.px(kChoiceHeight), frame.em));
    std::optional<int> picked;
    float x = area.x0;
    ImGui::PushID(id);
    for (std::size_t i = 0; i < choices.size(); ++i) {
        const int number = static_cast<int>(i);
        const float own = std::ceil(width_of(font, choices[i])) + 2 * frame.px(kChoicePadding);
        ImGui::PushID(number);
        const bool clicked = pressed("choice", {x, area.y0, x + own, area.y1}) && spot.enabled;
        ImGui::PopID();
        const bool hovered = ImGui::IsItemHovered() && spot.enabled;
        const bool chosen = number == value;
        if (chosen) {
            current_list().AddRectFilled({x, area.y0}, {x + own, area.y1}, ink(chosen_surface(theme)),
                                         frame.px(kRounding));
        }
        const std::uint32_t rgb = chosen ? theme.accent : (hovered ? theme.text : theme.muted);
        draw_text(font, spot.enabled ? rgb : theme.faint, x + frame.px(kChoicePadding),
                  baseline_at(frame, area.middle_y()), choices[i], own);
        picked = clicked && !chosen ? std::optional(number) : picked;
        x += own;
    }
    ImGui::PopID();
    imgui::add_rect(current_list(), {area.x0, area.y0}, {area.x1, area.y1}, ink(theme.line), frame.px(kRounding),
                    frame.px(1));
    return picked;
}

std::optional<Slid> draw_slider(Frame& frame, const char* id, const ControlSpot& spot, int value, int least) {
    const Theme& theme = frame.look.theme;
    const float knob = kKnob * frame.look.scale;
    const Rect track =
        area_of(spot.right - frame.px(kPercentWidth), spot.middle_y, frame.px(kTrackWidth), frame.px(kTrackHeight));
    pressed(id, {track.x0 - knob, track.middle_y() - 2 * knob, track.x1 + knob, track.middle_y() + 2 * knob});
    const bool held = ImGui::IsItemActive() && spot.enabled;
    const bool let_go = ImGui::IsItemDeactivated() && spot.enabled;
    const bool lit = held || (ImGui::IsItemHovered() && spot.enabled);
    const auto span = static_cast<float>(100 - least);
    int shown = std::clamp(value, least, 100);
    if (held) {
        const float part = std::clamp((ImGui::GetIO().MousePos.x - track.x0) / track.width(), 0.0F, 1.0F);
        shown = least + static_cast<int>(std::lround(part * span));
    }
    const float x = track.x0 + track.width() * static_cast<float>(shown - least) / span;
    const std::uint32_t done = spot.enabled ? theme.accent : mix(theme.panel, theme.muted, 0.4F);
    const float rounding = track.height() / 2;
    current_list().AddRectFilled({track.x0, track.y0}, {track.x1, track.y1}, ink(mix(theme.panel, theme.muted, 0.3F)),
                                 rounding);
    current_list().AddRectFilled({track.x0, track.y0}, {x, track.y1}, ink(done), rounding);
    current_list().AddCircleFilled({x, track.middle_y()}, knob + (lit ? frame.look.scale : 0), ink(done), 24);
    current_list().AddCircleFilled({x, track.middle_y()}, knob - 2.5F * frame.look.scale, ink(theme.panel), 24);
    std::array<char, 16> room{};
    const auto written = fmt::format_to_n(room.data(), room.size(), "{} %", shown);
    const std::string_view text(room.data(), std::min(written.size, room.size()));
    ImFont& font = *frame.look.mono;
    draw_text(font, spot.enabled ? theme.text : theme.faint, spot.right - width_of(font, text),
              baseline_at(frame, spot.middle_y), text, frame.px(kPercentWidth));
    return shown != value || let_go ? std::optional(Slid{shown, let_go}) : std::nullopt;
}

bool draw_icon_button(Frame& frame, const char* id, ImVec2 middle, Icon icon) {
    const Theme& theme = frame.look.theme;
    const float side = frame.px(kIconButton);
    const Rect area = area_of(std::floor(middle.x + side / 2), middle.y, side, side);
    const bool clicked = pressed(id, area);
    const bool lit = ImGui::IsItemHovered() || ImGui::IsItemActive();
    if (lit) {
        current_list().AddRectFilled({area.x0, area.y0}, {area.x1, area.y1}, ink(hover_surface(theme)),
                                     frame.px(kRounding));
    }
    const ImU32 color = ink(lit ? theme.text : theme.muted);
    const float unit = frame.look.scale;
    const ImVec2 at{std::floor(area.middle_x()) + 0.5F, std::floor(area.middle_y()) + 0.5F};
    if (icon == Icon::cross) {
        const float arm = 5 * unit;
        current_list().AddLine({at.x - arm, at.y - arm}, {at.x + arm, at.y + arm}, color, 1.6F * unit);
        current_list().AddLine({at.x - arm, at.y + arm}, {at.x + arm, at.y - arm}, color, 1.6F * unit);
        return clicked;
    }
    current_list().AddCircle(at, 5 * unit, color, 32, 1.8F * unit);
    current_list().AddCircleFilled(at, 1.6F * unit, color, 16);
    for (int tooth = 0; tooth < kTeeth; ++tooth) {
        const float angle = 2 * std::numbers::pi_v<float> * static_cast<float>(tooth) / kTeeth;
        const ImVec2 way{std::cos(angle) * unit, std::sin(angle) * unit};
        current_list().AddLine({at.x + 5.5F * way.x, at.y + 5.5F * way.y}, {at.x + 8 * way.x, at.y + 8 * way.y}, color,
                               2.4F * unit);
    }
    return clicked;
}

} // namespace portside::ui
