// SPDX-License-Identifier: MIT
// The keyboard: where the focus goes, what each key means there, and in which order Esc closes things.
#include "app/imgui_versions.h"
#include "tests/ui/stage.h"

#include <algorithm>
#include <doctest/doctest.h>

using namespace portside;
using namespace portside::ui;
using namespace std::chrono_literals;
using base::Key;

TEST_CASE("keyboard - Down Tab and a click move the focus to the list and select a row") {
    Stage stage;
    stage.settle();
    CHECK(stage.state.focus == Focus::filter);
    int line = 0;
    SUBCASE("Down") {
        stage.press(Key::down);
    }
    SUBCASE("Tab") {
        stage.press(Key::tab);
    }
    SUBCASE("click") {
        line = 5;
        stage.click_row(line);
    }
    stage.settle();
    CHECK(stage.state.focus == Focus::table);
    CHECK_FALSE(stage.state.field.active);
    CHECK(stage.state.selected == stage.row(line).key);
}

TEST_CASE("keyboard - printable keys return to the filter and none is lost") {
    Stage stage;
    stage.settle();
    stage.type("vi");
    stage.frame();
    stage.press(Key::down);
    stage.settle();
    stage.type("t");
    stage.frame();
    CHECK(stage.state.focus == Focus::filter);
    stage.type("e");
    stage.frame();
    stage.type("3");
    stage.frame();
    stage.frame();
    CHECK(stage.state.filter == "vite3");
    CHECK(stage.all<SetQuery>().back().text == "vite3");
}

TEST_CASE("keyboard - arrows and pages move the selection and bring it into view") {
    Stage stage(canned::model_of(canned::many_rows(500)));
    stage.settle();
    stage.press(Key::down);
    stage.press(Key::down);
    stage.press(Key::down, true);
    CHECK(stage.state.selected_line == 2);
    stage.press(Key::up);
    CHECK(stage.state.selected_line == 1);
    stage.press(Key::page_down);
    CHECK(stage.state.selected_line > 8);
    stage.press(Key::end);
    stage.settle();
    CHECK(stage.state.selected_line == 499);
    CHECK(stage.state.armed.contains(-1)); // it is on the screen
    stage.press(Key::page_up);
    CHECK(stage.state.selected_line < 490);
    stage.press(Key::home);
    stage.settle();
    CHECK(stage.state.selected_line == 0);
    CHECK(stage.state.armed.contains(-1));
    CHECK(stage.state.list.scroll == 0);
}

TEST_CASE("keyboard - Up on the first row returns to the filter a held one stays") {
    Stage stage;
    stage.settle();
    stage.press(Key::down);
    stage.press(Key::up, true);
    CHECK(stage.state.focus == Focus::table);
    stage.press(Key::up);
    CHECK(stage.state.focus == Focus::filter);
    stage.settle();
    CHECK(stage.state.field.active);
}

TEST_CASE("keyboard - the selection follows its row across snapshots") {
    Stage stage;
    stage.settle();
    stage.click_row(6);
    const auto selected = stage.state.selected;
    std::ranges::reverse(stage.model.arrangement.rows);
    stage.frame();
    CHECK(stage.state.selected == selected);
    CHECK(stage.row(stage.state.selected_line).key == *selected);
}

TEST_CASE("keyboard - Enter opens the details and Esc closes what is open nearest first") {
    Stage stage;
    stage.settle();
    stage.type("vite");
    stage.frame();
    stage.click_row(3);
    stage.settle();
    const int vertices = Stage::vertices();
    stage.press(Key::enter, true);
    CHECK_FALSE(stage.state.details_open);
    stage.press(Key::enter);
    stage.settle();
    CHECK(stage.state.details_open);
    CHECK(Stage::vertices() > vertices);
    stage.press(Key::f1);
    CHECK(stage.state.help_open);
    stage.model.question = Question{.row = stage.row(3).key, .text = "Really?", .answers = {{RowAction::kill, "Kill"}}};
    stage.settle();
    stage.forget();

    stage.press(Key::escape);
    CHECK_FALSE(stage.state.help_open);
    CHECK(stage.count<AnswerQuestion>() == 0);
    stage.press(Key::escape);
    REQUIRE(stage.count<AnswerQuestion>() == 1);
    CHECK_FALSE(stage.all<AnswerQuestion>().front().choice);
    CHECK(stage.state.details_open);
    stage.model.question.reset();
    stage.press(Key::escape);
    CHECK_FALSE(stage.state.details_open);
    CHECK(stage.state.filter == "vite");
    stage.press(Key::escape);
    CHECK(stage.state.filter.empty());
    CHECK(stage.count<Hide>() == 0);
    stage.press(Key::escape);
    CHECK(stage.count<Hide>() == 1);
    CHECK(stage.count<Quit>() == 0);
    stage.press_with_control(Key::q);
    CHECK(stage.count<Quit>() == 1);
}

TEST_CASE("keyboard - a question mark shows the keys only in the list F1 everywhere") {
    Stage stage;
    stage.settle();
    stage.press(Key::f1);
    CHECK(stage.state.help_open);
    stage.settle();
    stage.type("abc"); // a card has the keyboard
    stage.frame();
    CHECK(stage.state.filter.empty());
    stage.press(Key::f1);
    CHECK_FALSE(stage.state.help_open);
    stage.press(Key::down);
    stage.type("?");
    stage.frame();
    CHECK(stage.state.help_open);
    CHECK(stage.state.filter.empty());
    stage.type("?");
    stage.frame();
    CHECK_FALSE(stage.state.help_open);
}

TEST_CASE("keyboard - while a card is open no row reacts") {
    Stage stage;
    stage.settle();
    stage.click_row(3);
    stage.settle();
    SUBCASE("help") {
        stage.state.help_open = true;
    }
    SUBCASE("quitting") {
        stage.model.quit_question = "Quit?";
    }
    SUBCASE("hiding") {
        stage.model.hide_question = true;
    }
    stage.settle();
    stage.press(Key::del);
    stage.click_button(3);
    CHECK(stage.count<Act>() == 0);
}

TEST_CASE("keyboard - F5 looks again once") {
    Stage stage;
    stage.settle();
    stage.press(Key::f5);
    stage.press(Key::f5, true);
    CHECK(stage.count<Rescan>() == 1);
}

TEST_CASE("keyboard - the question before quitting") {
    Stage stage;
    stage.settle();
    stage.model.quit_question = "Quit? One kill is still pending: node (47112).";
    stage.frame();
    stage.press(Key::enter);
    stage.pass(300ms);
    stage.press(Key::enter, true);
    CHECK(stage.count<AnswerQuit>() == 0);
    bool yes = false;
    SUBCASE("Enter quits") {
        yes = true;
        stage.press(Key::enter);
    }
    SUBCASE("Esc stays") {
        stage.press(Key::escape);
    }
    REQUIRE(stage.count<AnswerQuit>() == 1);
    CHECK(stage.all<AnswerQuit>().front().yes == yes);
    CHECK(stage.count<Quit>() == 0);
    stage.model.quit_question.clear();
    stage.settle();
    CHECK(stage.state.field.active); // the field has the keyboard again
}

TEST_CASE("keyboard - the question before hiding") {
    Stage stage;
    stage.settle();
    stage.model.hide_question = true;
    stage.frame();
    stage.press(Key::enter); // too early
    stage.pass(300ms);
    stage.press(Key::enter, true);
    stage.press(Key::escape, true);
    stage.type("x"); // a card has the keyboard
    stage.frame();
    CHECK(stage.state.filter.empty());
    CHECK(stage.intents.empty());
    HideAnswer answer = HideAnswer::stay;
    SUBCASE("Enter hides") {
        stage.press(Key::enter);
        answer = HideAnswer::hide;
    }
    SUBCASE("Esc stays") {
        stage.press(Key::escape);
    }
    SUBCASE("Ctrl Q quits") {
        stage.press_with_control(Key::q);
        answer = HideAnswer::quit;
    }
    REQUIRE(stage.intents.size() == 1);
    REQUIRE(stage.count<AnswerHide>() == 1);
    CHECK(stage.all<AnswerHide>().front().answer == answer);
    stage.model.hide_question = false;
    stage.settle();
    CHECK(stage.state.field.active); // the field has the keyboard again
}

TEST_CASE("keyboard - the question before hiding has two buttons and a click beside it stays") {
    Stage stage;
    stage.settle();
    stage.model.hide_question = true;
    stage.settle();
    // Along the card's lowest line of buttons, from its right edge: Hide, then Quit.
    const auto click_along = [&](float from_right) {
        const float right = Stage::kWidth / 2 + 15 * imgui::size_of(*stage.look.text);
        for (float y = Stage::kHeight / 2; y < Stage::kHeight / 2 + 100 && stage.intents.empty(); y += 6) {
            stage.click(right - from_right, y);
        }
    };
    HideAnswer answer = HideAnswer::stay;
    SUBCASE("hide") {
        click_along(24 + 10);
        answer = HideAnswer::hide;
    }
    SUBCASE("quit") {
        click_along(24 + stage.button_width("Hide") + 12 + 10);
        answer = HideAnswer::quit;
    }
    SUBCASE("beside") {
        stage.click(20, 20);
    }
    REQUIRE(stage.count<AnswerHide>() >= 1);
    CHECK(stage.all<AnswerHide>().front().answer == answer);
}

TEST_CASE("keyboard - Ctrl C copies the selected row") {
    Stage stage;
    stage.settle();
    stage.click_row(3);
    stage.press_with_control(Key::c);
    REQUIRE(stage.count<Copy>() == 1);
    CHECK(stage.all<Copy>().front().text == "3000 vite 48213");
}

TEST_CASE("keyboard - without any row the keys of the list do nothing") {
    Stage stage(canned::model_of(canned::snapshot_of({})));
    stage.settle();
    stage.press(Key::down);
    CHECK(stage.state.focus == Focus::filter);
    stage.state.focus = Focus::table;
    for (const Key key :
         {Key::up, Key::down, Key::home, Key::end, Key::page_up, Key::page_down, Key::enter, Key::del}) {
        stage.state.focus = Focus::table;
        stage.press(key);
    }
    CHECK(stage.intents.empty());
    CHECK_FALSE(stage.state.selected.has_value());
}
