// SPDX-License-Identifier: MIT
// Buttons: the exact identity that was drawn, or nothing.
#include "tests/ui/stage.h"

#include <doctest/doctest.h>

using namespace portside;
using namespace portside::ui;
using namespace std::chrono_literals;
using base::Key;

namespace {

// Two listeners that follow one another on the same line.
Model one_row(std::uint16_t port, pid_t pid) {
    return canned::model_of(canned::snapshot_of({{.port = port, .pid = pid, .name = "node"}}));
}

Model with_question(Model model, int line) {
    const snapshot::Row& row = model.snapshot->rows.at(static_cast<std::size_t>(line));
    model.question =
        Question{.row = row.key, .text = "End it at once?", .answers = {{RowAction::force_kill, "Force kill"}}};
    return model;
}

} // namespace

TEST_CASE("kill - a click carries the identity and the sockets of the row") {
    Stage stage;
    stage.settle();
    stage.click_button(kVite);
    REQUIRE(stage.count<Act>() == 1);
    const Act act = stage.all<Act>().front();
    const snapshot::Row& row = stage.row(kVite);
    CHECK(act.row == row.key);
    CHECK(act.action == RowAction::kill);
    CHECK(act.process == snapshot::ProcessId{.pid = 48213, .start_time = 4821300});
    REQUIRE(act.inodes.size() == 2);
    CHECK(act.inodes[0] == row.sockets[0].inode);
    CHECK(act.inodes[1] == row.sockets[1].inode);
    CHECK(stage.state.selected == row.key);
    CHECK(stage.state.focus == Focus::table);
}

TEST_CASE("kill - a button does not react before it has stood for 300 ms") {
    Stage stage;
    stage.frame();
    stage.pass(299ms);
    stage.click_button(kVite);
    CHECK(stage.count<Act>() == 0);
    stage.pass(1ms);
    stage.click_button(kVite);
    CHECK(stage.count<Act>() == 1);
}

TEST_CASE("kill - a row that slips under the pointer does not react") {
    Stage stage(one_row(3000, 100));
    stage.settle();
    stage.move_mouse(stage.button_x(), stage.row_y(0));
    stage.show(one_row(3001, 200));
    SUBCASE("in the frame of the press") {
        stage.mouse_down();
        stage.mouse_up();
        CHECK(stage.count<Act>() == 0);
    }
    SUBCASE("a little later") {
        stage.frame();
        stage.pass(299ms);
        stage.mouse_down();
        stage.mouse_up();
        CHECK(stage.count<Act>() == 0);
    }
    SUBCASE("after 300 ms it does, as itself") {
        stage.frame();
        stage.pass(kGone); // until then the row that went stands there
        stage.frame();
        stage.pass(300ms);
        stage.mouse_down();
        stage.mouse_up();
        REQUIRE(stage.count<Act>() == 1);
        CHECK(stage.all<Act>().front().process.pid == 200);
    }
}

TEST_CASE("kill - a row that comes between press and release does not react however long the button is held") {
    Stage stage(one_row(3000, 100));
    stage.settle();
    stage.move_mouse(stage.button_x(), stage.row_y(0));
    stage.mouse_down();
    SUBCASE("another row") {
        stage.show(one_row(3001, 200));
    }
    SUBCASE("the same port of another process") {
        stage.show(one_row(3000, 200));
    }
    SUBCASE("another meaning of the button") {
        canned::mark(stage.model, 0).action = RowAction::force_kill;
    }
    stage.frame();
    stage.pass(1s);
    stage.frame();
    stage.mouse_up();
    CHECK(stage.count<Act>() == 0);
}

TEST_CASE("kill - another meaning or other sockets start the 300 ms anew") {
    Stage stage(one_row(3000, 100));
    stage.settle();
    SUBCASE("meaning") {
        canned::mark(stage.model, 0).action = RowAction::force_kill;
    }
    SUBCASE("sockets") {
        auto changed = std::make_shared<snapshot::Snapshot>(*stage.model.snapshot);
        changed->rows.at(0).sockets.at(0).inode = 7;
        stage.model.snapshot = changed;
    }
    stage.click_button(0);
    CHECK(stage.count<Act>() == 0);
    stage.pass(300ms);
    stage.click_button(0);
    CHECK(stage.count<Act>() == 1);
}

TEST_CASE("kill - a list that was scrolled starts the 300 ms anew") {
    Stage stage(canned::model_of(canned::many_rows(200)));
    stage.settle();
    stage.move_mouse(stage.layout().list.middle_x(), stage.row_y(2));
    stage.scroll(-3);
    stage.frame();
    REQUIRE(stage.state.list.scroll > 0);
    stage.click_button(4);
    CHECK(stage.count<Act>() == 0);
    stage.pass(300ms);
    stage.click(stage.button_x(), stage.layout().list.y0 + 3.5F * stage.layout().row_height);
    CHECK(stage.count<Act>() == 1);
}

TEST_CASE("kill - asking who holds it names no process and waits while it is being asked") {
    Stage stage;
    stage.settle();
    stage.click_button(0);
    REQUIRE(stage.count<Act>() == 1);
    CHECK(stage.all<Act>().front().action == RowAction::reveal_owner);
    CHECK(stage.all<Act>().front().process == snapshot::ProcessId{});
    CHECK(stage.all<Act>().front().inodes.size() == 2);
    stage.forget();
    stage.model.revealing = true;
    stage.settle();
    stage.click_button(0);
    stage.press(Key::del);
    CHECK(stage.count<Act>() == 0);
}

TEST_CASE("kill - Delete in the list does what the button does and a held key does nothing") {
    Stage stage;
    stage.settle();
    stage.click_row(kVite);
    stage.settle();
    stage.press(Key::del, true);
    CHECK(stage.count<Act>() == 0);
    RowAction action = RowAction::none;
    SUBCASE("kill") {
        action = RowAction::kill;
    }
    SUBCASE("force kill") {
        action = RowAction::force_kill;
    }
    SUBCASE("as administrator") {
        action = RowAction::kill_as_administrator;
    }
    canned::mark(stage.model, kVite).action = action;
    stage.settle();
    stage.press(Key::del);
    REQUIRE(stage.count<Act>() == 1);
    CHECK(stage.all<Act>().front().action == action);
    CHECK(stage.all<Act>().front().process.pid == 48213);
}

TEST_CASE("kill - Delete never meets a row that was just selected or that took the place of a vanished one") {
    Stage stage;
    stage.settle();
    stage.click_row(kVite);
    stage.settle();
    SUBCASE("moved with the arrow") {
        stage.press(Key::down);
    }
    SUBCASE("moved in the same frame") {
        stage.frame({base::KeyPress{.key = Key::down}, base::KeyPress{.key = Key::del}});
    }
    SUBCASE("vanished") {
        stage.model.arrangement.rows.erase(stage.model.arrangement.rows.begin() + kVite);
        stage.frame();
        CHECK(stage.state.selected == stage.row(kVite).key); // its neighbour at the same place
    }
    stage.pass(250ms);
    stage.press(Key::del);
    CHECK(stage.count<Act>() == 0);
    stage.pass(300ms);
    stage.press(Key::del);
    CHECK(stage.count<Act>() == 1);
}

TEST_CASE("kill - Delete does nothing for a selected row that is not on the screen") {
    Stage stage(canned::model_of(canned::many_rows(200)));
    stage.settle();
    stage.click_row(0);
    stage.settle();
    stage.scroll(-20);
    stage.settle();
    REQUIRE(stage.state.list.scroll > stage.layout().row_height);
    stage.press(Key::del);
    CHECK(stage.count<Act>() == 0);
}

TEST_CASE("kill - a question is answered by its buttons after 300 ms") {
    Stage stage;
    stage.settle();
    stage.show(with_question(canned::model_of(stage.model.snapshot), kVite));
    const float yes = stage.left_of("Cancel", "Force kill");
    stage.frame();
    stage.pass(250ms);
    stage.click(yes, stage.row_y(kVite));
    stage.click_button(kVite);
    CHECK(stage.count<AnswerQuestion>() == 0);
    stage.pass(50ms);
    SUBCASE("yes") {
        stage.click(yes, stage.row_y(kVite));
        REQUIRE(stage.count<AnswerQuestion>() == 1);
        CHECK(stage.all<AnswerQuestion>().front().choice == RowAction::force_kill);
    }
    SUBCASE("cancel, at the place of the button that asked") {
        stage.click_button(kVite);
        REQUIRE(stage.count<AnswerQuestion>() == 1);
        CHECK_FALSE(stage.all<AnswerQuestion>().front().choice);
    }
    CHECK(stage.count<Act>() == 0);
}

TEST_CASE("kill - Enter confirms a question of the selected row but never too early held down or from the filter") {
    Stage stage;
    stage.settle();
    stage.click_row(kVite);
    stage.settle();
    stage.show(with_question(canned::model_of(stage.model.snapshot), kVite));
    stage.frame();
    stage.pass(299ms);
    stage.press(Key::enter);
    stage.pass(1ms);
    stage.press(Key::enter, true);
    stage.press(Key::del);
    CHECK(stage.count<AnswerQuestion>() == 0);
    CHECK(stage.count<Act>() == 0);
    SUBCASE("in the list") {
        stage.press(Key::enter);
        REQUIRE(stage.count<AnswerQuestion>() == 1);
        CHECK(stage.all<AnswerQuestion>().front().choice == RowAction::force_kill);
    }
    SUBCASE("from the filter") {
        stage.press_with_control(Key::k);
        stage.press(Key::enter);
        CHECK(stage.count<AnswerQuestion>() == 0);
    }
    SUBCASE("of another row") {
        stage.press(Key::down);
        stage.settle();
        stage.press(Key::enter);
        CHECK(stage.count<AnswerQuestion>() == 0);
        CHECK(stage.state.details_open);
    }
    SUBCASE("when its text has changed") {
        stage.model.question->text = "Something else?";
        stage.press(Key::enter);
        CHECK(stage.count<AnswerQuestion>() == 0);
    }
    SUBCASE("Esc cancels") {
        stage.press(Key::escape);
        REQUIRE(stage.count<AnswerQuestion>() == 1);
        CHECK_FALSE(stage.all<AnswerQuestion>().front().choice);
    }
}
