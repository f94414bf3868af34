// SPDX-License-Identifier: MIT
// The views as chips: pointer, keyboard, narrow windows, and what is said where a view has no rows.
#include "tests/ui/stage.h"

#include <doctest/doctest.h>
#include <imgui.h>
#include <map>

using namespace portside;
using namespace portside::ui;
using base::Key;
using base::KeyPress;
using snapshot::View;

namespace {

// Every view that a click in the chips' line chooses, with where it was.
std::map<View, float> chips_of(Stage& stage) {
    std::map<View, float> places;
    const View before = stage.model.view;
    const Rect strip = stage.layout().strip;
    for (float x = strip.x0 + 4; x < strip.x1; x += 12) {
        stage.forget();
        stage.model.view = before == View::all ? View::mine : View::all; // so that each is another one somewhere
        stage.click(x, strip.middle_y());
        for (const auto& intent : stage.all<SetView>()) {
            places.emplace(intent.view, x);
        }
        stage.model.view = before;
        stage.click(x, strip.middle_y());
        for (const auto& intent : stage.all<SetView>()) {
            places.emplace(intent.view, x);
        }
    }
    stage.forget();
    stage.settle();
    return places;
}

} // namespace

TEST_CASE("views - a click on a chip chooses its view and the chips stand in their order") {
    Stage stage;
    stage.settle();
    const auto places = chips_of(stage);
    REQUIRE(places.size() == snapshot::kViewCount);
    float before = 0;
    for (const auto view : {View::all, View::mine, View::dev_servers, View::databases, View::exposed}) {
        CHECK(places.at(view) > before);
        before = places.at(view);
    }
}

TEST_CASE("views - control and a digit choose a view wherever the keyboard is") {
    Stage stage;
    stage.settle();
    for (const auto focus : {Focus::filter, Focus::table}) {
        stage.state.focus = focus;
        stage.forget();
        for (const auto key : {Key::digit_2, Key::digit_3, Key::digit_4, Key::digit_5}) {
            stage.press_with_control(key);
        }
        const auto chosen = stage.all<SetView>();
        REQUIRE(chosen.size() == 4);
        CHECK(chosen[0].view == View::mine);
        CHECK(chosen[1].view == View::dev_servers);
        CHECK(chosen[2].view == View::databases);
        CHECK(chosen[3].view == View::exposed);
        CHECK(stage.state.focus == focus);
    }
    stage.forget();
    stage.press_with_control(Key::digit_1); // is chosen already
    stage.press(Key::digit_2);              // without Control it only types
    CHECK(stage.count<SetView>() == 0);
    stage.model.view = View::mine;
    stage.press_with_control(Key::digit_1);
    REQUIRE(stage.count<SetView>() == 1);
    CHECK(stage.all<SetView>().front().view == View::all);
}

TEST_CASE("views - tab goes from field to list to chips and back to the field") {
    Stage stage;
    stage.settle();
    stage.press(Key::tab);
    CHECK(stage.state.focus == Focus::table);
    stage.press(Key::tab);
    CHECK(stage.state.focus == Focus::views);
    stage.press(Key::tab);
    CHECK(stage.state.focus == Focus::filter);
    stage.settle();
    CHECK(stage.state.field.active);
    const KeyPress back{.key = Key::tab, .shift = true};
    stage.frame({back});
    CHECK(stage.state.focus == Focus::views);
    stage.settle();
    CHECK_FALSE(stage.state.field.active);
    stage.frame({back});
    CHECK(stage.state.focus == Focus::table);
    stage.frame({back});
    CHECK(stage.state.focus == Focus::filter);
}

TEST_CASE("views - arrows move among the chips and stop at their ends") {
    Stage stage;
    stage.settle();
    stage.frame({KeyPress{.key = Key::tab, .shift = true}});
    stage.press(Key::left);
    CHECK(stage.count<SetView>() == 0);
    stage.press(Key::right);
    REQUIRE(stage.count<SetView>() == 1);
    CHECK(stage.all<SetView>().back().view == View::mine);
    stage.model.view = View::mine;
    stage.press(Key::end);
    CHECK(stage.all<SetView>().back().view == View::exposed);
    stage.model.view = View::exposed;
    stage.forget();
    stage.press(Key::right);
    CHECK(stage.count<SetView>() == 0);
    stage.press(Key::home);
    CHECK(stage.all<SetView>().back().view == View::all);
    stage.press(Key::del); // nothing is selected in the list's name
    CHECK(stage.count<Act>() == 0);
    stage.press(Key::down);
    CHECK(stage.state.focus == Focus::table);
}

TEST_CASE("views - what is typed at the chips goes to the filter") {
    Stage stage;
    stage.settle();
    stage.frame({KeyPress{.key = Key::tab, .shift = true}});
    stage.frame();
    stage.type("no");
    stage.frame();
    CHECK(stage.state.filter == "no");
    CHECK(stage.state.focus == Focus::filter);
    stage.settle();
    CHECK(stage.state.filter == "no");
}

TEST_CASE("views - the table stays where it is when counts grow") {
    Stage stage;
    stage.settle();
    const float before = stage.state.list.top;
    stage.model.view_counts = {100'000, 20'000, 3'000, 400, 50'000};
    stage.frame();
    CHECK(stage.state.list.top == before);
}

TEST_CASE("views - a narrow window brings the chosen chip into view and the wheel moves them") {
    Stage stage;
    ImGui::GetIO().DisplaySize.x = 240;
    stage.settle();
    CHECK(stage.state.views_scroll == 0);
    stage.press_with_control(Key::digit_5);
    stage.model.view = View::exposed;
    stage.frame();
    stage.frame();
    CHECK(stage.state.views_scroll > 0);
    const float furthest = stage.state.views_scroll;
    stage.move_mouse(40, stage.layout().strip.middle_y());
    stage.scroll(1);
    CHECK(stage.state.views_scroll < furthest);
    stage.scroll(-100);
    CHECK(stage.state.views_scroll >= furthest);
    stage.scroll(100);
    CHECK(stage.state.views_scroll == 0);
    ImGui::GetIO().DisplaySize.x = Stage::kWidth;
    stage.frame();
    CHECK(stage.state.views_scroll == 0);
}

TEST_CASE("views - a view without rows says so and one button or Enter shows all") {
    Stage stage;
    stage.model.view = View::databases;
    stage.model.arrangement.rows.clear();
    stage.settle();
    const Rect list = stage.layout().list;
    SUBCASE("the button") {
        stage.click(list.middle_x(), list.y0 + list.height() * 0.38F + 66);
    }
    SUBCASE("Enter in the field") {
        stage.press(Key::enter);
    }
    SUBCASE("Enter at the chips") {
        stage.frame({KeyPress{.key = Key::tab, .shift = true}});
        stage.press(Key::enter);
    }
    REQUIRE(stage.count<SetView>() == 1);
    CHECK(stage.all<SetView>().front().view == View::all);
    CHECK(stage.count<Hide>() == 0);
}

TEST_CASE(
    "views - a filter that finds nothing in a view but something elsewhere leads there and keeps what was typed") {
    Stage stage;
    stage.settle();
    stage.type("vite");
    stage.settle();
    stage.model.view = View::databases;
    stage.model.arrangement.rows.clear();
    stage.model.arrangement.hidden = 2;
    stage.model.arrangement.outside = 3;
    stage.settle();
    stage.forget();
    stage.press(Key::enter);
    REQUIRE(stage.count<SetView>() == 1);
    CHECK(stage.state.filter == "vite");
    // Where nothing matches anywhere it is the filter that goes.
    stage.model.arrangement.outside = 0;
    stage.forget();
    stage.press(Key::enter);
    CHECK(stage.count<SetView>() == 0);
    CHECK(stage.state.filter.empty());
}

TEST_CASE("views - a mistake in the filter is said in a narrow window too") {
    Stage stage;
    ImGui::GetIO().DisplaySize.x = 400;
    stage.settle();
    const Rect strip = stage.layout().strip;
    stage.model.query_error = "port:99999: ports go from 0 to 65535.";
    stage.settle();
    stage.forget();
    stage.click(strip.x0 + 20, strip.middle_y()); // the chips have given way
    stage.click(strip.x0 + 90, strip.middle_y());
    CHECK(stage.count<SetView>() == 0);
    stage.model.query_error.clear();
    stage.settle();
    stage.click(strip.x0 + 90, strip.middle_y());
    CHECK(stage.count<SetView>() == 1);
}
