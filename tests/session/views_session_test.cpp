// SPDX-License-Identifier: MIT
// Which rows the window is given: views, system ports, favourites and names of ports.
#include "app/session/settings.h"
#include "recorded_work.h"

#include <doctest/doctest.h>

using namespace portside;
using namespace portside::session_test;
using snapshot::View;
using snapshot::ViewCounts;

namespace {

std::vector<std::uint16_t> ports_shown(const ui::Model& model) {
    std::vector<std::uint16_t> ports;
    for (const auto row : model.arrangement.rows) {
        ports.push_back(model.snapshot->rows[row].key.port);
    }
    return ports;
}
using PortList = std::vector<std::uint16_t>;

ui::Preferences with_hidden_system() {
    ui::Preferences wanted;
    wanted.hide_system_ports = true;
    return wanted;
}

snapshot::PortId tcp_port(std::uint16_t port) {
    return {platform::Protocol::tcp, port};
}

} // namespace

// Port 80 is of nginx (root), 3000 of my node, 5432 of somebody unknown: a database by its port.
TEST_CASE("session views - a view shows its rows only and the counts do not depend on the filter") {
    Fixture fixture;
    CHECK(ports_shown(fixture.model()) == PortList{80, 3000, 5432});
    const ViewCounts counts{3, 1, 1, 1, 3};
    CHECK(fixture.model().view_counts == counts);
    fixture.session.handle({ui::SetView{View::mine}});
    CHECK(fixture.model().view == View::mine);
    CHECK(ports_shown(fixture.model()) == PortList{3000});
    CHECK(fixture.model().arrangement.hidden == 0);
    fixture.session.handle({ui::SetQuery{"nginx"}});
    CHECK(ports_shown(fixture.model()).empty());
    CHECK(fixture.model().arrangement.outside == 1);
    CHECK(fixture.model().arrangement.hidden == 1);
    CHECK(fixture.model().view_counts == counts);
    fixture.session.handle({ui::SetQuery{""}, ui::SetView{View::databases}});
    CHECK(ports_shown(fixture.model()) == PortList{5432});
    fixture.show({row(80, 20)});
    CHECK(ports_shown(fixture.model()).empty());
    CHECK(fixture.model().view_counts == ViewCounts{1, 0, 0, 0, 1});
}

TEST_CASE("session views - the view is remembered and a file that says nonsense means all") {
    session::WindowState state;
    state.view = View::exposed;
    const auto text = session::window_state_text(state);
    CHECK(session::parse_window_state(text).value() == state);
    CHECK(session::parse_window_state("view = \"pink\"\n").value().view == View::all);
    CHECK(session::parse_window_state("view = 7\n").value().view == View::all);
    RecordedWork work;
    work.next_report.snapshot = snapshot_of({row(80, 20), row(3000, 10)});
    state.view = View::mine;
    session::Session session(work, {}, state, false, session_test::kMe);
    session.refresh(ui::SteadyTime{std::chrono::hours(1)});
    CHECK(ports_shown(session.model()) == PortList{3000});
}

TEST_CASE("session views - system ports are left out and counted") {
    Fixture fixture;
    fixture.session.handle({ui::SetPreferences{with_hidden_system(), true}});
    CHECK(ports_shown(fixture.model()) == PortList{3000, 5432});
    CHECK(fixture.model().arrangement.system == 1);
    CHECK(fixture.model().arrangement.system_found == 1);
    CHECK(fixture.model().view_counts == ViewCounts{2, 1, 1, 1, 2});
    fixture.session.handle({ui::SetQuery{"node"}});
    CHECK(ports_shown(fixture.model()) == PortList{3000});
    CHECK(fixture.model().arrangement.system == 1); // said whatever is typed
    CHECK(fixture.model().arrangement.system_found == 0);
    fixture.session.handle({ui::SetQuery{"nginx"}});
    CHECK(ports_shown(fixture.model()).empty());
    CHECK(fixture.model().arrangement.system_found == 1);
    fixture.session.handle({ui::SetPreferences{{}, true}});
    CHECK(ports_shown(fixture.model()) == PortList{80});
}

TEST_CASE("session views - the setting is kept in the file") {
    session::Settings wanted;
    CHECK_FALSE(wanted.hide_system_ports);
    wanted.hide_system_ports = true;
    const auto text = session::with_settings("", wanted).value();
    CHECK(text == "hide_system_ports = true\n");
    CHECK(session::parse_settings(text).value() == wanted);
    CHECK_FALSE(session::parse_settings("hide_system_ports = 1").has_value());
}

TEST_CASE("session views - a kill that somebody waits for is never hidden") {
    ui::Preferences wanted = with_hidden_system();
    Fixture fixture;
    fixture.act(0, ui::RowAction::kill_as_administrator);
    REQUIRE(fixture.work.kills.size() + (fixture.model().question ? 1 : 0) > 0);
    fixture.session.handle({ui::SetPreferences{wanted, true}});
    CHECK(ports_shown(fixture.model()) == PortList{80, 3000, 5432});
    CHECK(fixture.model().arrangement.system == 0);
    if (fixture.model().question) {
        fixture.answer(ui::RowAction::kill_as_administrator);
    }
    fixture.report(jobs::Stage::asked);
    CHECK(ports_shown(fixture.model()) == PortList{80, 3000, 5432});
    fixture.report(jobs::Stage::refused, jobs::Problem::not_permitted, "Not permitted.");
    fixture.now += std::chrono::minutes(10);
    fixture.session.refresh(fixture.now);
    CHECK(ports_shown(fixture.model()) == PortList{3000, 5432}); // the answer has been read
}

TEST_CASE("session views - a favourite is never hidden and its name is found") {
    Fixture fixture(with_hidden_system());
    CHECK(ports_shown(fixture.model()) == PortList{3000, 5432});
    fixture.session.handle({ui::SetPortNote{tcp_port(80), {true, "The Front Door"}}});
    CHECK(ports_shown(fixture.model()) == PortList{80, 3000, 5432});
    CHECK(fixture.model().tags->label(0) == "The Front Door");
    CHECK(fixture.model().book->at(tcp_port(80)).favourite);
    fixture.session.handle({ui::SetQuery{"front door"}});
    CHECK(ports_shown(fixture.model()) == PortList{80});
    fixture.session.handle({ui::SetQuery{"label:door is:favourite"}});
    CHECK(ports_shown(fixture.model()) == PortList{80});
    fixture.show({row(80, 20), row(81, 20)}); // it is the port's, whoever holds it
    CHECK(ports_shown(fixture.model()) == PortList{80});
    fixture.session.handle({ui::SetPortNote{tcp_port(80), {}}, ui::SetQuery{""}});
    CHECK(fixture.model().book->empty());
    CHECK(ports_shown(fixture.model()).empty());
    CHECK(fixture.model().arrangement.system == 2);
}

TEST_CASE("session views - favourites of the file are there from the start") {
    RecordedWork work;
    work.next_report.snapshot = snapshot_of({row(80, 20), row(3000, 10)});
    session::Session session(work, with_hidden_system(), {}, false, session_test::kMe,
                             {{tcp_port(80), {true, "door"}}});
    session.refresh(ui::SteadyTime{std::chrono::hours(1)});
    CHECK(ports_shown(session.model()) == PortList{80, 3000});
    CHECK(session.model().tags->label(0) == "door");
}

TEST_CASE("session views - a port that is only hidden needs no look for bound sockets") {
    Fixture fixture(with_hidden_system());
    fixture.session.handle({ui::SetQuery{":80"}});
    CHECK(ports_shown(fixture.model()).empty());
    CHECK(fixture.work.bound.empty());
    fixture.session.handle({ui::SetQuery{":81"}});
    CHECK(fixture.work.bound == std::vector<bool>{true});
}
