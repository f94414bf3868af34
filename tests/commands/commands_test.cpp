// SPDX-License-Identifier: MIT
// The facade on real processes: kill, and what it says of the port afterwards.
#include "core/commands/commands.h"

#include "core/commands/checks.h"
#include "tests/support/child.h"

#include <algorithm>
#include <arpa/inet.h>
#include <csignal>
#include <doctest/doctest.h>
#include <functional>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace portside;
using commands::Commands;
using commands::seconds_text;
using commands::Update;
using jobs::Stage;

namespace {

commands::Options options() {
    commands::Options made;
    made.interval = std::chrono::hours(1); // scans only where one is asked for
    made.patience = std::chrono::milliseconds(300);
    made.wake = [] {};
    return made;
}

snapshot::SnapshotPtr fresh_snapshot(Commands& commands) {
    const auto request = commands.request_scan();
    REQUIRE(support::wait_until([&] { return commands.report().answered_request >= request; }));
    return commands.report().snapshot;
}

commands::PlannedKill planned(Commands& commands, const std::string& target) {
    const auto snapshot = fresh_snapshot(commands);
    const auto plan = commands::plan_kills(*snapshot, {commands::parse_target(target).value()}, ::geteuid());
    REQUIRE(plan.kills.size() == 1);
    return plan.kills.front();
}

// Gathers updates of one job until one satisfies `last`.
std::vector<Update> updates_until(Commands& commands, jobs::JobId job, const std::function<bool(const Update&)>& last) {
    std::vector<Update> gathered;
    const bool came = support::wait_until([&] {
        for (auto& update : commands.take_updates()) {
            if (update.event.job == job) {
                gathered.push_back(std::move(update));
            }
        }
        return std::any_of(gathered.begin(), gathered.end(), last);
    });
    REQUIRE(came);
    return gathered;
}

bool tells_of_port(const Update& update) {
    return update.port_after != Update::PortAfter::none;
}

support::Child listener(const std::string& how = "") {
    return support::Child({{PORTSIDE_BUILD "/tests/test_listener", how}});
}

} // namespace

TEST_CASE("a kill ends the process and says that the port is free") {
    auto child = listener();
    const auto port = child.first_line();
    Commands commands(options());
    const auto kill = planned(commands, port);
    CHECK(kill.process.pid == child.pid());
    CHECK(kill.own);
    const auto job = commands.kill({kill});
    CHECK(commands.pending() == std::vector<std::string>{kill.label + " on port " + port});
    const auto updates = updates_until(commands, job, tells_of_port);
    CHECK(updates.front().event.stage == Stage::asked);
    CHECK(updates.back().port_after == Update::PortAfter::free);
    CHECK(updates.back().sentence.starts_with("Port " + port + " is free. test_listener ("));
    CHECK(commands.pending().empty());
    CHECK(child.wait() == 128 + SIGTERM);
}

TEST_CASE("a process that goes on is said to be still running and ends by force") {
    auto child = listener("stubborn");
    Commands commands(options());
    const auto kill = planned(commands, child.first_line());
    const auto asked = commands.kill({kill});
    const auto first =
        updates_until(commands, asked, [](const Update& u) { return u.event.stage == Stage::still_running; });
    CHECK(first.back().sentence.find("is still running after") != std::string::npos);
    CHECK(child.running());
    const auto forced = commands.kill({.kill = kill, .signal = platform::Signal::kill});
    updates_until(commands, forced, tells_of_port);
    CHECK(child.wait() == 128 + SIGKILL);
}

TEST_CASE("a port that another owner still holds is not called free") {
    auto child = listener();
    const auto port = child.first_line();
    Commands commands(options());
    auto kill = planned(commands, port);
    // The row's own port is another one, which goes on being held: by a second listener.
    auto other = listener();
    const auto held = other.first_line();
    kill.row.port = static_cast<std::uint16_t>(std::stoi(held));
    static_cast<void>(fresh_snapshot(commands));
    const auto updates = updates_until(commands, commands.kill({kill}), tells_of_port);
    CHECK(updates.back().port_after == Update::PortAfter::held);
    CHECK(updates.back().sentence.find(", but another owner still holds port " + held + ": test_listener (" +
                                       std::to_string(other.pid()) + ").") != std::string::npos);
    CHECK(other.running());
}

TEST_CASE("another identity is refused and nothing is sent") {
    auto child = listener();
    Commands commands(options());
    auto kill = planned(commands, child.first_line());
    kill.process.start_time += 1;
    const auto refused = commands::would_refuse({kill});
    REQUIRE(refused.has_value());
    CHECK(refused->reason == platform::Refusal::identity_changed);
    const auto updates = updates_until(commands, commands.kill({kill}), [](const Update&) { return true; });
    CHECK(updates.front().event.stage == Stage::refused);
    CHECK(updates.front().event.problem == jobs::Problem::identity_changed);
    CHECK_FALSE(updates.front().sentence.empty());
    CHECK(child.running());
    CHECK(commands.pending().empty());
}

TEST_CASE("an exact port query finds a socket that is bound without listening") {
    const int bound = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof(address);
    REQUIRE(::bind(bound, reinterpret_cast<sockaddr*>(&address), length) == 0);
    REQUIRE(::getsockname(bound, reinterpret_cast<sockaddr*>(&address), &length) == 0);
    const auto text = "port:" + std::to_string(ntohs(address.sin_port));
    const auto query = snapshot::Query::parse(text).value();
    const auto found = commands::list_once({}, query);
    REQUIRE(found.has_value());
    const auto& rows = (*found)->rows;
    const auto row = std::find_if(rows.begin(), rows.end(), [&](const auto& r) { return query.matches(**found, r); });
    const bool told = std::none_of((*found)->notes.begin(), (*found)->notes.end(),
                                   [](const auto& note) { return note.code == "bound_unknown"; });
    // A kernel that cannot tell is said to be one; all others show the row.
    CHECK((row != rows.end()) == told);
    if (row != rows.end()) {
        CHECK(row->state == platform::SocketState::bound);
        CHECK(row->owners.at(0).id.pid == ::getpid());
    }
    ::close(bound);
}

TEST_CASE("a pid that holds no listed socket is classified") {
    CHECK(commands::classify_unlisted(::getpid()) == commands::UnlistedPid::holds_nothing);
    const pid_t ended = ::fork();
    if (ended == 0) {
        ::_exit(0);
    }
    REQUIRE(::waitpid(ended, nullptr, 0) == ended);
    CHECK(commands::classify_unlisted(ended) == commands::UnlistedPid::no_such_process);
}

TEST_CASE("times are written as a person says them") {
    using std::chrono::milliseconds;
    CHECK(seconds_text(milliseconds(3)) == "less than 0.1 s");
    CHECK(seconds_text(milliseconds(200)) == "0.2 s");
    CHECK(seconds_text(milliseconds(5000)) == "5 s");
    CHECK(seconds_text(milliseconds(5100)) == "5.1 s");
    CHECK(seconds_text(milliseconds(12345)) == "12 s");
}
