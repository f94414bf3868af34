// SPDX-License-Identifier: MIT
// The one theme table; no colour literal stands anywhere else. Colours are 0xRRGGBB; UI thread.
#pragma once

#include <cstdint>

struct ImVec4;
struct ImGuiStyle;

namespace portside::ui {

struct Theme {
    std::uint32_t background = 0;
    std::uint32_t panel = 0;
    std::uint32_t line = 0;
    std::uint32_t text = 0;
    std::uint32_t muted = 0;
    std::uint32_t faint = 0;
    std::uint32_t accent = 0;
    std::uint32_t green = 0;
    std::uint32_t amber = 0;
    std::uint32_t red = 0;
    float tint = 0; // strongest alpha of a tint of accent, green or red over a surface
};

[[nodiscard]] Theme dark_theme();
[[nodiscard]] Theme light_theme();

[[nodiscard]] ImVec4 color(std::uint32_t rgb, float alpha = 1.0F);

// `over` laid upon `under`, both opaque, at this alpha.
[[nodiscard]] std::uint32_t mix(std::uint32_t under, std::uint32_t over, float alpha);

// The surfaces that rows and their buttons stand on, all opaque.
[[nodiscard]] std::uint32_t selection_surface(const Theme& theme);
[[nodiscard]] std::uint32_t hover_surface(const Theme& theme);
// `strength` from 1 (just appeared) to 0.
[[nodiscard]] std::uint32_t glow_surface(const Theme& theme, float strength);
// Of a button that ends something, and of a badge in this colour: opaque, so that both can be read on every row.
[[nodiscard]] std::uint32_t danger_surface(const Theme& theme);
[[nodiscard]] std::uint32_t badge_surface(const Theme& theme, std::uint32_t rgb);

// Sets the whole style for this theme at this scale, from ImGui's unscaled defaults.
void apply_style(ImGuiStyle& style, const Theme& theme, float scale);

} // namespace portside::ui
