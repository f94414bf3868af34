// SPDX-License-Identifier: MIT
// The list: header, cost, hostile text, empty states, and when the next frame is due.
#include "tests/ui/stage.h"

#include <doctest/doctest.h>
#include <imgui.h>

using namespace portside;
using namespace portside::ui;
using namespace std::chrono_literals;
using base::Key;

namespace {

const ColumnState& state_of(const Stage& stage, Column column) {
    for (const ColumnState& state : stage.state.columns) {
        if (state.column == column) {
            return state;
        }
    }
    return stage.state.columns.front();
}

} // namespace

TEST_CASE("list - a click on a columns name sorts a second one turns the order") {
    Stage stage;
    stage.settle();
    stage.click(stage.title_x(Column::user), stage.title_y());
    REQUIRE(stage.count<SetSort>() == 1);
    CHECK(stage.all<SetSort>().back().order == snapshot::SortOrder{.column = snapshot::SortColumn::user});
    stage.model.sort = stage.all<SetSort>().back().order;
    stage.click(stage.title_x(Column::user), stage.title_y());
    CHECK(stage.all<SetSort>().back().order ==
          snapshot::SortOrder{.column = snapshot::SortColumn::user, .descending = true});
    stage.forget();
    stage.click(stage.title_x(Column::action), stage.title_y());
    CHECK(stage.count<SetSort>() == 0);
    CHECK(stage.count<LayoutChanged>() == 0);
}

TEST_CASE("list - a columns edge is dragged and the change is told when it is let go") {
    Stage stage;
    stage.settle();
    const Layout places = stage.layout();
    // The edge between PID and USER stands right of the stretching column: USER gives way.
    const float user = stage.title_x(Column::user);
    const float pid = stage.title_x(Column::pid);
    REQUIRE(user > pid);
    float left = user;
    while (left > pid && ImGui::GetMouseCursor() != ImGuiMouseCursor_ResizeEW) {
        left -= 2;
        stage.move_mouse(left, places.header.middle_y());
    }
    REQUIRE(left > pid);
    stage.mouse_down();
    stage.move_mouse(left + 30, places.header.middle_y());
    CHECK(stage.count<LayoutChanged>() == 0);
    stage.mouse_up();
    stage.frame();
    CHECK(stage.count<LayoutChanged>() == 1);
    CHECK(state_of(stage, Column::user).width > 0);
    CHECK(stage.title_x(Column::user) > user);
    CHECK(stage.count<SetSort>() == 0);
}

TEST_CASE("list - a columns name is dragged to another place and does not sort") {
    Stage stage;
    stage.settle();
    const float y = stage.title_y();
    const float from = stage.title_x(Column::pid);
    const float to = stage.title_x(Column::user);
    stage.move_mouse(from, y);
    stage.mouse_down();
    for (float x = from; x <= to + 4; x += 4) {
        stage.move_mouse(x, y);
    }
    stage.mouse_up();
    stage.frame();
    CHECK(stage.title_x(Column::pid) > stage.title_x(Column::user));
    CHECK(stage.count<LayoutChanged>() == 1);
    CHECK(stage.count<SetSort>() == 0);
}

TEST_CASE("list - the right button shows and hides columns and Esc closes the menu before anything else") {
    Stage stage;
    stage.settle();
    stage.move_mouse(stage.title_x(Column::process), stage.title_y());
    stage.mouse_down(ImGuiMouseButton_Right);
    stage.mouse_up(ImGuiMouseButton_Right);
    stage.frame();
    REQUIRE(stage.state.columns_menu_open);
    SUBCASE("a click hides the column") {
        // The second entry: the first is the port, which cannot be hidden.
        const ImVec2 at = ImGui::GetIO().MousePos;
        const float line = ImGui::GetFontSize() + ImGui::GetStyle().ItemSpacing.y;
        stage.click(at.x + 30, at.y + 10 + line * 0.5F);
        stage.frame();
        CHECK(state_of(stage, Column::port).visible);
        if (!stage.state.columns_menu_open) {
            return;
        }
        stage.click(at.x + 30, at.y + 10 + line * 1.5F);
        stage.frame();
        stage.frame();
        CHECK_FALSE(state_of(stage, Column::protocol).visible);
        CHECK(stage.count<LayoutChanged>() == 1);
        CHECK(stage.title_x(Column::protocol) < 0);
    }
    SUBCASE("Esc") {
        stage.press(Key::escape);
        stage.frame();
        CHECK_FALSE(stage.state.columns_menu_open);
        CHECK(stage.count<Quit>() == 0);
    }
}

TEST_CASE("list - ten thousand rows are drawn like a hundred") {
    int hundred = 0;
    {
        Stage stage(canned::model_of(canned::many_rows(100)));
        stage.settle();
        hundred = Stage::vertices();
    }
    Stage stage(canned::model_of(canned::many_rows(10000)));
    stage.settle();
    CHECK(Stage::vertices() < hundred + hundred / 10);
    CHECK(Stage::vertices() > hundred / 2);
}

TEST_CASE("list - hostile names are drawn and each row is still its own") {
    Stage stage(canned::model_of(canned::hostile_names()));
    stage.settle();
    for (int line = 0; line < 6; ++line) {
        stage.forget();
        stage.click_button(line);
        REQUIRE(stage.count<Act>() == 1);
        CHECK(stage.all<Act>().front().row == stage.row(line).key);
        stage.press(Key::enter); // its details
        stage.settle();
        CHECK(stage.state.details_open);
        stage.press(Key::escape);
        stage.settle();
    }
}

TEST_CASE("list - a double click opens the details and copies from there") {
    Stage stage;
    stage.settle();
    const float x = stage.layout().list.x0 + 34;
    const float y = stage.row_y(3);
    stage.click(x, y);
    stage.click(x, y);
    CHECK(stage.state.details_open);
    stage.settle();
    const Rect panel = stage.layout().details;
    stage.click(panel.x1 - 30, panel.y0 + 52 + 12);
    REQUIRE(stage.count<Copy>() == 1);
    CHECK(stage.all<Copy>().front().text == "vite --port 3000");
    stage.click(panel.x1 - 30, panel.y0 + 26);
    CHECK_FALSE(stage.state.details_open);
}

TEST_CASE("list - without rows it says why") {
    Stage stage;
    stage.settle();
    stage.model.arrangement.rows.clear();
    stage.model.snapshot = canned::snapshot_of({});
    stage.model.marks.clear();
    stage.frame();
    stage.pass(kGone);
    stage.frame();
    const int nothing_listens = Stage::vertices();
    CHECK_FALSE(stage.last.next_frame.has_value());
    stage.show(Model{});
    stage.frame();
    CHECK(stage.last.next_frame.has_value()); // it is looking: something turns
    stage.model.scan_error = "The sockets could not be read: operation not permitted.";
    stage.frame();
    CHECK(Stage::vertices() != nothing_listens);
    const Rect list = stage.layout().list;
    stage.settle();
    stage.click(list.middle_x(), list.y0 + list.height() * 0.38F + 66);
    CHECK(stage.count<Rescan>() == 1);
}

TEST_CASE("list - a frame is due only while something changes by itself") {
    Stage stage;
    stage.settle();
    CHECK_FALSE(stage.last.next_frame.has_value());
    SUBCASE("a new row glows for two seconds") {
        canned::mark(stage.model, 3).new_since = stage.model.now;
        stage.frame();
        REQUIRE(stage.last.next_frame.has_value());
        CHECK(*stage.last.next_frame <= stage.model.now + 100ms);
        stage.pass(2000ms);
        stage.frame();
        CHECK_FALSE(stage.last.next_frame.has_value());
    }
    SUBCASE("a spinner turns while a kill is under way") {
        canned::mark(stage.model, 3).action = RowAction::none;
        canned::mark(stage.model, 3).status = {.phase = KillPhase::asked, .text = "asked to stop"};
        stage.frame();
        REQUIRE(stage.last.next_frame.has_value());
        CHECK(*stage.last.next_frame > stage.model.now);
        CHECK(*stage.last.next_frame <= stage.model.now + 100ms);
        canned::mark(stage.model, 3).status = {.phase = KillPhase::refused, .text = "refused: not permitted"};
        stage.frame();
        CHECK_FALSE(stage.last.next_frame.has_value());
    }
    SUBCASE("rows that are not on the screen need no frames") {
        stage.show(canned::model_of(canned::many_rows(1000)));
        stage.frame();
        stage.pass(kGone);
        canned::mark(stage.model, 900).new_since = stage.model.now;
        canned::mark(stage.model, 901).status = {.phase = KillPhase::asked, .text = "asked to stop"};
        stage.frame();
        CHECK_FALSE(stage.last.next_frame.has_value());
    }
}

TEST_CASE("list - a notice slides in rests and leaves by itself or on a click") {
    Stage stage;
    stage.settle();
    const int without = Stage::vertices();
    stage.model.notices.push_back(
        {.id = 7, .tone = Notice::Tone::good, .text = "Port 4000 is free.", .shown_at = stage.model.now});
    stage.frame();
    CHECK(*stage.last.next_frame <= stage.model.now + 50ms);
    stage.pass(1s);
    stage.frame();
    stage.frame();
    CHECK(Stage::vertices() > without);
    CHECK(*stage.last.next_frame > stage.model.now + 3s);
    CHECK(stage.count<DismissNotice>() == 0);
    SUBCASE("by itself") {
        stage.pass(5s);
        stage.frame();
    }
    SUBCASE("on a click") {
        const Layout places = stage.layout();
        stage.click(places.status.middle_x(), places.status.y0 - 37);
    }
    REQUIRE(stage.count<DismissNotice>() >= 1);
    CHECK(stage.all<DismissNotice>().front().id == 7);
    stage.model.notices.clear();
    stage.move_mouse(-1, -1);
    stage.settle(); // a click on the notice took the keyboard from the field for a moment
    CHECK_FALSE(stage.last.next_frame.has_value());
}

TEST_CASE("list - what was cut is shown in full when the pointer rests on it") {
    Stage stage;
    stage.settle();
    canned::mark(stage.model, 3).action = RowAction::none;
    canned::mark(stage.model, 3).status = {.phase = KillPhase::refused, .text = std::string(400, 'x')};
    stage.move_mouse(stage.button_x() - 60, stage.row_y(3));
    stage.frame();
    const int before = Stage::vertices();
    REQUIRE(stage.last.next_frame.has_value()); // the tip is due
    stage.pass(400ms);
    stage.frame();
    stage.frame();
    CHECK(Stage::vertices() > before + 400);
}
