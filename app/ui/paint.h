// SPDX-License-Identifier: MIT
// Small things that are drawn everywhere: text that fits, badges, dots, icons, buttons. UI thread.
#pragma once

#include "app/ui/frame.h"

#include <string>
#include <string_view>

namespace portside::ui {

[[nodiscard]] ImU32 ink(std::uint32_t rgb, float alpha = 1.0F);

[[nodiscard]] float width_of(ImFont& font, std::string_view text);
// The baseline for text that stands in the middle of a line whose middle is `y`.
[[nodiscard]] float baseline_at(const Frame& frame, float y);

struct Drawn {
    float width = 0;
    bool cut = false;
};
// Draws at most `max_width` of the text, closed with an ellipsis where it does not fit.
Drawn draw_text(ImFont& font, std::uint32_t rgb, float x, float baseline, std::string_view text, float max_width);
// The same, and the whole text is shown when the pointer rests on what was cut.
Drawn draw_text_with_tip(Frame& frame, ImFont& font, std::uint32_t rgb, ImVec2 at, std::string_view text,
                         float max_width);

// Shows `text` when the pointer rests in this rectangle of the current window.
void tip(Frame& frame, const Rect& area, std::string_view text);
// Whether the pointer rests there long enough, for texts that are costly to make.
[[nodiscard]] bool tip_due(Frame& frame, const Rect& area);
void show_tip(const Frame& frame, std::string_view text);

void draw_dot(const Frame& frame, ImVec2 middle, std::uint32_t rgb, bool hollow = false);
// Turns while something is under way; asks for the next frame.
void draw_spinner(Frame& frame, ImVec2 middle);
void draw_magnifier(const Frame& frame, ImVec2 middle, std::uint32_t rgb);
void draw_sort_arrow(const Frame& frame, ImVec2 middle, bool descending, std::uint32_t rgb);
// Says whether what stands below is shown (`open`) or folded.
void draw_chevron(const Frame& frame, ImVec2 middle, bool open, std::uint32_t rgb);
// A small word in a full pill; returns its width. `x` is its left edge.
float draw_pill(const Frame& frame, float x, float middle_y, std::string_view word, std::uint32_t rgb);
[[nodiscard]] float pill_width(const Frame& frame, std::string_view word);
// A key's name in a quiet frame, its right edge at `right`; returns its width.
float draw_key(const Frame& frame, float right, float middle_y, std::string_view name);
void draw_panel(const Frame& frame, const Rect& area, std::uint32_t fill);

// Says that Enter means what stands in this place.
void draw_ring(const Frame& frame, const Rect& area);

enum class Tone : std::uint8_t { quiet, danger, off };
[[nodiscard]] float button_width(const Frame& frame, std::string_view label);
[[nodiscard]] float button_height(const Frame& frame);
// A button with its right edge at `right`. `surface`: what it stands on. True when it was clicked.
bool draw_button(Frame& frame, const char* id, float right, float middle_y, std::string_view label, Tone tone,
                 std::uint32_t surface);

// A square button with three dots, as high as any other. Not `shown`: it is there, but seen only under the pointer.
// `open`: what it opens is open.
struct DotsLook {
    bool shown = false;
    bool open = false;
    std::uint32_t surface = 0;
};
bool draw_dots_button(Frame& frame, const char* id, float right, float middle_y, const DotsLook& look);

} // namespace portside::ui
