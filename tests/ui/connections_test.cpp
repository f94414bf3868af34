// SPDX-License-Identifier: MIT
// The connections of one row, unfolded below it.
#include "app/ui/ways.h"
#include "tests/ui/stage.h"

#include <algorithm>
#include <doctest/doctest.h>
#include <fmt/format.h>

using namespace portside;
using namespace portside::ui;
using namespace std::chrono_literals;
using base::Key;
using canned::RowWords;
using Kind = LineAt::Kind;

namespace {

Model machine() {
    std::vector<RowWords> rows;
    for (int i = 0; i < 6; ++i) {
        rows.push_back({.port = static_cast<std::uint16_t>(3000 + i), .pid = 100 + i, .name = "node"});
    }
    return canned::model_of(canned::snapshot_of(rows));
}

// Connections from these ports of another machine, told of a row.
snapshot::RowConnectionsPtr told(const snapshot::Row& row, const std::vector<std::uint16_t>& from,
                                 std::size_t more = 0) {
    auto made = std::make_shared<snapshot::RowConnections>();
    made->row = row.key;
    for (const std::uint16_t port : from) {
        snapshot::RowConnection one;
        one.local.port = row.key.port;
        one.remote.address.bytes = {10, 0, 0, 7};
        one.remote.port = port;
        one.remote_text = fmt::format("10.0.0.7:{}", port);
        made->some.push_back(one);
    }
    made->count = from.size() + more;
    return made;
}

int drawn_lines(const Stage& stage) {
    return stage.state.lines.count();
}

void unfold(Stage& stage, int line) {
    stage.settle();
    stage.click_row(line);
    stage.press_with_control(Key::e);
    stage.frame();
}

} // namespace

TEST_CASE("connections - Ctrl E shows them below the selected row and asks for nothing before and after") {
    Stage stage(machine());
    stage.settle();
    stage.press_with_control(Key::e); // nothing is selected
    CHECK(stage.count<ShowConnections>() == 0);
    CHECK(drawn_lines(stage) == 6);
    unfold(stage, 1);
    REQUIRE(stage.count<ShowConnections>() == 1);
    CHECK(stage.all<ShowConnections>().back().row == stage.row(1).key);
    CHECK(drawn_lines(stage) == 7); // that it is being looked
    stage.model.connections = told(stage.row(1), {5000, 5001, 5002});
    stage.settle();
    CHECK(drawn_lines(stage) == 9);
    CHECK(stage.state.lines.at(1).kind == Kind::row);
    CHECK(stage.state.lines.at(2).kind == Kind::connection);
    CHECK(stage.state.lines.at(4).kind == Kind::connection);
    CHECK(stage.state.lines.at(5).kind == Kind::row);
    CHECK(stage.state.lines.at(5).index == 2);
    CHECK(stage.state.lines.line_of_row(5) == 8);
    CHECK(stage.count<ShowConnections>() == 1); // told once
    stage.press_with_control(Key::e);
    stage.frame();
    CHECK(drawn_lines(stage) == 6);
    REQUIRE(stage.count<ShowConnections>() == 2);
    CHECK_FALSE(stage.all<ShowConnections>().back().row.has_value());
}

TEST_CASE("connections - one row is unfolded at a time and what was read of another is not shown below it") {
    Stage stage(machine());
    unfold(stage, 1);
    stage.model.connections = told(stage.row(1), {5000, 5001});
    stage.settle();
    stage.press(Key::up); // the row above it
    stage.press(Key::down);
    stage.press(Key::home);
    stage.press_with_control(Key::e);
    stage.frame();
    CHECK(stage.state.lines.unfolded() == stage.row(0).key);
    CHECK(drawn_lines(stage) == 7); // nothing is known of it yet
    CHECK(stage.state.lines.connections().count == 1);
}

TEST_CASE("connections - arrow keys walk them Left leads to their row and Ctrl C copies an address") {
    Stage stage(machine());
    unfold(stage, 1);
    stage.model.connections = told(stage.row(1), {5000, 5001});
    stage.settle();
    stage.press(Key::down);
    stage.press(Key::down);
    CHECK(stage.state.selected_line == 3);
    CHECK_FALSE(stage.state.selected.has_value());
    stage.press_with_control(Key::c);
    REQUIRE(stage.count<Copy>() == 1);
    CHECK(stage.all<Copy>().front().text == "10.0.0.7:5001");
    stage.settle();
    stage.press(Key::del); // ends nobody
    CHECK(stage.count<Act>() == 0);
    stage.press(Key::left);
    CHECK(stage.state.selected == stage.row(1).key);
    stage.press(Key::end);
    CHECK(stage.state.selected == stage.model.snapshot->rows[5].key);
    CHECK(stage.state.selected_line == 7);
}

TEST_CASE("connections - the selection stays on its connection while others come and goes to its neighbour") {
    Stage stage(machine());
    unfold(stage, 1);
    stage.model.connections = told(stage.row(1), {5000, 5001, 5002});
    stage.settle();
    stage.press(Key::down);
    stage.press(Key::down);
    REQUIRE(stage.state.selected_connection->remote.port == 5001);
    stage.model.connections = told(stage.row(1), {4000, 4001, 5000, 5001, 5002});
    stage.frame();
    CHECK(stage.state.selected_line == 5);
    CHECK(stage.state.selected_connection->remote.port == 5001);
    stage.model.connections = told(stage.row(1), {4000});
    stage.frame();
    CHECK(stage.state.selected_connection->remote.port == 4000);
    stage.model.connections = told(stage.row(1), {});
    stage.frame();
    CHECK(stage.state.selected_line == 2); // that there is none
    stage.press_with_control(Key::c);
    CHECK(stage.count<Copy>() == 1);
    CHECK(stage.all<Copy>().front().text.find("10.0.0.7") == std::string::npos); // the row's own
    stage.press_with_control(Key::e);
    stage.frame();
    CHECK(stage.state.selected == stage.row(1).key);
    CHECK_FALSE(stage.state.selected_connection.has_value());
}

TEST_CASE("connections - more than are told one by one have a line that says so") {
    Stage stage(machine());
    unfold(stage, 0);
    stage.model.connections = told(stage.row(0), {1, 2, 3}, 1204);
    stage.settle();
    CHECK(stage.state.lines.connections().count == 4);
}

TEST_CASE("connections - while they come and go the lines below stand where they are only if these are above") {
    std::vector<RowWords> rows;
    for (int i = 0; i < 400; ++i) {
        rows.push_back({.port = static_cast<std::uint16_t>(2000 + i), .pid = 1000 + i, .name = "node"});
    }
    Stage stage(canned::model_of(canned::snapshot_of(rows)));
    unfold(stage, 1);
    stage.model.connections = told(stage.row(1), {5000, 5001});
    stage.settle();
    stage.model.connections = told(stage.row(1), {5000, 5001, 5002}); // in sight: the list grows downwards
    stage.settle();
    CHECK(stage.state.list.scroll == 0);
    stage.move_mouse(stage.button_x(), stage.row_y(8));
    stage.scroll(-20);
    stage.frame();
    stage.settle();
    const float scrolled = stage.state.list.scroll;
    REQUIRE(scrolled > 10 * stage.layout().row_height);
    const auto visible = stage.state.visible;
    stage.model.connections = told(stage.row(1), {5000, 5001, 5002, 5003, 5004});
    stage.frame();
    CHECK(stage.state.visible == visible);
    stage.settle();
    CHECK(stage.state.visible == visible);
    CHECK(stage.state.list.scroll == scrolled + 2 * stage.layout().row_height);
}

TEST_CASE("connections - nothing is asked for while the filter hides the row or after it has gone") {
    Stage stage(machine());
    unfold(stage, 1);
    REQUIRE(stage.count<ShowConnections>() == 1);
    stage.model.arrangement.rows = {0, 2, 3};
    stage.frame();
    REQUIRE(stage.count<ShowConnections>() == 2);
    CHECK_FALSE(stage.all<ShowConnections>().back().row.has_value());
    stage.model.arrangement.rows = {0, 1, 2, 3};
    stage.frame();
    REQUIRE(stage.count<ShowConnections>() == 3);
    CHECK(stage.all<ShowConnections>().back().row == stage.row(1).key);
    auto gone = std::make_shared<snapshot::Snapshot>(*stage.model.snapshot);
    gone->rows.erase(gone->rows.begin() + 1);
    stage.show(canned::model_of(gone));
    stage.frame();
    REQUIRE(stage.count<ShowConnections>() == 4);
    CHECK_FALSE(stage.all<ShowConnections>().back().row.has_value());
    CHECK(drawn_lines(stage) == 5);
}

TEST_CASE("connections - a row that went below them fades where it stood though their number changes") {
    Stage stage(machine());
    unfold(stage, 1);
    stage.model.connections = told(stage.row(1), {5000, 5001});
    stage.settle();
    auto gone = std::make_shared<snapshot::Snapshot>(*stage.model.snapshot);
    gone->rows.erase(gone->rows.begin() + 2);
    Model next = canned::model_of(gone);
    next.connections = stage.model.connections;
    stage.show(std::move(next));
    stage.frame();
    REQUIRE(stage.state.gone.count() == 1);
    CHECK(stage.state.gone.at(4).gone != nullptr);
    stage.model.connections = told(stage.row(1), {5000, 5001, 5002});
    stage.frame();
    REQUIRE(stage.state.gone.count() == 1);
    CHECK(stage.state.gone.at(5).gone != nullptr);
    CHECK(stage.state.lines.at(stage.state.gone.at(6).line).index == 2);
}

TEST_CASE("connections - the mark at the edge of a row and its menu show and hide them") {
    Stage stage(machine());
    stage.settle();
    stage.click(stage.layout().list.x0 - 3, stage.row_y(2));
    stage.frame();
    CHECK(stage.state.lines.unfolded() == stage.row(2).key);
    stage.click(stage.layout().list.x0 - 3, stage.row_y(2));
    stage.frame();
    CHECK_FALSE(stage.state.lines.unfolded().has_value());
    stage.press(Key::menu);
    stage.settle();
    REQUIRE(stage.state.menu.has_value());
    for (std::size_t i = 0; i < ways_of(stage.model, 2).size(); ++i) { // below all that end something
        stage.press(Key::down);
    }
    stage.press(Key::enter);
    stage.frame();
    CHECK(stage.state.lines.unfolded() == stage.row(2).key);
    CHECK(stage.count<Act>() == 0);
    CHECK_FALSE(stage.state.menu.has_value());
}

TEST_CASE("connections - in a group they stand below their row and the next rows follow") {
    std::vector<RowWords> rows;
    for (int i = 0; i < 4; ++i) {
        rows.push_back({.port = static_cast<std::uint16_t>(3000 + i), .pid = 100 + i / 2, .name = "node"});
    }
    Stage stage(canned::model_of(canned::snapshot_of(rows)));
    stage.settle();
    stage.press_with_control(Key::g);
    unfold(stage, 1); // line 0 is the group's
    stage.model.connections = told(stage.row(0), {5000, 5001});
    stage.settle();
    CHECK(drawn_lines(stage) == 8);
    CHECK(stage.state.lines.at(2).kind == Kind::connection);
    CHECK(stage.state.lines.at(4).kind == Kind::row);
    CHECK(stage.state.lines.at(5).kind == Kind::group);
    CHECK(stage.state.lines.line_of_group(1) == 5);
    stage.press(Key::left); // to the group, and folded
    stage.press(Key::left);
    stage.frame();
    CHECK(drawn_lines(stage) == 4);
    CHECK_FALSE(stage.all<ShowConnections>().back().row.has_value()); // it is not to be seen
    CHECK_FALSE(stage.last.next_frame);
}
