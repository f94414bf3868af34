// SPDX-License-Identifier: MIT
// A row's menu: opened by every hand, it acts on exactly what was drawn, or not at all.
#include "tests/ui/stage.h"

#include <doctest/doctest.h>

using namespace portside;
using namespace portside::ui;
using namespace std::chrono_literals;
using base::Key;

namespace {

void open_by_keys(Stage& stage, int line) {
    stage.settle();
    stage.click_row(line);
    stage.settle();
    stage.press(Key::menu);
    stage.settle();
    REQUIRE(stage.state.menu.has_value());
}

void right_click(Stage& stage, float x, float y) {
    stage.move_mouse(x, y);
    stage.mouse_down(1);
    stage.mouse_up(1);
    stage.settle();
}

} // namespace

TEST_CASE("menu - the menu key Shift F10 and Right open it for the selected row and Esc closes it alone") {
    Stage stage;
    stage.settle();
    stage.click_row(kVite);
    stage.settle();
    SUBCASE("menu") {
        stage.press(Key::menu);
    }
    SUBCASE("right") {
        stage.press(Key::right);
    }
    SUBCASE("shift f10") {
        stage.frame({base::KeyPress{.key = Key::f10, .shift = true}});
    }
    stage.settle();
    REQUIRE(stage.state.menu.has_value());
    CHECK(stage.state.menu->row == stage.row(kVite).key);
    CHECK(stage.state.menu_shown);
    stage.press(Key::escape);
    stage.frame();
    CHECK_FALSE(stage.state.menu.has_value());
    CHECK_FALSE(stage.state.menu_shown);
    CHECK(stage.count<Quit>() == 0);
    CHECK(stage.count<Act>() == 0);
}

TEST_CASE("menu - the second entry kills the tree of the process that was drawn") {
    Stage stage;
    open_by_keys(stage, kVite);
    stage.press(Key::down);
    stage.press(Key::enter, true); // a held key picks nothing
    CHECK(stage.count<Act>() == 0);
    stage.press(Key::enter);
    REQUIRE(stage.count<Act>() == 1);
    const Act act = stage.all<Act>().front();
    CHECK(act.action == RowAction::kill_tree);
    CHECK(act.row == stage.row(kVite).key);
    CHECK(act.process == snapshot::ProcessId{.pid = 48213, .start_time = 4821300});
    CHECK(act.inodes.size() == 2);
    stage.frame();
    CHECK_FALSE(stage.state.menu.has_value());
}

TEST_CASE("menu - an entry does not react before it has stood for 300 ms") {
    Stage stage;
    stage.settle();
    stage.click_row(kVite);
    stage.settle();
    stage.press(Key::menu);
    stage.frame();
    stage.pass(200ms);
    stage.press(Key::enter);
    CHECK(stage.count<Act>() == 0);
    CHECK(stage.state.menu.has_value());
    stage.pass(300ms);
    stage.press(Key::enter);
    CHECK(stage.count<Act>() == 1);
}

TEST_CASE("menu - other sockets of the row start the 300 ms of its entries anew") {
    Stage stage;
    open_by_keys(stage, kVite);
    auto changed = std::make_shared<snapshot::Snapshot>(*stage.model.snapshot);
    changed->rows.at(kVite).sockets.at(0).inode = 7;
    stage.model.snapshot = changed;
    stage.press(Key::enter);
    CHECK(stage.count<Act>() == 0);
    stage.settle();
    stage.press(Key::enter);
    CHECK(stage.count<Act>() == 1);
}

TEST_CASE("menu - a right click opens it where the pointer is and a click on an entry acts") {
    Stage stage;
    stage.settle();
    const float x = stage.layout().list.x0 + 200;
    const float y = stage.row_y(kPreview);
    right_click(stage, x, y);
    REQUIRE(stage.state.menu.has_value());
    CHECK(stage.state.menu->at_pointer);
    CHECK(stage.state.selected == stage.row(kPreview).key);
    CHECK(stage.count<Act>() == 0); // what opened it did nothing
    // The third entry: Kill, Kill tree, Stop unit.
    stage.click(x + 40, y + 8 + 2.5F * 32);
    REQUIRE(stage.count<Act>() == 1);
    CHECK(stage.all<Act>().front().action == RowAction::stop_unit);
    CHECK(stage.all<Act>().front().process.pid == 48377);
}

TEST_CASE("menu - the three dots left of the button open it and a click beside it closes it alone") {
    Stage stage;
    stage.settle();
    // Right to left: an edge of 2, the button, a gap of 6, the dots.
    const float dots = stage.layout().list.x1 - 2 - stage.button_width("Kill") - 6 - 13;
    stage.click(dots, stage.row_y(kVite));
    stage.settle();
    REQUIRE(stage.state.menu.has_value());
    CHECK_FALSE(stage.state.menu->at_pointer);
    CHECK(stage.count<Act>() == 0);
    const auto selected = stage.state.selected;
    stage.click(stage.layout().list.x0 + 34, stage.row_y(kVite + 8));
    stage.settle();
    CHECK_FALSE(stage.state.menu.has_value());
    CHECK(stage.state.selected == selected);
    CHECK(stage.count<Act>() == 0);
}

TEST_CASE("menu - it goes with its row and when its row is scrolled or filtered away") {
    Stage stage;
    open_by_keys(stage, kVite);
    SUBCASE("another holder") {
        auto rows = std::make_shared<snapshot::Snapshot>(*stage.model.snapshot);
        rows->rows.erase(rows->rows.begin() + kVite);
        stage.show(canned::model_of(rows));
    }
    SUBCASE("filtered") {
        stage.model.arrangement.rows.erase(stage.model.arrangement.rows.begin() + kVite);
    }
    stage.frame();
    stage.press(Key::enter);
    stage.frame();
    CHECK_FALSE(stage.state.menu.has_value());
    CHECK(stage.count<Act>() == 0);
}

TEST_CASE("menu - what is typed closes it and filters") {
    Stage stage;
    open_by_keys(stage, kVite);
    stage.type("no");
    stage.settle();
    CHECK_FALSE(stage.state.menu.has_value());
    CHECK(stage.state.filter == "no");
    CHECK(stage.state.field.active);
}

TEST_CASE("menu - its last entries copy") {
    Stage stage;
    open_by_keys(stage, kVite);
    stage.press(Key::up); // from the first to the last
    stage.press(Key::enter);
    REQUIRE(stage.count<Copy>() == 1);
    CHECK(stage.all<Copy>().front().text == "vite --port 3000");
    CHECK(stage.count<Act>() == 0);
}

TEST_CASE("menu - Stop container stands in the place of killing the forwarder") {
    Stage stage;
    stage.settle();
    stage.click_button(kProxy);
    REQUIRE(stage.count<Act>() == 1);
    CHECK(stage.all<Act>().front().action == RowAction::stop_container);
}

TEST_CASE("menu - an open menu costs no frames of its own") {
    Stage stage;
    open_by_keys(stage, kVite);
    stage.frame();
    CHECK_FALSE(stage.last.next_frame.has_value());
}
