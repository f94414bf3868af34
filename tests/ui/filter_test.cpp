// SPDX-License-Identifier: MIT
// The search field: what is typed arrives whole, and nothing dangerous happens in it.
#include "tests/ui/stage.h"

#include <doctest/doctest.h>
#include <string>

using namespace portside;
using namespace portside::ui;
using base::Key;

TEST_CASE("filter - typed characters arrive whole from the very first frame") {
    Stage stage;
    for (const char* letter : {"3", "0", "0", "0", " ", "v", "i", "t", "e"}) {
        stage.type(letter);
        stage.frame();
    }
    stage.frame();
    CHECK(stage.state.filter == "3000 vite");
    REQUIRE(stage.count<SetQuery>() == 9);
    CHECK(stage.all<SetQuery>().back().text == "3000 vite");
}

TEST_CASE("filter - several characters in one frame and others than ASCII") {
    Stage stage;
    stage.settle();
    stage.type("gr\xC3\xBC\xC3\x9F");
    stage.frame();
    stage.type("e");
    stage.frame();
    CHECK(stage.state.filter == "gr\xC3\xBC\xC3\x9F"
                                "e");
}

TEST_CASE("filter - Delete Enter and a question mark do nothing dangerous in it") {
    Stage stage;
    stage.settle();
    stage.click_row(3); // a row is selected, then the filter gets the keyboard back
    stage.settle();
    stage.frame({base::KeyPress{.key = Key::tab, .shift = true}});
    stage.settle();
    stage.forget();
    stage.press(Key::del);
    stage.press(Key::enter);
    stage.type("?");
    stage.frame();
    stage.frame();
    CHECK(stage.count<Act>() == 0);
    CHECK(stage.count<AnswerQuestion>() == 0);
    CHECK_FALSE(stage.state.details_open);
    CHECK_FALSE(stage.state.help_open);
    CHECK(stage.state.filter == "?");
}

TEST_CASE("filter - Ctrl K and Ctrl F select everything so that typing replaces it") {
    for (const Key key : {Key::k, Key::f}) {
        Stage stage;
        stage.settle();
        stage.type("vite");
        stage.frame();
        SUBCASE("while it has the keyboard") {}
        SUBCASE("from the list") {
            stage.press(Key::down);
            REQUIRE(stage.state.focus == Focus::table);
        }
        stage.press_with_control(key);
        SUBCASE("when the key comes before the field is ready") {}
        SUBCASE("when it is ready") {
            stage.settle();
        }
        stage.type("x");
        stage.frame();
        stage.frame();
        CHECK(stage.state.filter == "x");
        CHECK(stage.state.focus == Focus::filter);
    }
}

TEST_CASE("filter - Esc clears it first then asks to hide and a held Esc does neither") {
    Stage stage;
    stage.settle();
    stage.type("vite");
    stage.frame();
    stage.press(Key::escape, true);
    CHECK(stage.state.filter == "vite");
    stage.press(Key::escape);
    stage.settle();
    CHECK(stage.state.filter.empty());
    CHECK(stage.all<SetQuery>().back().text.empty());
    CHECK(stage.count<Hide>() == 0);
    stage.press(Key::escape, true);
    CHECK(stage.count<Hide>() == 0);
    stage.press(Key::escape);
    CHECK(stage.count<Hide>() == 1);
    stage.type("a");
    stage.frame();
    CHECK(stage.state.filter == "a"); // the cleared field goes on taking characters
}

TEST_CASE("filter - a query that cannot be parsed moves nothing") {
    Stage stage;
    stage.settle();
    const UiState::ListPlace before = stage.state.list;
    const int vertices = Stage::vertices();
    stage.state.filter = "port:99999";
    stage.model.query_error = "port:99999: ports go from 0 to 65535.";
    stage.settle();
    CHECK(stage.state.list == before);
    CHECK(Stage::vertices() != vertices);
    stage.forget();
    stage.click_button(3);
    CHECK(stage.count<Act>() == 1);
}

TEST_CASE("filter - when nothing matches one click clears it") {
    Stage stage;
    stage.state.filter = "nothing";
    stage.model.arrangement.hidden = stage.model.arrangement.rows.size();
    stage.model.arrangement.rows.clear();
    stage.settle();
    const Rect list = stage.layout().list;
    stage.click(list.middle_x(), list.y0 + list.height() * 0.38F + 66);
    CHECK(stage.state.filter.empty());
    REQUIRE(stage.count<SetQuery>() == 1);
    CHECK(stage.all<SetQuery>().front().text.empty());
}

TEST_CASE("filter - a click into the field takes the keyboard from the list") {
    Stage stage;
    stage.settle();
    stage.press(Key::down);
    REQUIRE(stage.state.focus == Focus::table);
    const Rect field = stage.layout().field;
    float x = 0;
    SUBCASE("on the text") {
        x = field.middle_x();
    }
    SUBCASE("on the icon") {
        x = field.x0 + 10;
    }
    stage.click(x, field.middle_y());
    stage.settle();
    stage.type("z");
    stage.frame();
    CHECK(stage.state.focus == Focus::filter);
    CHECK(stage.state.filter == "z");
}
