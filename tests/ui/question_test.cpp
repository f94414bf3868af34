// SPDX-License-Identifier: MIT
// A question with several answers: the safest first, the keyboard reaches each, Cancel stands where the hand was.
#include "tests/ui/stage.h"

#include <doctest/doctest.h>

using namespace portside;
using namespace portside::ui;
using namespace std::chrono_literals;
using base::Key;

namespace {

// As session would ask; the row is selected, as it is after a click on its button.
struct Asking {
    Stage stage;
    Asking() {
        stage.settle();
        stage.click_row(kPreview);
        stage.settle();
        Model next = canned::asking_model(stage.model.now);
        next.notices.clear();
        stage.show(std::move(next));
        stage.settle();
        stage.forget();
    }
    std::optional<RowAction> answered() {
        REQUIRE(stage.count<AnswerQuestion>() == 1);
        return stage.all<AnswerQuestion>().front().choice;
    }
};

} // namespace

TEST_CASE("question - each answer has its button and Cancel stands under the pointer that asked") {
    Asking asking;
    Stage& stage = asking.stage;
    const float y = stage.row_y(kPreview);
    SUBCASE("cancel") {
        stage.click_button(kPreview);
        CHECK_FALSE(asking.answered().has_value());
    }
    SUBCASE("kill anyway") {
        stage.click(stage.left_of("Cancel", "Kill anyway"), y);
        CHECK(asking.answered() == RowAction::kill);
    }
    SUBCASE("the safest, farthest from the hand") {
        stage.click(stage.left_of("Cancel", "Kill anyway") - stage.button_width("Kill anyway") / 2 - 20, y);
        CHECK(asking.answered() == RowAction::stop_unit);
    }
    CHECK(stage.count<Act>() == 0);
}

TEST_CASE("question - Enter means the safest answer until the arrows or Tab choose another") {
    Asking asking;
    Stage& stage = asking.stage;
    SUBCASE("at first") {
        stage.press(Key::enter);
        CHECK(asking.answered() == RowAction::stop_unit);
    }
    SUBCASE("right") {
        stage.press(Key::right);
        stage.press(Key::enter);
        CHECK(asking.answered() == RowAction::kill);
    }
    SUBCASE("tab twice is Cancel") {
        stage.press(Key::tab);
        stage.press(Key::tab);
        stage.press(Key::enter);
        CHECK_FALSE(asking.answered().has_value());
    }
    SUBCASE("left from the first is Cancel") {
        stage.press(Key::left);
        stage.press(Key::enter);
        CHECK_FALSE(asking.answered().has_value());
    }
    SUBCASE("escape is Cancel") {
        stage.press(Key::right);
        stage.press(Key::escape);
        CHECK_FALSE(asking.answered().has_value());
    }
    CHECK(stage.state.focus == Focus::table);
}

TEST_CASE("question - what was chosen for one question is not chosen for the next") {
    Asking asking;
    Stage& stage = asking.stage;
    stage.press(Key::right);
    stage.model.question->text = "blog.service has Restart=on-failure: systemd may start it again.";
    stage.press(Key::enter); // too early for a new question
    CHECK(stage.count<AnswerQuestion>() == 0);
    stage.settle();
    stage.press(Key::enter);
    CHECK(asking.answered() == RowAction::stop_unit);
}

TEST_CASE("question - no menu opens over a question and Right belongs to it") {
    Asking asking;
    Stage& stage = asking.stage;
    stage.press(Key::right);
    stage.settle();
    CHECK_FALSE(stage.state.menu.has_value());
    CHECK(stage.count<AnswerQuestion>() == 0);
}
