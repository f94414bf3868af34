// SPDX-License-Identifier: MIT
// Columns and places, without ImGui.
#include "app/ui/columns.h"
#include "app/ui/layout.h"

#include <algorithm>
#include <cmath>
#include <doctest/doctest.h>
#include <limits>
#include <set>
#include <string>

using namespace portside::ui;

namespace {

constexpr float kEm = 15;

float width_in(const std::vector<PlacedColumn>& placed, Column column) {
    const auto at = std::ranges::find(placed, column, &PlacedColumn::column);
    return at == placed.end() ? 0 : at->x1 - at->x0;
}

} // namespace

TEST_CASE("columns - together they are as wide as the list at any width") {
    for (const float width : {600.0F, 900.0F, 1200.0F, 3000.0F}) {
        const auto placed = place_columns(default_columns(), width, kEm);
        REQUIRE(placed.size() == kColumnCount);
        CHECK(placed.front().x0 == 0);
        CHECK(std::abs(placed.back().x1 - width) <= 1);
        for (std::size_t i = 1; i < placed.size(); ++i) {
            CHECK(placed[i].x0 == placed[i - 1].x1);
            CHECK(placed[i].x1 > placed[i].x0);
        }
        CHECK(placed.back().column == Column::action);
    }
}

TEST_CASE("columns - a layout from a file is made whole") {
    ColumnLayout layout = default_columns();
    SUBCASE("one column many times") {
        layout.fill({.column = Column::user, .visible = false, .width = 9});
    }
    SUBCASE("the buttons first, the port hidden, widths that are none") {
        std::ranges::reverse(layout);
        for (ColumnState& state : layout) {
            state.visible = false;
            state.width = state.column == Column::pid ? std::numeric_limits<float>::quiet_NaN() : -4;
        }
    }
    SUBCASE("a column that does not exist") {
        layout[2].column = static_cast<Column>(200);
    }
    mend(layout);
    std::set<Column> seen;
    for (const ColumnState& state : layout) {
        seen.insert(state.column);
        CHECK(state.width >= 0);
        CHECK((state.visible || can_hide(state.column)));
    }
    CHECK(seen.size() == kColumnCount);
    CHECK(layout.back().column == Column::action);
    CHECK_FALSE(place_columns(layout, 1000, kEm).empty());
}

TEST_CASE("columns - an order that was chosen is kept") {
    ColumnLayout layout = default_columns();
    move_column(layout, Column::user, Column::port);
    CHECK(layout[0].column == Column::user);
    CHECK(layout[1].column == Column::port);
    const ColumnLayout before = layout;
    mend(layout);
    CHECK(layout == before);
    move_column(layout, Column::user, Column::action);
    move_column(layout, Column::action, Column::port);
    CHECK(layout == before); // the buttons stay at the right
    move_column(layout, Column::user, Column::pid);
    CHECK(layout[5].column == Column::user);
}

TEST_CASE("columns - an edge follows the pointer on both sides of the column that stretches") {
    ColumnLayout layout = default_columns();
    for (const std::size_t index : {std::size_t{0}, std::size_t{1}, std::size_t{2}, std::size_t{3}, std::size_t{4}}) {
        const auto before = place_columns(layout, 1200, kEm);
        drag_edge(layout, before, index, 12, kEm);
        const auto after = place_columns(layout, 1200, kEm);
        CAPTURE(index);
        CHECK(std::abs(after[index].x1 - before[index].x1 - 12) <= 1);
    }
    const auto placed = place_columns(layout, 1200, kEm);
    drag_edge(layout, placed, 4, -5000, kEm);
    drag_edge(layout, placed, 0, -5000, kEm);
    CHECK(width_in(place_columns(layout, 1200, kEm), Column::port) > kEm);
    drag_edge(layout, placed, placed.size() - 1, 10, kEm); // the last one has no edge
}

TEST_CASE("columns - a hidden column takes no room and something always stretches") {
    ColumnLayout layout = default_columns();
    for (ColumnState& state : layout) {
        state.visible = state.column == Column::port || state.column == Column::action;
    }
    const auto placed = place_columns(layout, 1200, kEm);
    REQUIRE(placed.size() == 2);
    CHECK(placed.back().stretches);
    CHECK(std::abs(placed.back().x1 - 1200) <= 1);
}

TEST_CASE("columns - names for the file are stable") {
    const char* names[] = {"port", "protocol", "process", "address", "pid", "user", "since", "action"};
    for (std::size_t i = 0; i < kColumnCount; ++i) {
        CHECK(std::string(name_of(static_cast<Column>(i))) == names[i]);
    }
}

TEST_CASE("layout - parts never overlap and grow with the scale") {
    for (const float scale : {1.0F, 1.5F, 2.0F}) {
        for (const bool details : {false, true}) {
            for (const float width : {480.0F, 800.0F, 1240.0F}) {
                const Layout out = lay_out_window(width * scale, 694 * scale, kEm * scale, scale, details);
                CHECK(out.field.y1 <= out.strip.y0);
                CHECK(out.strip.y1 <= out.header.y0);
                CHECK(out.header.y1 <= out.list.y0);
                CHECK(out.list.y1 <= out.status.y0);
                CHECK(out.status.y1 <= 694 * scale + 1);
                CHECK(out.list.width() > 0);
                CHECK(out.list.height() > 2 * out.row_height);
                CHECK(out.row_height >= 32 * scale);
                CHECK((out.details.width() > 0) == details);
                CHECK((!details || out.list.x1 < out.details.x0 || out.list.y1 < out.details.y0));
            }
        }
    }
}

TEST_CASE("layout - a tiny window has no negative part") {
    const Layout out = lay_out_window(60, 40, kEm, 1, true);
    for (const Rect& part : {out.field, out.strip, out.header, out.list, out.status}) {
        CHECK(part.width() > 0);
        CHECK(part.height() > 0);
    }
}
