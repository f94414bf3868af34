// SPDX-License-Identifier: MIT
// The settings card: by keys, by the pointer, and what it does not offer.
#include "app/ui/settings_rows.h"
#include "tests/ui/stage.h"

#include <algorithm>
#include <doctest/doctest.h>
#include <imgui.h>
#include <string>

using namespace portside;
using namespace portside::ui;
using base::Key;

namespace {

int place_of(std::string_view title) {
    const auto rows = setting_rows();
    const auto found = std::ranges::find_if(rows, [&](const SettingRow& row) { return row.title == title; });
    REQUIRE(found != rows.end());
    return static_cast<int>(found - rows.begin());
}

// A stage with the card open on that row.
struct Card : Stage {
    explicit Card(std::string_view title) {
        settle();
        press_with_control(Key::comma);
        REQUIRE(state.settings_open);
        for (int i = 0; i < place_of(title); ++i) {
            press(Key::down);
        }
        REQUIRE(state.setting == place_of(title));
    }
    // Of the one change since the last time; the model takes it over, as session does.
    Preferences changed() {
        const auto all_changes = all<SetPreferences>();
        REQUIRE(all_changes.size() == 1);
        CHECK(all_changes[0].settled);
        forget();
        model.preferences = all_changes[0].preferences;
        return model.preferences;
    }
};

} // namespace

TEST_CASE("settings - the keyboard reaches and changes every row") {
    Card card("Theme");
    for (const SettingRow& row : setting_rows()) {
        CAPTURE(row.title);
        const Preferences before = card.model.preferences;
        const bool last = row.value(before) == stepped(row, row.value(before), 1);
        card.press(last ? Key::left : Key::right);
        const Preferences after = card.changed();
        CHECK(row.value(after) != row.value(before));
        Preferences back = after;
        row.set(back, row.value(before));
        CHECK(back == before); // nothing else changed
        card.press(Key::down);
    }
    CHECK(card.state.setting == static_cast<int>(setting_rows().size()) - 1);
    card.press(Key::escape);
    CHECK_FALSE(card.state.settings_open);
    CHECK(card.count<Quit>() == 0);
    CHECK(card.state.filter.empty());
}

TEST_CASE("settings - Enter and Space switch and a held key does nothing") {
    Card card("Always on top");
    card.press(Key::enter);
    CHECK_FALSE(card.changed().always_on_top);
    card.type(" ");
    card.press(Key::space);
    CHECK(card.changed().always_on_top);
    card.press(Key::enter, true);
    CHECK(card.count<SetPreferences>() == 0);
    card.press(Key::right); // it is on already
    CHECK(card.count<SetPreferences>() == 0);
    card.settle();
    CHECK(card.state.filter.empty()); // the space went nowhere else
}

TEST_CASE("settings - what the desktop cannot do says why and cannot be changed") {
    Card card("Always on top");
    card.model.limits.always_on_top = "Wayland lets no window do that.";
    card.press(Key::enter);
    card.press(Key::left);
    CHECK(card.count<SetPreferences>() == 0);
    card.press(Key::down);
    card.press(Key::enter);
    CHECK(card.changed().window_frame);
}

TEST_CASE("settings - the pointer opens the card moves the slider and closes it") {
    Stage stage;
    stage.settle();
    stage.click(stage.layout().tools.middle_x(), stage.layout().tools.middle_y());
    CHECK(stage.state.settings_open);
    stage.settle();
    // The slider lies somewhere in the card's right half: it is found by dragging on each line.
    const float right = Stage::kWidth / 2 + 21 * ImGui::GetFontSize() - 28 - 52;
    bool moved = false;
    for (float y = 150; y < Stage::kHeight - 150 && !moved; y += 8) {
        stage.forget();
        stage.move_mouse(right - 20, y);
        stage.mouse_down();
        stage.move_mouse(right - 110, y);
        const auto held = stage.all<SetPreferences>();
        moved = !held.empty() && !held.back().settled && held.back().preferences.opacity < 100;
        if (moved) {
            stage.model.preferences = held.back().preferences;
            stage.forget();
            stage.mouse_up();
            REQUIRE(stage.count<SetPreferences>() == 1);
            CHECK(stage.all<SetPreferences>()[0].settled);
            CHECK(stage.all<SetPreferences>()[0].preferences == stage.model.preferences);
        } else {
            stage.mouse_up();
        }
    }
    CHECK(moved);
    stage.click(5, 5); // beside the card
    CHECK_FALSE(stage.state.settings_open);
}

TEST_CASE("settings - a settled card asks for no frame") {
    Card card("Theme");
    card.settle();
    card.frame();
    CHECK_FALSE(card.last.next_frame.has_value());
}

TEST_CASE("settings - choices and switches step to their ends and go round by Enter") {
    const auto rows = setting_rows();
    const SettingRow& theme = rows[static_cast<std::size_t>(place_of("Theme"))];
    CHECK(stepped(theme, 2, 1) == 2);
    CHECK(stepped(theme, 0, -1) == 0);
    CHECK(switched(theme, 2) == 0);
    const SettingRow& opacity = rows[static_cast<std::size_t>(place_of("Opacity"))];
    CHECK(stepped(opacity, 62, -1) == kLeastOpacity);
    CHECK(stepped(opacity, 98, 1) == 100);
    const SettingRow& refresh = rows[static_cast<std::size_t>(place_of("Refresh"))];
    Preferences own;
    own.refresh = std::chrono::milliseconds(2500); // from the file: none of the choices
    CHECK(refresh.value(own) == -1);
    CHECK(stepped(refresh, -1, 1) == 0);
    CHECK(switched(refresh, -1) == 0);
}

TEST_CASE("frameless - only a press on nothing around the list moves the window") {
    Stage stage;
    stage.settle();
    const auto places = stage.layout();
    const auto grip_at = [&](float x, float y) {
        stage.move_mouse(x, y);
        stage.pass(std::chrono::seconds{1});
        stage.mouse_down();
        const auto grip = stage.last.grip;
        stage.mouse_up();
        ImGui::GetIO().MouseClickedTime[0] = -10; // the next one is no double click
        return grip;
    };
    CHECK(grip_at(600, 6) == WindowGrip::none); // it has a frame
    stage.model.frameless = true;
    stage.frame();
    CHECK(grip_at(600, 6) == WindowGrip::move);
    CHECK(grip_at(600, places.strip.middle_y()) == WindowGrip::move);
    CHECK(grip_at(600, places.status.middle_y()) == WindowGrip::move);
    CHECK(grip_at(600, places.field.middle_y()) == WindowGrip::none);
    CHECK(grip_at(600, stage.row_y(2)) == WindowGrip::none);
    CHECK(grip_at(600, places.list.y1 - 5) == WindowGrip::none);
    CHECK(grip_at(600, places.header.middle_y()) == WindowGrip::none);
    stage.click(600, 6);
    stage.mouse_down();
    CHECK(stage.last.grip == WindowGrip::maximise);
    stage.mouse_up();
    stage.press(Key::f1); // a card is above
    stage.frame();
    CHECK(grip_at(600, 6) == WindowGrip::none);
}

TEST_CASE("frameless - the cross hides the window as the close button does") {
    Stage stage;
    stage.model.frameless = true;
    stage.settle();
    const auto tools =
        lay_out_window(Stage::kWidth, Stage::kHeight, ImGui::GetFontSize(), stage.look.scale, false, true).tools;
    stage.click(tools.x1 - 18, tools.middle_y());
    CHECK(stage.count<Hide>() == 1);
    CHECK_FALSE(stage.state.settings_open);
    stage.click(tools.x0 + 18, tools.middle_y());
    CHECK(stage.state.settings_open);
}
