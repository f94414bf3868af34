// SPDX-License-Identifier: MIT
// Rows in groups: what is folded, walked to and pressed; what stays where it is.
#include "app/ui/row_view.h"
#include "tests/ui/models.h"
#include "tests/ui/stage.h"

#include <algorithm>
#include <doctest/doctest.h>

using namespace portside;
using namespace portside::ui;
using namespace std::chrono_literals;
using base::Key;
using canned::RowWords;
using Kind = LineAt::Kind;

namespace {

// A process with two ports, one with one, one with three; the project of the first and the last is the same.
std::vector<RowWords> rows() {
    return {{.port = 80, .pid = 10, .name = "vite", .project = "/home/me/src/shop"},
            {.port = 90, .pid = 20, .name = "redis", .exposure = snapshot::Exposure::all},
            {.port = 3000, .pid = 10, .name = "vite", .project = "/home/me/src/shop"},
            {.port = 4000, .pid = 30, .name = "api", .project = "/home/me/src/shop"},
            {.port = 4001, .pid = 30, .name = "api", .project = "/home/me/src/shop"},
            {.port = 4002, .pid = 30, .name = "api", .project = "/home/me/src/shop"}};
}

// "G80 80 3000 90 G4000 ...": a group by its first row's port.
std::string lines_of(const Stage& stage) {
    std::string text;
    for (int line = 0; line < stage.state.lines.count(); ++line) {
        const LineAt at = stage.state.lines.at(line);
        const auto row = at.kind == Kind::group ? stage.state.lines.group(at.index).first : at.index;
        text += (text.empty() ? "" : " ") + std::string(at.kind == Kind::group ? "G" : "") +
                stage.model.snapshot->rows[row].port_text;
    }
    return text;
}

void group_by(Stage& stage, Grouping grouping) {
    stage.settle();
    while (stage.state.lines.grouping() != grouping) {
        stage.press_with_control(Key::g);
    }
    stage.settle();
}

} // namespace

TEST_CASE("groups - Ctrl G goes from flat to processes to projects and back and each is to be remembered") {
    Stage stage(model_with(rows()));
    stage.settle();
    CHECK(lines_of(stage) == "80 90 3000 4000 4001 4002");
    stage.press_with_control(Key::g);
    CHECK(stage.state.lines.grouping() == Grouping::process);
    CHECK(lines_of(stage) == "G80 80 3000 90 G4000 4000 4001 4002"); // one port says all in its row
    stage.press_with_control(Key::g);
    CHECK(stage.state.lines.grouping() == Grouping::project);
    CHECK(lines_of(stage) == "G80 80 3000 4000 4001 4002 G90 90"); // without a project: last
    stage.press_with_control(Key::g);
    CHECK(lines_of(stage) == "80 90 3000 4000 4001 4002");
    CHECK(stage.count<LayoutChanged>() == 3);
    CHECK_FALSE(stage.state.focus == Focus::table); // it works from the filter
}

TEST_CASE("groups - a click folds and unfolds and the fold outlives other snapshots") {
    Stage stage(model_with(rows()));
    group_by(stage, Grouping::process);
    stage.click_row(0);
    stage.frame();
    CHECK(lines_of(stage) == "G80 90 G4000 4000 4001 4002");
    CHECK(stage.state.selected_group == GroupKey(snapshot::ProcessId{10, 1000}));
    auto more = rows();
    more.insert(more.begin(), {.port = 70, .pid = 10, .name = "vite"});
    stage.show(model_with(more));
    stage.frame();
    CHECK(lines_of(stage) == "G70 90 G4000 4000 4001 4002");
    CHECK(stage.state.selected_group == GroupKey(snapshot::ProcessId{10, 1000}));
    stage.show(model_with(rows()));
    stage.settle();
    stage.click_row(0);
    stage.frame();
    CHECK(lines_of(stage) == "G80 80 3000 90 G4000 4000 4001 4002");
}

TEST_CASE("groups - arrow keys walk all lines and Left Right and Enter fold them") {
    Stage stage(model_with(rows()));
    group_by(stage, Grouping::process);
    stage.press(Key::down);
    CHECK(stage.state.selected_group == GroupKey(snapshot::ProcessId{10, 1000}));
    CHECK_FALSE(stage.state.selected.has_value());
    stage.press(Key::down);
    REQUIRE(stage.state.selected.has_value());
    CHECK(stage.state.selected->port == 80);
    CHECK_FALSE(stage.state.selected_group.has_value());
    stage.press(Key::left); // to the group
    CHECK(stage.state.selected_group.has_value());
    stage.press(Key::left);
    CHECK(lines_of(stage) == "G80 90 G4000 4000 4001 4002");
    stage.press(Key::down);
    REQUIRE(stage.state.selected.has_value());
    CHECK(stage.state.selected->port == 90);
    stage.press(Key::up);
    stage.press(Key::right);
    CHECK(lines_of(stage) == "G80 80 3000 90 G4000 4000 4001 4002");
    stage.press(Key::right); // into it
    CHECK(stage.state.selected->port == 80);
    CHECK_FALSE(stage.state.menu.has_value());
    stage.press(Key::up);
    stage.press(Key::enter);
    stage.press(Key::enter, true); // held
    CHECK(lines_of(stage) == "G80 90 G4000 4000 4001 4002");
    CHECK_FALSE(stage.state.details_open);
    stage.frame({base::KeyPress{.key = Key::left, .shift = true}}); // all of them
    CHECK(lines_of(stage) == "G80 90 G4000");
    stage.frame({base::KeyPress{.key = Key::right, .shift = true}});
    CHECK(lines_of(stage) == "G80 80 3000 90 G4000 4000 4001 4002");
}

TEST_CASE("groups - a filter shows what it finds though its group is folded and the fold comes back") {
    Stage stage(model_with(rows()));
    group_by(stage, Grouping::process);
    stage.click_row(0);
    stage.frame();
    REQUIRE(lines_of(stage) == "G80 90 G4000 4000 4001 4002");
    stage.type("3");
    stage.frame();
    stage.frame();
    REQUIRE(stage.state.filter == "3");
    stage.model.arrangement.rows = {2, 3}; // as session would: 3000 and, say, 4000
    stage.model.arrangement.hidden = 4;
    stage.frame();
    CHECK(lines_of(stage) == "G3000 3000 G4000 4000");
    CHECK(stage.state.lines.group(0).all == 2);
    stage.click_row(0); // folded by hand while the filter stands
    stage.frame();
    CHECK(lines_of(stage) == "G3000 G4000 4000");
    stage.press(Key::escape);
    stage.model.arrangement.rows = {0, 1, 2, 3, 4, 5};
    stage.frame();
    REQUIRE(stage.state.filter.empty());
    CHECK(lines_of(stage) == "G80 90 G4000 4000 4001 4002");
}

TEST_CASE("groups - the button on the line of a process ends that process with the identity of a row and sockets") {
    Stage stage(model_with(rows()));
    group_by(stage, Grouping::process);
    const auto& row = stage.model.snapshot->rows[3];
    SUBCASE("clicked") {
        stage.click_button(4);
    }
    SUBCASE("by Delete") {
        stage.press(Key::down);
        for (int i = 0; i < 4; ++i) {
            stage.press(Key::down);
        }
        REQUIRE(stage.state.selected_group == GroupKey(snapshot::ProcessId{30, 3000}));
        stage.settle();
        stage.press(Key::del, true); // held
        CHECK(stage.count<Act>() == 0);
        stage.press(Key::del);
    }
    SUBCASE("by Delete on a folded one") {
        stage.click_row(4);
        stage.settle();
        stage.press(Key::del);
    }
    REQUIRE(stage.count<Act>() == 1);
    const Act act = stage.all<Act>().front();
    CHECK(act.row == row.key);
    CHECK(act.action == RowAction::kill);
    CHECK(act.process == snapshot::ProcessId{30, 3000});
    CHECK(act.inodes == std::vector<std::uint64_t>{row.sockets.front().inode});
}

TEST_CASE("groups - the button on the line of a process does not react before it has stood for 300 ms") {
    Stage stage(model_with(rows()));
    stage.settle();
    stage.press_with_control(Key::g);
    stage.press(Key::down);
    stage.press(Key::del);
    CHECK(stage.count<Act>() == 0);
    stage.pass(200ms);
    stage.frame();
    stage.press(Key::del);
    CHECK(stage.count<Act>() == 0);
    stage.settle();
    stage.press(Key::del);
    CHECK(stage.count<Act>() == 1);
}

TEST_CASE("groups - a project has no button for it is many processes") {
    Stage stage(model_with(rows()));
    group_by(stage, Grouping::project);
    stage.click_button(0); // folds at most
    stage.settle();
    stage.press(Key::home);
    REQUIRE(stage.state.selected_group == GroupKey(std::string("/home/me/src/shop")));
    stage.settle();
    stage.press(Key::del);
    CHECK(stage.count<Act>() == 0);
}

TEST_CASE("groups - a process that only passes ports on is not killed on its line") {
    auto words = rows();
    for (auto& row : words) { // what is to be stopped is the container, and each row may have another one
        if (row.pid == 10) {
            row.name = "docker-proxy";
            row.container = "web";
        }
    }
    Stage stage(model_with(words));
    group_by(stage, Grouping::process);
    REQUIRE(lines_of(stage).starts_with("G80 80 3000"));
    REQUIRE(view_of(stage.model, 0).action == RowAction::stop_container);
    stage.click_button(0); // folds at most
    stage.settle();
    stage.press(Key::home);
    REQUIRE(stage.state.selected_group.has_value());
    stage.settle();
    stage.press(Key::del);
    CHECK(stage.count<Act>() == 0);
}

TEST_CASE("groups - a folded process says how its kill stands and a question unfolds it") {
    Stage stage(model_with(rows()));
    group_by(stage, Grouping::process);
    stage.click_row(4);
    stage.settle();
    REQUIRE(lines_of(stage).ends_with("G4000"));
    canned::mark(stage.model, 5).action = RowAction::force_kill; // of another row than its first
    canned::mark(stage.model, 5).status = {.phase = KillPhase::still_running, .text = "still running after 5 s"};
    stage.settle();
    stage.press(Key::del);
    REQUIRE(stage.count<Act>() == 1);
    CHECK(stage.all<Act>().front().action == RowAction::force_kill);
    CHECK(stage.all<Act>().front().row == stage.model.snapshot->rows[5].key);
    canned::mark(stage.model, 5).action = RowAction::none;
    canned::mark(stage.model, 5).status = {.phase = KillPhase::asked, .text = "asked to stop"};
    stage.forget();
    stage.settle();
    stage.press(Key::del);
    CHECK(stage.count<Act>() == 0);
    stage.model.marks.clear();
    stage.model.question = Question{stage.model.snapshot->rows[4].key, "End api (30)?", {{RowAction::kill, "Kill"}}};
    stage.frame();
    CHECK(lines_of(stage).ends_with("G4000 4000 4001 4002"));
}

TEST_CASE("groups - the selection stays on its row and on its group and goes to the line where its row is folded") {
    Stage stage(model_with(rows()));
    group_by(stage, Grouping::process);
    stage.click_row(2);
    REQUIRE(stage.state.selected->port == 3000);
    const auto selected = stage.state.selected;
    stage.press_with_control(Key::g);
    CHECK(stage.state.selected == selected);
    CHECK(stage.state.selected_line == 2);
    stage.press_with_control(Key::g);
    CHECK(stage.state.selected == selected);
    CHECK(stage.state.selected_line == 2);
    stage.press_with_control(Key::g);
    stage.frame({base::KeyPress{.key = Key::left, .shift = true}}); // on a row: goes up
    REQUIRE(stage.state.selected_group.has_value());
    stage.press(Key::left);
    stage.press(Key::down);
    stage.press(Key::down);
    REQUIRE(stage.state.selected_group == GroupKey(snapshot::ProcessId{30, 3000}));
    // It loses its rows but one, and so its line: what stands there is selected.
    auto fewer = rows();
    fewer.resize(4);
    stage.show(model_with(fewer));
    stage.frame();
    REQUIRE(stage.state.selected.has_value());
    CHECK(stage.state.selected->port == 4000);
    CHECK_FALSE(stage.state.selected_group.has_value());
}

TEST_CASE("groups - the details tell of the process whose line is selected") {
    Stage stage(model_with(rows()));
    group_by(stage, Grouping::process);
    stage.click_row(3); // a row
    stage.press(Key::enter);
    stage.frame();
    REQUIRE(stage.state.details_open);
    stage.press(Key::down);
    stage.frame();
    REQUIRE(stage.state.selected_group.has_value());
    REQUIRE(stage.count<ShowDetails>() == 2);
    CHECK(stage.all<ShowDetails>().back().row == stage.model.snapshot->rows[3].key);
    stage.press_with_control(Key::c);
    REQUIRE(stage.count<Copy>() == 1);
    CHECK(stage.all<Copy>().front().text.find("api 30") != std::string::npos);
}

TEST_CASE("groups - a row that went fades within its own group and is not missed in a folded one") {
    Stage stage(model_with(rows()));
    group_by(stage, Grouping::process);
    auto fewer = rows();
    std::erase_if(fewer, [](const auto& row) { return row.port == 3000 || row.port == 4001; });
    fewer.insert(fewer.begin() + 1, {.port = 81, .pid = 10, .name = "vite"});
    SUBCASE("unfolded") {
        stage.show(model_with(fewer));
        stage.frame();
        CHECK(lines_of(stage) == "G80 80 81 90 G4000 4000 4002");
        REQUIRE(stage.state.gone.count() == 2);
        CHECK(stage.state.gone.at(3).gone != nullptr); // 3000, above 90
        CHECK(stage.state.gone.at(7).gone != nullptr); // 4001, between its neighbours
        stage.pass(kGone);
        stage.settle();
        CHECK(stage.state.gone.count() == 0);
    }
    SUBCASE("folded") {
        stage.frame({base::KeyPress{.key = Key::down}});
        stage.frame({base::KeyPress{.key = Key::left, .shift = true}});
        REQUIRE(lines_of(stage) == "G80 90 G4000");
        stage.settle();
        stage.show(model_with(fewer));
        stage.frame();
        CHECK(lines_of(stage) == "G80 90 G4000");
        CHECK(stage.state.gone.count() == 0);
    }
}

TEST_CASE("groups - the last row of a group that goes stands above the next group and not in it") {
    Stage stage(model_with(rows()));
    group_by(stage, Grouping::project);
    REQUIRE(lines_of(stage) == "G80 80 3000 4000 4001 4002 G90 90");
    auto fewer = rows();
    fewer.pop_back();
    stage.show(model_with(fewer));
    stage.frame();
    REQUIRE(stage.state.gone.count() == 1);
    CHECK(stage.state.gone.at(5).gone != nullptr);
    CHECK(stage.state.lines.at(stage.state.gone.at(6).line).kind == Kind::group);
}

TEST_CASE("groups - rows that come above leave the lines on the screen where they are") {
    std::vector<RowWords> many;
    for (int i = 0; i < 600; ++i) {
        many.push_back({.port = static_cast<std::uint16_t>(2000 + i), .pid = 1000 + i / 3, .name = "node"});
    }
    Stage stage(model_with(many));
    group_by(stage, Grouping::process);
    stage.move_mouse(stage.button_x(), stage.row_y(5));
    stage.scroll(-20);
    stage.frame();
    stage.settle();
    const float scrolled = stage.state.list.scroll;
    REQUIRE(scrolled > 0);
    const auto visible = stage.state.visible;
    many.insert(many.begin(), {{.port = 20, .pid = 7, .name = "a"}, {.port = 21, .pid = 7, .name = "a"}});
    stage.show(model_with(many));
    stage.frame();
    CHECK(stage.state.visible == visible);
    stage.frame();
    stage.frame();
    CHECK(stage.state.visible == visible);
    CHECK(stage.state.list.scroll == scrolled + 3 * stage.layout().row_height); // two rows and their group's line
}

TEST_CASE("groups - what is at the end of the header chooses them too") {
    Stage stage(model_with(rows()));
    stage.settle();
    const Rect header = stage.layout().header;
    stage.click(header.x1 - 8, header.middle_y());
    stage.frame();
    CHECK(stage.state.columns_menu_open); // so Escape closes it before anything else
    stage.press(Key::escape);
    stage.frame();
    stage.frame();
    CHECK_FALSE(stage.state.columns_menu_open);
    CHECK(stage.count<Hide>() == 0);
}
