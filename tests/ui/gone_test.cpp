// SPDX-License-Identifier: MIT
// Rows that are gone: they stay in their place for a moment, and nothing can be done with them.
#include "tests/ui/stage.h"

#include <algorithm>
#include <doctest/doctest.h>

using namespace portside;
using namespace portside::ui;
using namespace std::chrono_literals;
using base::Key;

namespace {

// The machine without the rows of these ports.
Model without(const Model& model, const std::vector<std::uint16_t>& ports) {
    auto made = std::make_shared<snapshot::Snapshot>(*model.snapshot);
    std::erase_if(made->rows, [&](const auto& row) { return std::ranges::find(ports, row.key.port) != ports.end(); });
    Model next = canned::model_of(made, model.now);
    return next;
}

int line_of(const Stage& stage, std::uint16_t port) {
    const auto& rows = stage.model.snapshot->rows;
    const auto found = std::ranges::find(rows, port, [](const auto& row) { return row.key.port; });
    return static_cast<int>(found - rows.begin());
}

} // namespace

TEST_CASE("gone - a row that went stays in its place for two seconds and then no frame is due") {
    Stage stage;
    stage.settle();
    const int line = line_of(stage, 4000);
    const int lines = static_cast<int>(stage.model.arrangement.rows.size());
    stage.show(without(stage.model, {4000}));
    stage.frame();
    REQUIRE(stage.state.gone.count() == 1);
    CHECK(stage.state.gone.at(line).gone != nullptr);
    CHECK(stage.state.gone.at(line - 1).line == line - 1);
    CHECK(stage.state.gone.at(line + 1).line == line);
    CHECK(stage.state.gone.drawn_at(line) == line + 1);
    CHECK(stage.state.gone.at(lines - 1).line == lines - 2);
    REQUIRE(stage.last.next_frame);
    stage.pass(1900ms);
    stage.frame();
    CHECK(stage.state.gone.count() == 1);
    stage.pass(101ms);
    stage.frame();
    CHECK(stage.state.gone.count() == 0);
    stage.settle();
    stage.frame();
    CHECK_FALSE(stage.last.next_frame);
}

TEST_CASE("gone - nothing in it can be selected or pressed and it is not counted") {
    Stage stage;
    stage.settle();
    const int line = line_of(stage, 4000);
    stage.show(without(stage.model, {4000}));
    stage.frame();
    stage.pass(400ms);
    stage.frame();
    stage.frame();
    REQUIRE(stage.state.gone.count() == 1);
    stage.forget();
    stage.click_button(line);
    stage.click_row(line);
    CHECK(stage.count<Act>() == 0);
    CHECK_FALSE(stage.state.selected);
    // Keys step over it.
    stage.click_row(line - 1);
    stage.press(Key::down);
    REQUIRE(stage.state.selected);
    CHECK(*stage.state.selected == stage.model.snapshot->rows[static_cast<std::size_t>(line)].key);
    CHECK(stage.state.selected->port != 4000);
}

TEST_CASE("gone - a selected row that went leaves the selection to its neighbour") {
    Stage stage;
    stage.settle();
    const int line = line_of(stage, 4000);
    stage.click_row(line);
    stage.show(without(stage.model, {4000}));
    stage.frame();
    REQUIRE(stage.state.selected);
    CHECK(stage.state.selected->port != 4000);
    stage.forget();
    stage.press(Key::del);
    CHECK(stage.count<Act>() == 0); // the neighbour has not stood there for long
}

TEST_CASE("gone - the last and the first row and all of them") {
    for (const auto& ports : {std::vector<std::uint16_t>{22}, std::vector<std::uint16_t>{24678}}) {
        Stage stage;
        stage.settle();
        const int line = line_of(stage, ports.front());
        stage.show(without(stage.model, ports));
        stage.frame();
        CHECK(stage.state.gone.at(line).gone != nullptr);
    }
    Stage stage;
    stage.settle();
    std::vector<std::uint16_t> all;
    for (const auto& row : stage.model.snapshot->rows) {
        all.push_back(row.key.port);
    }
    stage.show(without(stage.model, all));
    stage.frame();
    CHECK(stage.state.gone.count() == static_cast<int>(all.size()));
    stage.pass(kGone);
    stage.frame();
    CHECK(stage.state.gone.count() == 0);
}

TEST_CASE("gone - a second one joins the first and each has its own time") {
    Stage stage;
    stage.settle();
    const int first = line_of(stage, 4000);
    stage.show(without(stage.model, {4000}));
    stage.frame();
    stage.pass(1000ms);
    stage.show(without(stage.model, {5173}));
    stage.frame();
    CHECK(stage.state.gone.count() == 2);
    CHECK(stage.state.gone.at(first).gone != nullptr);
    CHECK(stage.state.gone.at(first + 1).gone != nullptr);
    stage.pass(1001ms);
    stage.frame();
    CHECK(stage.state.gone.count() == 1);
}

TEST_CASE("gone - another filter is another list in which nothing is missed") {
    Stage stage;
    stage.settle();
    stage.show(without(stage.model, {4000}));
    stage.frame();
    CHECK(stage.state.gone.count() == 1);
    stage.type("v");
    stage.frame();
    stage.frame();
    CHECK(stage.state.gone.count() == 0);
}

TEST_CASE("gone - a port that somebody else has taken has no row that is gone") {
    Stage stage;
    stage.settle();
    auto made = std::make_shared<snapshot::Snapshot>(*stage.model.snapshot);
    for (auto& row : made->rows) {
        if (row.key.port == 4000) {
            row.key.holder = snapshot::ProcessId{50102, 5010200};
            row.owners = {{{50102, 5010200}, snapshot::Knowledge::holds, {}}};
        }
    }
    stage.show(canned::model_of(made, stage.model.now));
    stage.frame();
    CHECK(stage.state.gone.count() == 0);
}

TEST_CASE("gone - ten thousand that go at once are no more than were on the screen") {
    Stage stage(canned::model_of(canned::many_rows(10'000)));
    stage.settle();
    stage.show(canned::model_of(canned::many_rows(0), stage.model.now));
    stage.frame();
    CHECK(stage.state.gone.count() > 5);
    CHECK(stage.state.gone.count() < 60);
}

TEST_CASE("gone - a row that comes back is itself again") {
    Stage stage;
    stage.settle();
    const Model whole = stage.model;
    stage.show(without(stage.model, {4000}));
    stage.frame();
    CHECK(stage.state.gone.count() == 1);
    Model back = canned::model_of(std::make_shared<snapshot::Snapshot>(*whole.snapshot), stage.model.now);
    stage.show(back);
    stage.frame();
    CHECK(stage.state.gone.count() == 0);
}
