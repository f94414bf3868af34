// SPDX-License-Identifier: MIT
// Contrast of every text colour on each surface that it stands on, and a style of which nothing is ImGui's own.
#include "app/ui/theme.h"

#include <array>
#include <cmath>
#include <doctest/doctest.h>
#include <imgui.h>
#include <vector>

using namespace portside::ui;

namespace {

// WCAG 2.1, relative luminance and contrast ratio.
double luminance(std::uint32_t rgb) {
    const auto linear = [rgb](unsigned shift) {
        const double c = ((rgb >> shift) & 0xFFU) / 255.0;
        return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * linear(16U) + 0.7152 * linear(8U) + 0.0722 * linear(0U);
}

double contrast(std::uint32_t a, std::uint32_t b) {
    const double first = luminance(a);
    const double second = luminance(b);
    return (std::max(first, second) + 0.05) / (std::min(first, second) + 0.05);
}

constexpr double kReadable = 4.5;

} // namespace

TEST_CASE("theme - every text colour can be read on every surface that it stands on") {
    for (const Theme& theme : {dark_theme(), light_theme()}) {
        CAPTURE(theme.background);
        const std::array<std::uint32_t, 6> surfaces{theme.background,         theme.panel,
                                                    selection_surface(theme), hover_surface(theme),
                                                    glow_surface(theme, 1),   glow_surface(theme, 0.5F)};
        for (const std::uint32_t surface : surfaces) {
            CAPTURE(surface);
            for (const std::uint32_t text :
                 {theme.text, theme.muted, theme.faint, theme.accent, theme.green, theme.amber, theme.red}) {
                CAPTURE(text);
                CHECK(contrast(text, surface) >= kReadable);
            }
        }
        CHECK(contrast(theme.red, danger_surface(theme)) >= kReadable);
        for (const std::uint32_t badge : {theme.muted, theme.amber, theme.accent, theme.green}) {
            CAPTURE(badge);
            CHECK(contrast(badge, badge_surface(theme, badge)) >= kReadable);
        }
        // Selected text in the field.
        CHECK(contrast(theme.text, mix(theme.panel, theme.accent, theme.tint * 2)) >= kReadable);
    }
}

TEST_CASE("theme - the looks tints stay within their bounds") {
    CHECK(dark_theme().tint <= 0.14F);
    CHECK(light_theme().tint <= 0.12F);
}

TEST_CASE("theme - colours are mixed channel by channel") {
    CHECK(mix(0x000000, 0xFFFFFF, 0) == 0x000000U);
    CHECK(mix(0x000000, 0xFFFFFF, 1) == 0xFFFFFFU);
    CHECK(mix(0x102030, 0x304050, 0.5F) == 0x203040U);
    CHECK(color(0xFF8000).x == doctest::Approx(1));
    CHECK(color(0xFF8000).y == doctest::Approx(0.50196));
    CHECK(color(0xFF8000).z == doctest::Approx(0));
}

TEST_CASE("theme - nothing of ImGuis own colours is left and sizes grow with the scale") {
    ImGui::CreateContext();
    for (const Theme& theme : {dark_theme(), light_theme()}) {
        ImGuiStyle ours;
        apply_style(ours, theme, 2);
        ImGuiStyle defaults;
        for (const auto paint : {&ImGui::StyleColorsDark, &ImGui::StyleColorsLight, &ImGui::StyleColorsClassic}) {
            paint(&defaults);
            for (int i = 0; i < ImGuiCol_COUNT; ++i) {
                CAPTURE(ImGui::GetStyleColorName(i));
                const ImVec4& a = ours.Colors[i];
                const ImVec4& b = defaults.Colors[i];
                const ImVec4 panel = color(theme.panel); // white is ImGui's own panel too
                const bool ours_too = a.w == 0 || (a.x == panel.x && a.y == panel.y && a.z == panel.z);
                const bool same = a.x == b.x && a.y == b.y && a.z == b.z && a.w == b.w;
                CHECK((ours_too || !same));
            }
        }
        ImGuiStyle single;
        apply_style(single, theme, 1);
        CHECK(ours.FrameRounding == 2 * single.FrameRounding);
        apply_style(ours, theme, 1); // always from the unscaled style
        CHECK(ours.FrameRounding == single.FrameRounding);
    }
    ImGui::DestroyContext();
}
