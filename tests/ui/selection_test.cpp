// SPDX-License-Identifier: MIT
// The selection stays on a row whose owner becomes known, and what is on the screen is told when it changes.
#include "tests/ui/models.h"
#include "tests/ui/stage.h"

#include <algorithm>
#include <doctest/doctest.h>

using namespace portside;
using namespace portside::ui;
using base::Key;
using canned::RowWords;
using Pids = std::vector<pid_t>;

namespace {

// Three rows; in the middle one that a process holds or, without one, whose owner is not known yet.
Model with_middle(pid_t pid) {
    return model_with({{.port = 80, .pid = 11, .name = "a"},
                       {.port = 3000, .pid = pid, .name = "node"},
                       {.port = 9000, .pid = 13, .name = "c"}});
}

void select(Stage& stage, int line) {
    stage.settle();
    stage.click_row(line);
    stage.settle();
    REQUIRE(stage.state.selected == stage.row(line).key);
}

} // namespace

TEST_CASE("selection - it stays on a row whose owner becomes known with its details") {
    Stage stage(with_middle(0));
    select(stage, 1);
    stage.state.details_open = true;
    stage.frame();
    SUBCASE("at its place") {
        stage.show(with_middle(12));
    }
    SUBCASE("at another place") {
        stage.show(model_with({{.port = 3000, .pid = 12, .name = "node"}, {.port = 9000, .pid = 13, .name = "c"}}));
    }
    stage.frame();
    REQUIRE(stage.state.selected.has_value());
    CHECK(stage.state.selected->port == 3000);
    CHECK(stage.row(stage.state.selected_line).key == *stage.state.selected);
    CHECK(stage.state.details_open);
    stage.press(Key::del); // what Delete means now has not stood for 300 ms
    CHECK(stage.count<Act>() == 0);
    stage.settle();
    stage.press(Key::del);
    CHECK(stage.count<Act>() == 1);
}

TEST_CASE("selection - it does not follow a socket to another holder while a person ends the first") {
    Stage stage(with_middle(12));
    select(stage, 1);
    const auto held = *stage.state.selected;
    SUBCASE("a kill is under way") {
        canned::mark(stage.model, 1).status = {.phase = KillPhase::asked, .text = "asked to stop"};
        stage.frame();
    }
    SUBCASE("a kill was asked for in the last frame") {
        stage.press(Key::del);
        REQUIRE(stage.count<Act>() == 1);
    }
    SUBCASE("a question is open") {
        stage.model.question = Question{held, "End node (12)?", {{RowAction::kill, "Kill"}}};
        stage.frame();
    }
    // The same sockets, and a row of the first holder's that is none of ours: the neighbour is at the same place.
    stage.show(model_with({{.port = 80, .pid = 11, .name = "a"},
                           {.port = 90, .pid = 20, .name = "b"},
                           {.port = 3000, .pid = 14, .name = "other"}}));
    stage.frame();
    REQUIRE(stage.state.selected.has_value());
    CHECK(stage.state.selected->port == 90);
}

TEST_CASE("selection - it goes to the neighbour where two rows could be meant or the filter hides the one") {
    Stage stage(with_middle(0));
    select(stage, 1);
    Model next = with_middle(12);
    SUBCASE("two") {
        auto split = std::make_shared<snapshot::Snapshot>(*next.snapshot);
        split->rows.insert(split->rows.begin() + 1, split->rows[1]);
        split->rows[1].key.holder = snapshot::ProcessId{.pid = 1, .start_time = 1};
        next.snapshot = split;
        next.arrangement.rows = {0, 3};
    }
    SUBCASE("hidden") {
        next.arrangement.rows = {0, 2};
    }
    stage.show(std::move(next));
    stage.frame();
    REQUIRE(stage.state.selected.has_value());
    CHECK(stage.state.selected->port == 9000);
}

TEST_CASE("selection - the processes on the screen are told once each time they change") {
    Stage stage(canned::model_of(canned::many_rows(1000)));
    stage.frame();
    REQUIRE(stage.last.visible.has_value());
    const Pids first = *stage.last.visible;
    CHECK(first.size() >= 10);
    CHECK(first.size() <= 40);
    CHECK(std::ranges::is_sorted(first));
    CHECK(first.front() == 10000);
    stage.settle();
    CHECK_FALSE(stage.last.visible.has_value());
    stage.move_mouse(stage.button_x(), stage.row_y(5));
    stage.scroll(-10);
    stage.frame();
    stage.settle();
    CHECK(stage.state.visible.front() > 10000);
    stage.show(canned::model_of(canned::snapshot_of({{.port = 80, .pid = 7, .name = "a", .workers = 2},
                                                     {.port = 81, .pid = 7, .name = "a"},
                                                     {.port = 82, .pid = 0}})));
    stage.settle();
    stage.pass(kGone);
    stage.settle();
    CHECK(stage.state.visible == Pids{7}); // the one whose name is drawn, once
    stage.click_row(0);
    stage.press(Key::enter);
    stage.frame();
    CHECK(stage.state.visible == Pids{7, 8, 9}); // the details name them all
}
