// SPDX-License-Identifier: MIT
// The star of a favourite, and the card that names a port.
#include "app/ui/details_text.h"
#include "tests/ui/stage.h"

#include <algorithm>
#include <doctest/doctest.h>
#include <imgui.h>

using namespace portside;
using namespace portside::ui;
using base::Key;

namespace {

snapshot::PortId port_of(const snapshot::Row& row) {
    return {row.key.protocol, row.key.port};
}

// As session would, after an intent.
void note(Stage& stage, snapshot::PortBook book) {
    stage.model.tags = snapshot::tags_of(*stage.model.snapshot, book, {canned::kMe, canned::kMe});
    stage.model.book = std::make_shared<snapshot::PortBook>(std::move(book));
}

void select_and_forget(Stage& stage, int line) {
    stage.settle();
    stage.click_row(line);
    stage.settle();
    stage.forget();
}

// The name of row 3 is being typed.
void open_card(Stage& stage) {
    select_and_forget(stage, 3);
    stage.press(Key::f2);
    REQUIRE(stage.state.naming);
    stage.frame();
    stage.frame();
    REQUIRE(stage.state.naming->active);
}

} // namespace

TEST_CASE("port notes - Ctrl D makes the selected port a favourite and takes the star again") {
    Stage stage;
    stage.settle();
    stage.press_with_control(Key::d);
    CHECK(stage.count<SetPortNote>() == 0); // no row is selected
    select_and_forget(stage, 3);
    stage.press_with_control(Key::d);
    REQUIRE(stage.count<SetPortNote>() == 1);
    CHECK(stage.all<SetPortNote>().back().port == port_of(stage.row(3)));
    CHECK(stage.all<SetPortNote>().back().note == snapshot::PortNote{true, ""});
    note(stage, {{port_of(stage.row(3)), {true, "shop"}}});
    stage.press_with_control(Key::d);
    CHECK(stage.all<SetPortNote>().back().note == snapshot::PortNote{false, "shop"}); // its name stays
}

TEST_CASE("port notes - the star is at the left of the row under the pointer and where it is set") {
    Stage stage;
    stage.settle();
    stage.move_mouse(-1, -1);
    stage.frame();
    const int plain = Stage::vertices();
    note(stage, {{port_of(stage.row(5)), {true, ""}}});
    stage.frame();
    CHECK(Stage::vertices() > plain);
    const float x = stage.layout().list.x0 + 16;
    stage.click(x, stage.row_y(3));
    REQUIRE(stage.count<SetPortNote>() == 1);
    CHECK(stage.all<SetPortNote>().back().port == port_of(stage.row(3)));
    CHECK(stage.all<SetPortNote>().back().note.favourite);
    CHECK_FALSE(stage.state.selected); // the star is no click on the row
    stage.click(x, stage.row_y(5));
    REQUIRE(stage.count<SetPortNote>() == 2);
    CHECK_FALSE(stage.all<SetPortNote>().back().note.favourite);
}

TEST_CASE("port notes - F2 names the port and Enter saves what was typed") {
    Stage stage;
    open_card(stage);
    stage.type("Shop front");
    stage.settle();
    CHECK(stage.state.filter.empty()); // nothing went to the search field
    CHECK(stage.count<SetPortNote>() == 0);
    stage.press(Key::enter);
    REQUIRE(stage.count<SetPortNote>() == 1);
    CHECK(stage.all<SetPortNote>().back().port == port_of(stage.row(3)));
    CHECK(stage.all<SetPortNote>().back().note == snapshot::PortNote{false, "Shop front"});
    CHECK_FALSE(stage.state.naming);
    CHECK_FALSE(stage.state.details_open); // Enter was the card's
    stage.settle();
    CHECK(stage.state.focus == Focus::table);
}

TEST_CASE("port notes - what is typed before the field has the keyboard is not lost") {
    Stage stage;
    select_and_forget(stage, 3);
    stage.press(Key::f2);
    stage.type("bc");
    stage.frame();
    stage.type("d");
    stage.settle();
    REQUIRE(stage.state.naming);
    CHECK(stage.state.naming->text == "bcd");
}

TEST_CASE("port notes - Esc and a click beside leave everything as it is") {
    Stage stage;
    open_card(stage);
    stage.type("never mind");
    stage.settle();
    SUBCASE("Esc") {
        stage.press(Key::escape);
    }
    SUBCASE("a click beside") {
        stage.click(5, 5);
    }
    CHECK_FALSE(stage.state.naming);
    CHECK(stage.count<SetPortNote>() == 0);
    CHECK(stage.count<Hide>() == 0);
    CHECK(stage.state.selected == stage.row(3).key);
}

TEST_CASE("port notes - a name is trimmed and made safe and an empty one is taken away") {
    Stage stage;
    select_and_forget(stage, 3);
    note(stage, {{port_of(stage.row(3)), {true, "old"}}});
    stage.press(Key::f2);
    REQUIRE(stage.state.naming);
    CHECK(stage.state.naming->text == "old");
    SUBCASE("blanks and what hides text") {
        stage.state.naming->text = "  a\u202eb \n ";
        stage.press(Key::enter);
        CHECK(stage.all<SetPortNote>().back().note == snapshot::PortNote{true, "a\uFFFDb"});
    }
    SUBCASE("empty") {
        stage.state.naming->text = "   ";
        stage.press(Key::enter);
        CHECK(stage.all<SetPortNote>().back().note == snapshot::PortNote{true, ""});
    }
    SUBCASE("the same") {
        stage.press(Key::enter);
        CHECK(stage.count<SetPortNote>() == 0);
        CHECK_FALSE(stage.state.naming);
    }
}

TEST_CASE("port notes - no key reaches the list below the card") {
    Stage stage;
    open_card(stage);
    for (const Key key : {Key::del, Key::down, Key::f5, Key::menu}) {
        stage.press(key);
    }
    stage.press_with_control(Key::h);
    stage.press_with_control(Key::digit_2);
    stage.press_with_control(Key::q);
    CHECK(stage.intents.empty());
    CHECK(stage.state.naming);
}

TEST_CASE("port notes - the label is drawn in its row and told in the details") {
    Stage stage;
    select_and_forget(stage, 3);
    const int before = Stage::vertices();
    note(stage, {{port_of(stage.row(3)), {true, "shop frontend"}}});
    stage.frame();
    CHECK(Stage::vertices() > before);
    const auto facts = facts_of(stage.model, stage.row(3));
    const auto named = std::ranges::find(facts, "YOU CALL THIS PORT", &Fact::label);
    REQUIRE(named != facts.end());
    CHECK(named->text == "shop frontend");
    CHECK(std::ranges::find(facts, "FAVOURITE", &Fact::label) != facts.end());
    const auto others = facts_of(stage.model, stage.row(4));
    CHECK(std::ranges::find(others, "YOU CALL THIS PORT", &Fact::label) == others.end());
}

TEST_CASE("port notes - details that are open follow a new name at once") {
    Stage stage;
    select_and_forget(stage, 3);
    DetailsText text;
    const auto before = text.of(stage.model, stage.row(3)).size();
    note(stage, {{port_of(stage.row(3)), {false, "shop"}}});
    CHECK(text.of(stage.model, stage.row(3)).size() == before + 1);
}

TEST_CASE("port notes - hostile labels are drawn as they are") {
    Stage stage;
    stage.settle();
    note(stage,
         {{port_of(stage.row(0)), {false, "%s%n##x###y"}}, {port_of(stage.row(1)), {false, std::string(60, 'W')}}});
    stage.settle();
    stage.click_row(1);
    CHECK(stage.state.selected == stage.row(1).key);
}

TEST_CASE("port notes - the rows menu offers both") {
    Stage stage;
    select_and_forget(stage, 3);
    std::size_t stars = 0;
    bool named = false;
    for (int steps = 0; steps < 12; ++steps) { // from the first entry down
        stage.press(Key::menu);
        stage.settle();
        for (int i = 0; i < steps; ++i) {
            stage.press(Key::down);
        }
        stage.forget();
        stage.press(Key::enter);
        stars += stage.count<SetPortNote>();
        if (stage.state.naming) {
            named = true;
            CHECK(stage.state.naming->port == port_of(stage.row(3)));
            stage.press(Key::escape);
        }
        stage.press(Key::escape);
        stage.settle();
        select_and_forget(stage, 3);
    }
    CHECK(stars > 0);
    CHECK(named);
}
