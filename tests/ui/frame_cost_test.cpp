// SPDX-License-Identifier: MIT
// A frame costs what is on the screen, not what is in the list: counted in allocations and vertices, never in time.
// A program of its own, as it counts every allocation.
#include "tests/support/allocations.h"
#include "tests/ui/stage.h"

#include <doctest/doctest.h>
#include <imgui.h>

using namespace portside;
using namespace portside::ui;

namespace {

struct Cost {
    std::size_t made = 0;  // in one frame, by new
    int kept_by_imgui = 0; // allocations that ImGui holds
    int vertices = 0;
    bool operator==(const Cost&) const = default;
};

// Of a frame in which nothing changes any more.
Cost steady_cost(Stage& stage) {
    stage.settle();
    stage.frame();
    const int held = ImGui::GetIO().MetricsActiveAllocations;
    const std::size_t before = support::allocations();
    stage.frame();
    return {support::allocations() - before, ImGui::GetIO().MetricsActiveAllocations - held, Stage::vertices()};
}

// Like many_rows, but each row says something that is put together for drawing.
Model model_with(std::size_t rows) {
    auto made = std::make_shared<snapshot::Snapshot>(*canned::many_rows(rows));
    for (std::size_t i = 0; i < rows; ++i) {
        auto& row = made->rows[i];
        row.user = "u"; // shorter than any buffer of its own: the same glyphs in every row
        row.port_text = "3000";
        row.owners.front().id.pid = made->processes.back().id.pid; // so are the pids
        row.owners.front().id.start_time = made->processes.back().id.start_time;
        if (i % 3 == 0) {
            row.owners.front().knowledge = snapshot::Knowledge::candidate;
        }
        if (i % 5 == 0) {
            row.owners.clear();
            row.unknown = snapshot::Unknown::not_permitted;
        }
    }
    return canned::model_of(made);
}

} // namespace

TEST_CASE("frame cost - ten thousand rows cost what a hundred do") {
    Cost few;
    {
        Stage stage(model_with(100));
        few = steady_cost(stage);
    }
    Stage stage(model_with(10'000));
    const Cost many = steady_cost(stage);
    CHECK(many.made == few.made);
    CHECK(many.kept_by_imgui == 0);
    CHECK(few.kept_by_imgui == 0);
    // "100 shown" and "10000 shown", "100 ports" and "10000 ports", "100 TCP", and the counts of three views: only the
    // counts differ, by two digits.
    CHECK(many.vertices - few.vertices >= 0);
    CHECK(many.vertices - few.vertices <= 4 * 2 * 6);
}

TEST_CASE("frame cost - nine thousand rows are drawn with the vertices of two thousand") {
    Cost few;
    {
        Stage stage(model_with(2'000));
        few = steady_cost(stage);
    }
    Stage stage(model_with(9'999)); // as many digits
    CHECK(steady_cost(stage) == few);
    CHECK(few.vertices > 0);
}

TEST_CASE("frame cost - a row on the screen allocates nothing in a steady frame") {
    Cost one;
    {
        Stage stage(model_with(1));
        one = steady_cost(stage);
    }
    Stage stage(model_with(10));
    CHECK(steady_cost(stage).made == one.made);
}

TEST_CASE("frame cost - the first frame of a new snapshot allocates for the screen only") {
    std::size_t cost[2] = {};
    std::size_t* next = cost;
    for (const std::size_t rows : {std::size_t{1'000}, std::size_t{9'999}}) { // as many digits
        Stage stage(model_with(rows));
        stage.settle();
        stage.show(model_with(rows));
        const std::size_t before = support::allocations();
        stage.frame();
        *next++ = support::allocations() - before;
    }
    CHECK(cost[0] == cost[1]);
    CHECK(cost[0] > 0);
}

namespace {

// The same, three rows a process, in groups.
Cost grouped_cost(std::size_t rows, Grouping grouping) {
    auto made = std::make_shared<snapshot::Snapshot>(*canned::many_rows(rows));
    for (std::size_t i = 0; i < rows; ++i) {
        auto& row = made->rows[i];
        row.user = "u";
        row.port_text = "3000";
        row.owners.front().id = made->processes[i / 3 * 3].id;
        row.key.holder = row.owners.front().id;
    }
    std::vector<snapshot::Process> processes(made->processes.begin(), made->processes.end());
    for (auto& process : processes) {
        process.project = "/home/me/src/shop";
    }
    made->processes = snapshot::ProcessList(processes);
    Stage stage(canned::model_of(made));
    stage.state.lines.set_grouping(grouping);
    return steady_cost(stage);
}

} // namespace

TEST_CASE("frame cost - nine thousand rows in groups are drawn at the cost of two thousand") {
    for (const Grouping grouping : {Grouping::process, Grouping::project}) {
        const Cost few = grouped_cost(2'001, grouping); // as many digits, of each view's count too
        const Cost many = grouped_cost(9'999, grouping);
        CHECK(few == many);
        CHECK(few.vertices > 0);
    }
}

TEST_CASE("frame cost - connections that nobody scrolls to cost nothing") {
    Cost cost[2] = {};
    Cost* next = cost;
    for (const std::size_t count : {std::size_t{100}, std::size_t{200}}) {
        Stage stage(model_with(1'000));
        auto told = std::make_shared<snapshot::RowConnections>();
        told->row = stage.row(1).key;
        for (std::size_t i = 0; i < count; ++i) {
            snapshot::RowConnection one;
            one.remote_text = "10.0.0.1:10000";
            one.remote.port = static_cast<std::uint16_t>(10'000 + i);
            told->some.push_back(one);
        }
        told->count = count;
        stage.model.connections = told;
        stage.state.lines.unfold(told->row);
        *next++ = steady_cost(stage);
    }
    CHECK(cost[0] == cost[1]);
    CHECK(cost[0].vertices > 0);
}
