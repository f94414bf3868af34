// SPDX-License-Identifier: MIT
// What stays where it is while the list changes; and what is said where it has no rows.
#include "tests/ui/stage.h"

#include <algorithm>
#include <doctest/doctest.h>
#include <imgui.h>

using namespace portside;
using namespace portside::ui;
using namespace std::chrono_literals;
using base::Key;

namespace {

// Rows of 500 processes, with `more` rows before them all.
Model long_list(int more) {
    std::vector<canned::RowWords> rows;
    for (int i = 0; i < 500 + more; ++i) {
        rows.push_back({.port = static_cast<std::uint16_t>(2000 + i - more),
                        .pid = 10'000 + i - more,
                        .name = "node",
                        .cwd = "/home/me/src"});
    }
    return canned::model_of(canned::snapshot_of(rows));
}

} // namespace

TEST_CASE("stay - rows that come above leave those on the screen where they are") {
    Stage stage(long_list(0));
    stage.settle();
    stage.move_mouse(stage.button_x(), stage.row_y(5));
    stage.scroll(-20);
    stage.frame();
    stage.settle();
    const float scrolled = stage.state.list.scroll;
    REQUIRE(scrolled > 0);
    const auto visible = stage.state.visible;
    stage.show(long_list(3));
    stage.frame();
    CHECK(stage.state.visible == visible); // already in the first frame
    stage.frame();
    stage.frame();
    CHECK(stage.state.visible == visible);
    CHECK(stage.state.list.scroll == scrolled + 3 * stage.layout().row_height);
    stage.show(long_list(0));
    stage.frame();
    stage.frame();
    CHECK(stage.state.visible == visible);
}

TEST_CASE("stay - a button under the pointer goes on meaning its row when rows come above") {
    Stage stage(long_list(0));
    stage.settle();
    stage.move_mouse(stage.button_x(), stage.row_y(5));
    stage.scroll(-20);
    stage.frame();
    stage.settle();
    stage.show(long_list(2));
    stage.frame();
    stage.frame();
    stage.mouse_down();
    stage.mouse_up();
    CHECK(stage.count<Act>() == 1); // it has stood there all the time
}

TEST_CASE("stay - a list at its top stays at its top") {
    Stage stage(long_list(0));
    stage.settle();
    stage.show(long_list(3));
    stage.frame();
    stage.frame();
    CHECK(stage.state.list.scroll == 0);
    CHECK(stage.state.visible.front() == 9'997);
}

TEST_CASE("stay - a pointer on a button asks the list to wait and nowhere else") {
    Stage stage;
    stage.settle();
    CHECK_FALSE(stage.last.holds_still);
    stage.move_mouse(stage.button_x(), stage.row_y(4));
    stage.frame();
    CHECK(stage.last.holds_still);
    stage.move_mouse(stage.layout().list.x0 + 40, stage.row_y(4));
    stage.frame();
    CHECK_FALSE(stage.last.holds_still);
}

TEST_CASE("stay - a row whose kill is under way is not waited for") {
    Stage stage;
    stage.settle();
    stage.move_mouse(stage.button_x(), stage.row_y(4));
    canned::mark(stage.model, 4).action = RowAction::force_kill;
    canned::mark(stage.model, 4).status = {.phase = KillPhase::still_running, .text = "still running after 5 s"};
    stage.frame();
    stage.frame();
    CHECK_FALSE(stage.last.holds_still);
}

TEST_CASE("stay - Enter clears a filter that hides everything") {
    Stage stage;
    stage.settle();
    stage.type("zzz");
    stage.frame();
    stage.frame();
    stage.model.arrangement.hidden = stage.model.arrangement.rows.size();
    stage.model.arrangement.rows.clear();
    stage.frame();
    stage.press(Key::enter);
    stage.frame();
    CHECK(stage.state.filter.empty());
    REQUIRE(stage.count<SetQuery>() > 0);
    CHECK(stage.all<SetQuery>().back().text.empty());
}

TEST_CASE("stay - that owners are hidden is said until it was read") {
    Model model = canned::model_of(canned::developer_machine());
    auto made = std::make_shared<snapshot::Snapshot>(*model.snapshot);
    made->notes.push_back({"owners_not_permitted", "The owner of 1 socket is not visible to you."});
    model.snapshot = made;
    Stage stage(model);
    stage.settle();
    const Rect strip = stage.layout().strip;
    const int said = Stage::vertices();
    stage.click(strip.x1 - 20, strip.middle_y() + 4);
    CHECK(stage.state.owners_told);
    CHECK(stage.count<LayoutChanged>() == 1); // to be remembered
    stage.settle();
    CHECK(Stage::vertices() != said);
    CHECK_FALSE(stage.last.next_frame);
}
