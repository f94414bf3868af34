// SPDX-License-Identifier: MIT
// Where everything stands in the window: a grid of 4 units. Pure.
#include "app/ui/layout.h"

#include <algorithm>
#include <cmath>

namespace portside::ui {

namespace {

// In design units.
constexpr float kMargin = 20;
constexpr float kFieldHeight = 52;
constexpr float kToolWidth = 36;
constexpr float kStripHeight = 48;
constexpr float kHeaderHeight = 28;
constexpr float kRowHeight = 34;
constexpr float kStatusHeight = 40;
constexpr float kGap = 12;
// In font heights: below the first, details stand under the list instead of beside it.
constexpr float kNarrow = 58;
constexpr float kDetailsMin = 20;
constexpr float kDetailsMax = 30;
constexpr float kDetailsShare = 0.34F;
constexpr float kDetailsShareBelow = 0.5F;

} // namespace

Layout lay_out_window(float width, float height, float em, float scale, bool details_open, bool frameless) {
    const auto px = [scale](float units) { return std::floor(units * scale); };
    const float margin = px(kMargin);
    const float right = std::max(width - margin, margin + 1);
    Layout out;
    out.row_height = std::max(px(kRowHeight), em + px(8));
    const float tools = px(kToolWidth) * (frameless ? 2 : 1);
    const float field_right = std::max(right - tools - px(4) + px(kToolWidth) / 4, margin + 1);
    out.field = {margin, margin, field_right, margin + px(kFieldHeight)};
    out.tools = {right - tools + px(kToolWidth) / 4, margin, right + px(kToolWidth) / 4, out.field.y1};
    out.strip = {margin, out.field.y1, right, out.field.y1 + px(kStripHeight)};
    out.status = {0, std::max(height - px(kStatusHeight), out.strip.y1 + 1), width, std::max(height, out.strip.y1 + 2)};
    const float top = out.strip.y1;
    const float bottom = std::max(out.status.y0, top + px(kHeaderHeight) + 1);
    float list_right = right;
    float list_bottom = bottom;
    if (details_open && width >= kNarrow * em) {
        const float size = std::clamp((right - margin) * kDetailsShare, kDetailsMin * em, kDetailsMax * em);
        out.details = {right - size, top, right, bottom - px(kGap)};
        list_right = out.details.x0 - px(kGap);
    } else if (details_open) {
        const float size = (bottom - top) * kDetailsShareBelow;
        out.details = {margin, bottom - size, right, bottom - px(kGap)};
        list_bottom = out.details.y0 - px(kGap);
    }
    out.header = {margin, top, list_right, top + px(kHeaderHeight)};
    out.list = {margin, out.header.y1, list_right, std::max(list_bottom, out.header.y1 + 1)};
    return out;
}

} // namespace portside::ui
