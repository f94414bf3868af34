// SPDX-License-Identifier: MIT
// Where everything stands in the window. Pure: sizes in, rectangles out, in pixels.
#pragma once

namespace portside::ui {

struct Rect {
    float x0 = 0;
    float y0 = 0;
    float x1 = 0;
    float y1 = 0;
    [[nodiscard]] float width() const { return x1 - x0; }
    [[nodiscard]] float height() const { return y1 - y0; }
    [[nodiscard]] float middle_x() const { return (x0 + x1) / 2; }
    [[nodiscard]] float middle_y() const { return (y0 + y1) / 2; }
};

struct Layout {
    Rect field;   // the search field
    Rect tools;   // right of it: small buttons with drawings
    Rect strip;   // below it: the views, and why a query cannot be parsed or what the field understands
    Rect header;  // the columns' names
    Rect list;    // the rows; its right edge is where the buttons end
    Rect details; // empty while they are closed
    Rect status;
    float row_height = 0;
};

// `em`: the text font's height in pixels; `scale`: pixels of one design unit; `frameless`: there is a tool to close it.
[[nodiscard]] Layout lay_out_window(float width, float height, float em, float scale, bool details_open,
                                    bool frameless = false);

} // namespace portside::ui
