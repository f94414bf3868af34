// SPDX-License-Identifier: MIT
// Two hundred kills at once while a password prompt stays open: every row tells how it stands, and what the window's
// thread does for them grows with their number and not with its square. Counted in allocations and vertices, never in
// time. A program of its own, as it counts every allocation.
#include "tests/session/recorded_work.h"
#include "tests/support/allocations.h"
#include "tests/ui/stage.h"

#include <doctest/doctest.h>
#include <imgui.h>

using namespace portside;
using commands::Update;
using jobs::Stage;
using session_test::RecordedWork;
using ui::KillPhase;
using ui::RowAction;

namespace {

// Every row's kill is ordered in one frame; the first one's prompt stays open.
struct Crowd {
    RecordedWork work;
    session::Session session;
    ui::SteadyTime now{std::chrono::hours(1)};
    std::size_t count;

    explicit Crowd(std::size_t rows) : session(work, {}, {}, false, session_test::kMe), count(rows) {
        work.next_report.snapshot = canned::many_rows(rows);
        session.refresh(now);
        ui::Intents intents;
        for (const auto& row : session.model().snapshot->rows) {
            intents.emplace_back(ui::Act{row.key, RowAction::kill, row.owners[0].id, {row.sockets[0].inode}});
        }
        session.handle(intents);
    }
    void tell_all(Stage stage, Update::PortAfter after = Update::PortAfter::none, std::size_t first = 1) {
        for (std::size_t i = first; i < count; ++i) {
            Update update;
            update.event.job = i + 1;
            update.event.stage = stage;
            update.sentence = "Port 3000 is free. node (10) ended after 0.2 s.";
            update.port_after = after;
            work.updates.push_back(std::move(update));
        }
    }
    void open_prompt() {
        Update update;
        update.event.job = 1;
        update.event.stage = Stage::authorising;
        work.updates.push_back(std::move(update));
    }
    std::size_t allocations_of_refresh() {
        const auto before = support::allocations();
        session.refresh(now);
        return support::allocations() - before;
    }
    [[nodiscard]] std::size_t in_phase(KillPhase phase) const {
        std::size_t found = 0;
        for (std::uint32_t i = 0; i < count; ++i) {
            found += ui::view_of(session.model(), i).status.phase == phase ? 1 : 0;
        }
        return found;
    }
};

struct FrameCost {
    std::size_t made = 0;
    int vertices = 0;
};

// Of a frame in which nothing changes any more.
FrameCost frame_cost(const ui::Model& model) {
    ui::Stage stage(model);
    stage.settle();
    stage.frame();
    const auto before = support::allocations();
    stage.frame();
    return {support::allocations() - before, ui::Stage::vertices()};
}

} // namespace

TEST_CASE("many kills - every row shows its own state while a prompt stays open and all end but the one") {
    Crowd crowd(200);
    CHECK(crowd.work.kills.size() == 200);
    CHECK(crowd.in_phase(KillPhase::checking) == 200);
    crowd.open_prompt();
    crowd.tell_all(Stage::asked);
    crowd.session.refresh(crowd.now);
    CHECK(crowd.in_phase(KillPhase::authorising) == 1);
    CHECK(crowd.in_phase(KillPhase::asked) == 199);
    crowd.tell_all(Stage::ended);
    crowd.session.refresh(crowd.now);
    CHECK(crowd.in_phase(KillPhase::ended) == 199);
    crowd.tell_all(Stage::ended, Update::PortAfter::free);
    crowd.session.refresh(crowd.now);
    CHECK(crowd.in_phase(KillPhase::none) == 199);
    CHECK(crowd.in_phase(KillPhase::authorising) == 1);
    REQUIRE(crowd.session.model().notices.size() == 1);
    CHECK(crowd.session.model().notices[0].text == "199 ports are free.");
    CHECK(crowd.session.model().marks.size() == 1);
}

TEST_CASE("many kills - a frame with two hundred kills costs what is on the screen") {
    Crowd few(100);
    Crowd many(200);
    for (Crowd* crowd : {&few, &many}) {
        crowd->open_prompt();
        crowd->tell_all(Stage::asked);
        crowd->session.refresh(crowd->now);
        CHECK(crowd->allocations_of_refresh() == 0); // where nothing arrives, nothing is done
    }
    const FrameCost less = frame_cost(few.session.model());
    const FrameCost more = frame_cost(many.session.model());
    CHECK(more.made == less.made);
    CHECK(more.vertices == less.vertices);
}

TEST_CASE("many kills - what arrives for two hundred at once costs at most twice what it does for one hundred") {
    constexpr std::size_t kSlack = 16; // what grows by doubling may double once more
    for (const auto after : {Update::PortAfter::none, Update::PortAfter::free, Update::PortAfter::held}) {
        CAPTURE(static_cast<int>(after));
        std::size_t cost[2] = {};
        std::size_t* next = cost;
        for (const std::size_t count : {std::size_t{100}, std::size_t{200}}) {
            Crowd crowd(count);
            crowd.tell_all(Stage::ended, after, 0);
            *next++ = crowd.allocations_of_refresh();
        }
        CHECK(cost[0] > 0);
        CHECK(cost[1] <= 2 * cost[0] + kSlack);
    }
}

TEST_CASE("many kills - to order two hundred at once costs at most twice what one hundred do") {
    std::size_t cost[2] = {};
    std::size_t* next = cost;
    for (const std::size_t count : {std::size_t{100}, std::size_t{200}}) {
        const auto before = support::allocations();
        const Crowd crowd(count);
        *next++ = support::allocations() - before;
        CHECK(crowd.work.kills.size() == count);
    }
    CHECK(cost[1] <= 2 * cost[0]);
}
