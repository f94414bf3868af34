// SPDX-License-Identifier: MIT
// The theme table and the style made of it. UI thread.
#include "app/ui/theme.h"

#include "app/imgui_versions.h"

#include <cmath>

namespace portside::ui {

Theme dark_theme() {
    return {.background = 0x14161B,
            .panel = 0x1B1E25,
            .line = 0x2A2E38,
            .text = 0xE8EAF0,
            .muted = 0x9097A6,
            .faint = 0x8890A0,
            .accent = 0x5B9DFF,
            .green = 0x4CD08A,
            .amber = 0xF5B44A,
            .red = 0xFF6B6B,
            .tint = 0.14F};
}

Theme light_theme() {
    return {.background = 0xFBFBFD,
            .panel = 0xFFFFFF,
            .line = 0xE4E6EC,
            .text = 0x1B1E25,
            .muted = 0x5D6474,
            .faint = 0x636977,
            .accent = 0x1B62CF,
            .green = 0x137944,
            .amber = 0x925D00,
            .red = 0xB92C28,
            .tint = 0.12F};
}

namespace {

constexpr std::uint32_t kByte = 0xFFU;
// Of the strongest tint: so much leaves the faintest text 4.5:1.
constexpr float kSelection = 0.9F;
constexpr float kGlowTint = 0.8F;

std::uint32_t channel(std::uint32_t rgb, unsigned shift) {
    return (rgb >> shift) & kByte;
}

} // namespace

ImVec4 color(std::uint32_t rgb, float alpha) {
    const auto part = [rgb](unsigned shift) {
        return static_cast<float>(channel(rgb, shift)) / static_cast<float>(kByte);
    };
    return {part(16U), part(8U), part(0U), alpha};
}

std::uint32_t mix(std::uint32_t under, std::uint32_t over, float alpha) {
    std::uint32_t mixed = 0;
    for (const unsigned shift : {0U, 8U, 16U}) {
        const auto low = static_cast<float>(channel(under, shift));
        const auto high = static_cast<float>(channel(over, shift));
        mixed |= static_cast<std::uint32_t>(std::lround(low + (high - low) * alpha)) << shift;
    }
    return mixed;
}

std::uint32_t selection_surface(const Theme& theme) {
    return mix(theme.background, theme.accent, theme.tint * kSelection);
}

std::uint32_t hover_surface(const Theme& theme) {
    return mix(theme.background, theme.accent, theme.tint / 2);
}

std::uint32_t glow_surface(const Theme& theme, float strength) {
    return mix(theme.background, theme.green, theme.tint * kGlowTint * strength);
}

std::uint32_t danger_surface(const Theme& theme) {
    return mix(theme.background, theme.red, theme.tint);
}

std::uint32_t badge_surface(const Theme& theme, std::uint32_t rgb) {
    constexpr float kShare = 0.9F; // green words in a badge would be too pale on the light theme's full tint
    return mix(theme.background, rgb, theme.tint * kShare);
}

namespace {

void set_sizes(ImGuiStyle& style) {
    style.WindowPadding = {0, 0};
    style.WindowRounding = 0;
    style.WindowBorderSize = 0;
    style.WindowMinSize = {1, 1};
    style.ChildRounding = 10;
    style.ChildBorderSize = 0;
    style.PopupRounding = 10;
    style.PopupBorderSize = 1;
    style.FramePadding = {12, 6};
    style.FrameRounding = 7;
    style.FrameBorderSize = 0;
    style.ItemSpacing = {8, 8};
    style.ItemInnerSpacing = {8, 4};
    style.CellPadding = {0, 0};
    style.ScrollbarSize = 10;
    style.ScrollbarRounding = 5;
    style.GrabMinSize = 24;
    style.GrabRounding = 7;
    style.SelectableTextAlign = {0, 0.5F};
}

void set_colors(ImGuiStyle& style, const Theme& theme) {
    const auto set = [&style](int which, std::uint32_t rgb, float alpha = 1.0F) {
        style.Colors[which] = color(rgb, alpha);
    };
    // Whatever is not named below (and what a later ImGui adds) is a quiet line, never ImGui's blue.
    for (int i = 0; i < ImGuiCol_COUNT; ++i) {
        set(i, theme.line);
    }
    set(ImGuiCol_Text, theme.text);
    set(ImGuiCol_TextDisabled, theme.faint);
    set(ImGuiCol_WindowBg, theme.background);
    set(ImGuiCol_ChildBg, theme.background, 0);
    set(ImGuiCol_PopupBg, theme.panel);
    set(ImGuiCol_BorderShadow, theme.background, 0);
    for (const int frame : {ImGuiCol_FrameBg, ImGuiCol_FrameBgHovered, ImGuiCol_FrameBgActive, ImGuiCol_Button}) {
        set(frame, theme.panel);
    }
    set(ImGuiCol_ScrollbarBg, theme.background, 0);
    set(ImGuiCol_ScrollbarGrab, mix(theme.line, theme.muted, theme.tint * 2));
    set(ImGuiCol_ScrollbarGrabHovered, mix(theme.line, theme.muted, theme.tint * 4));
    set(ImGuiCol_ScrollbarGrabActive, theme.muted);
    for (const int picked : {ImGuiCol_Header, ImGuiCol_HeaderHovered, ImGuiCol_HeaderActive, ImGuiCol_ButtonHovered,
                             ImGuiCol_ButtonActive}) {
        set(picked, mix(theme.panel, theme.accent, theme.tint));
    }
    for (const int accented :
         {ImGuiCol_CheckMark, ImGuiCol_SliderGrab, ImGuiCol_SliderGrabActive, ImGuiCol_DragDropTarget}) {
        set(accented, theme.accent);
    }
    set(ImGuiCol_TextSelectedBg, theme.accent, theme.tint * 2);
    // The field and the list draw their own focus.
    set(imgui::kFocusRing, theme.accent, 0);
    set(ImGuiCol_NavWindowingHighlight, theme.accent, 0);
    set(ImGuiCol_NavWindowingDimBg, theme.background, 0);
    set(ImGuiCol_ModalWindowDimBg, theme.background, 0);
}

} // namespace

void apply_style(ImGuiStyle& style, const Theme& theme, float scale) {
    style = ImGuiStyle();
    set_sizes(style);
    set_colors(style, theme);
    style.ScaleAllSizes(scale);
}

} // namespace portside::ui
