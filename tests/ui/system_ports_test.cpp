// SPDX-License-Identifier: MIT
// Hidden system ports: always said, shown again by a click, a key or the empty list's button.
#include "tests/ui/stage.h"

#include <doctest/doctest.h>
#include <imgui.h>

using namespace portside;
using namespace portside::ui;
using base::Key;

namespace {

void hide_system(Stage& stage, std::size_t count) {
    stage.model.preferences.hide_system_ports = true;
    stage.model.arrangement.system = count;
}

} // namespace

TEST_CASE("system ports - Ctrl H hides and shows them wherever the keyboard is") {
    Stage stage;
    stage.settle();
    stage.press_with_control(Key::h);
    REQUIRE(stage.count<SetPreferences>() == 1);
    CHECK(stage.all<SetPreferences>().back().preferences.hide_system_ports);
    CHECK(stage.all<SetPreferences>().back().settled);
    stage.model.preferences.hide_system_ports = true;
    stage.press(Key::down);
    stage.press_with_control(Key::h);
    REQUIRE(stage.count<SetPreferences>() == 2);
    CHECK_FALSE(stage.all<SetPreferences>().back().preferences.hide_system_ports);
    stage.frame({base::KeyPress{.key = Key::h, .control = true, .repeat = true}});
    CHECK(stage.count<SetPreferences>() == 2); // a held key does not flicker
}

TEST_CASE("system ports - the status bar says how many are hidden and a click there shows them") {
    Stage stage;
    stage.settle();
    const Rect bar = stage.layout().status;
    const auto click_everywhere = [&] {
        for (float x = bar.x0 + 20; x < bar.x1 / 2 && stage.count<SetPreferences>() == 0; x += 10) {
            stage.click(x, bar.middle_y());
        }
    };
    click_everywhere();
    CHECK(stage.count<SetPreferences>() == 0); // nothing is hidden
    const int without = Stage::vertices();
    hide_system(stage, 12);
    stage.settle();
    CHECK(Stage::vertices() > without);
    stage.type("vite"); // whatever is typed
    stage.settle();
    click_everywhere();
    REQUIRE(stage.count<SetPreferences>() == 1);
    CHECK_FALSE(stage.all<SetPreferences>().front().preferences.hide_system_ports);
}

TEST_CASE("system ports - it is said in a narrow window too") {
    Stage stage;
    ImGui::GetIO().DisplaySize.x = 420;
    hide_system(stage, 3);
    stage.settle();
    const float y = stage.layout().status.middle_y();
    for (float x = 20; x < 400 && stage.count<SetPreferences>() == 0; x += 8) {
        stage.click(x, y);
    }
    CHECK(stage.count<SetPreferences>() == 1);
}

TEST_CASE("system ports - a filter that finds hidden ones only says so and keeps what was typed") {
    Stage stage;
    stage.settle();
    stage.type("ssh");
    hide_system(stage, 12);
    stage.model.arrangement.rows.clear();
    stage.model.arrangement.hidden = 5;
    stage.model.arrangement.system_found = 3;
    stage.settle();
    stage.forget();
    const Rect list = stage.layout().list;
    SUBCASE("the button") {
        stage.click(list.middle_x(), list.y0 + list.height() * 0.38F + 66);
    }
    SUBCASE("Enter") {
        stage.press(Key::enter);
    }
    REQUIRE(stage.count<SetPreferences>() == 1);
    CHECK_FALSE(stage.all<SetPreferences>().front().preferences.hide_system_ports);
    CHECK(stage.state.filter == "ssh");
}

TEST_CASE("system ports - those that match outside of the view are shown with all others") {
    Stage stage;
    stage.settle();
    stage.type("79");
    hide_system(stage, 12);
    stage.model.view = snapshot::View::dev_servers;
    stage.model.arrangement.rows.clear();
    stage.model.arrangement.hidden = 5;
    stage.model.arrangement.system_outside = 1;
    stage.settle();
    stage.forget();
    stage.press(Key::enter);
    REQUIRE(stage.count<SetPreferences>() == 1);
    REQUIRE(stage.count<SetView>() == 1);
    CHECK(stage.all<SetView>().front().view == snapshot::View::all);
    CHECK(stage.state.filter == "79");
}

TEST_CASE("system ports - where all are hidden Enter shows them") {
    Stage stage;
    hide_system(stage, 14);
    stage.model.arrangement.rows.clear();
    stage.model.arrangement.system_found = 14;
    stage.settle();
    stage.press(Key::enter);
    CHECK(stage.count<SetPreferences>() == 1);
}

TEST_CASE("system ports - the selection moves to a row that is still shown") {
    Stage stage;
    stage.settle();
    stage.press(Key::down);
    REQUIRE(stage.state.selected == stage.row(0).key);
    const auto hidden = stage.row(0).key;
    hide_system(stage, 1);
    stage.model.arrangement.rows.erase(stage.model.arrangement.rows.begin());
    stage.frame();
    CHECK(stage.state.selected == stage.row(0).key);
    CHECK(stage.state.selected != hidden);
    // And what Delete means there is new.
    stage.press(Key::del);
    CHECK(stage.count<Act>() == 0);
}
