// SPDX-License-Identifier: MIT
// Real servers of the kinds that are hard to free a port from: what is killed, and what is said of the port afterwards.
#include "core/commands/commands.h"

#include "core/base/file.h"
#include "core/platform/process_tree.h"
#include "tests/support/child.h"

#include <algorithm>
#include <arpa/inet.h>
#include <csignal>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <functional>
#include <netinet/in.h>
#include <sys/socket.h>

using namespace portside;
using commands::KillOrder;
using commands::PortAfter;
using commands::Update;
using commands::Way;
using jobs::Stage;
using platform::Signal;

namespace {

support::Child server(std::vector<std::string> words) {
    words.insert(words.begin(), PORTSIDE_BUILD "/tests/test_server");
    return support::Child({std::move(words)});
}

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

class Work {
  public:
    Work() : commands_(options()) {}
    explicit Work(const std::string& log) : commands_(options(log)) {}

    // The kill of the row on this port, or on `tcp:`, `udp:`, `pid:`.
    KillOrder order(const std::string& target, Way way = Way::kill, Signal signal = Signal::term) {
        KillOrder made;
        made.way = way;
        made.signal = signal;
        const auto parsed = commands::parse_target(target).value();
        // A server tells its port a moment before all of its processes are there.
        REQUIRE(support::wait_until([&] {
            const auto plan = commands::plan_kills(*snapshot(), {parsed}, ::geteuid(), way == Way::kill_tree);
            if (!plan.kills.empty()) {
                made.kill = plan.kills.front();
            }
            return plan.kills.size() == 1;
        }));
        return made;
    }

    snapshot::SnapshotPtr snapshot() {
        const auto request = commands_.request_scan();
        REQUIRE(support::wait_until([&] { return commands_.report().answered_request >= request; }));
        return commands_.report().snapshot;
    }

    const snapshot::Row* row_with(snapshot::SnapshotPtr& found, const std::string& port, std::size_t owners) {
        const snapshot::Row* row = nullptr;
        REQUIRE(support::wait_until([&] {
            found = snapshot();
            const auto at = std::find_if(found->rows.begin(), found->rows.end(), [&](const auto& one) {
                return one.port_text == port && one.owners.size() == owners;
            });
            row = at == found->rows.end() ? nullptr : &*at;
            return row != nullptr;
        }));
        return row;
    }

    // Waits until an update of the kill satisfies `wanted`.
    Update until(jobs::JobId job, const std::function<bool(const Update&)>& wanted) {
        Update found;
        REQUIRE(support::wait_until([&] {
            for (auto& update : commands_.take_updates()) {
                updates_.push_back(std::move(update));
            }
            const auto at = std::find_if(updates_.begin(), updates_.end(), [&](const Update& update) {
                return update.event.job == job && wanted(update);
            });
            if (at != updates_.end()) {
                found = *at;
            }
            return at != updates_.end();
        }));
        return found;
    }
    Update end_of(jobs::JobId job) {
        return until(job, [](const Update& update) { return update.port_after != PortAfter::none; });
    }
    Update kill(const KillOrder& order) { return end_of(commands_.kill(order)); }
    Update stage(jobs::JobId job, Stage stage) {
        return until(job, [&](const Update& update) { return update.event.stage == stage; });
    }
    commands::Commands& commands() { return commands_; }

  private:
    static commands::Options options(const std::string& log = {}) {
        commands::Options made;
        made.interval = std::chrono::hours(1); // scans only where one is asked for
        made.patience = std::chrono::milliseconds(300);
        made.kill_log = log;
        made.wake = [] {};
        return made;
    }

    std::vector<Update> updates_;
    commands::Commands commands_;
};

} // namespace

TEST_CASE("servers - the row of a prefork server is its masters and killing it frees the port") {
    auto master = server({"prefork", "8"});
    const auto port = master.first_line();
    Work work;
    snapshot::SnapshotPtr seen;
    const auto* row = work.row_with(seen, port, 9);
    CHECK(row->owners.front().id.pid == master.pid());
    const auto order = work.order(port);
    CHECK(order.kill.process.pid == master.pid());
    const auto end = work.kill(order);
    CHECK(master.wait().has_value());
    // Its workers end a moment later: that is waited for.
    CHECK(end.port_after == PortAfter::free);
    CHECK(has(end.sentence, "Port " + port + " is free."));
}

TEST_CASE("servers - the tree of a prefork server ends with every worker") {
    auto master = server({"prefork", "8"});
    const auto port = master.first_line();
    Work work;
    snapshot::SnapshotPtr seen;
    static_cast<void>(work.row_with(seen, port, 9));
    const auto end = work.kill(work.order(port, Way::kill_tree));
    CHECK(end.port_after == PortAfter::free);
    CHECK(has(end.sentence, "test_server (" + std::to_string(master.pid()) + ") and 8 descendants ended after"));
    CHECK(end.event.left.empty());
}

TEST_CASE("servers - an inherited socket goes on holding the port and its holder is named") {
    auto parent = server({"inherit"});
    const auto port = parent.first_line();
    Work work;
    snapshot::SnapshotPtr seen;
    const auto* row = work.row_with(seen, port, 2);
    const auto heir = row->owners.back().id;
    const auto end = work.kill(work.order(port));
    CHECK(end.port_after == PortAfter::held);
    CHECK(has(end.sentence,
              ", but another owner still holds port " + port + ": test_server (" + std::to_string(heir.pid) + ")."));
    const auto rest = work.kill(work.order(port));
    CHECK(rest.port_after == PortAfter::free);
}

TEST_CASE("servers - two processes on one port by SO_REUSEPORT are two rows") {
    auto first = server({"reuseport", "0"});
    const auto port = first.first_line();
    auto second = server({"reuseport", port});
    CHECK(second.first_line() == port);
    Work work;
    const auto plan = commands::plan_kills(*work.snapshot(), {commands::parse_target(port).value()}, ::geteuid());
    REQUIRE(plan.kills.size() == 2);
    const auto mine = plan.kills[0].process.pid == first.pid() ? 0 : 1;
    const auto end = work.kill({plan.kills[static_cast<std::size_t>(mine)]});
    CHECK(end.port_after == PortAfter::held);
    CHECK(has(end.sentence,
              "another owner still holds port " + port + ": test_server (" + std::to_string(second.pid()) + ")."));
    CHECK(second.running());
    CHECK(work.kill(work.order(port)).port_after == PortAfter::free);
}

TEST_CASE("servers - a stopped process is still running and the reason is told") {
    auto child = server({"reuseport", "0"});
    const auto port = child.first_line();
    child.send_signal(SIGSTOP);
    REQUIRE(support::wait_until([&] { return platform::read_stat(child.pid())->state == 'T'; }));
    Work work;
    const auto order = work.order(port);
    const auto job = work.commands().kill(order);
    const auto still = work.stage(job, Stage::still_running);
    CHECK(has(still.sentence, "is still running after"));
    CHECK(has(still.sentence, "It is stopped"));
    CHECK(child.running());
    child.send_signal(SIGCONT); // the signal waited for this
    CHECK(work.end_of(job).port_after == PortAfter::free);
}

TEST_CASE("servers - a zombie holds no port any more") {
    auto child = server({"reuseport", "0"});
    const auto port = child.first_line();
    Work work;
    const auto order = work.order(port);
    REQUIRE(::kill(child.pid(), SIGKILL) == 0); // and nobody reaps it
    REQUIRE(support::wait_until([&] { return platform::read_stat(child.pid())->state == 'Z'; }));
    const auto refused = work.stage(work.commands().kill(order), Stage::refused);
    CHECK(refused.event.problem == jobs::Problem::gone);
    const auto plan = commands::plan_kills(*work.snapshot(), {commands::parse_target(port).value()}, ::geteuid());
    CHECK(plan.unmatched.size() == 1);
}

TEST_CASE("servers - a supervisor brings its child back and is named with the new holder") {
    auto supervisor = server({"supervise"});
    const auto port = supervisor.first_line();
    Work work;
    const auto order = work.order(port);
    CHECK(order.kill.process.pid != supervisor.pid());
    const auto job = work.commands().kill(order);
    const auto end = work.until(job, [](const Update& update) { return update.port_after == PortAfter::retaken; });
    CHECK(has(end.sentence, "ended after"));
    CHECK(has(end.sentence, " took port " + port + " again after"));
    CHECK(has(end.sentence, "Its parent is test_server (" + std::to_string(supervisor.pid()) + ")."));
    CHECK_FALSE(has(end.sentence, "PID " + std::to_string(order.kill.process.pid) + " "));
    CHECK(supervisor.running());
    CHECK(support::wait_until([&] {
        static_cast<void>(work.commands().take_updates());
        return work.commands().watching() == 0;
    }));
    const auto tree = work.kill(work.order("pid:" + std::to_string(supervisor.pid()), Way::kill_tree));
    CHECK(tree.port_after == PortAfter::free);
    CHECK(supervisor.wait().has_value());
    const auto plan = commands::plan_kills(*work.snapshot(), {commands::parse_target(port).value()}, ::geteuid());
    CHECK(plan.unmatched.size() == 1);
}

TEST_CASE("servers - a plain kill of a supervisors child is followed by a port that is held again") {
    auto supervisor = server({"supervise"});
    const auto port = supervisor.first_line();
    Work work;
    const auto order = work.order(port);
    const auto old = order.kill.process;
    static_cast<void>(work.until(work.commands().kill(order),
                                 [](const Update& update) { return update.port_after == PortAfter::retaken; }));
    const auto now = work.order(port, Way::kill_tree).kill.process;
    CHECK(now != old);
    supervisor.send_signal(SIGTERM); // ends its child too
    CHECK(supervisor.wait().has_value());
}

TEST_CASE("servers - a connection that is still closing is told") {
    auto parent = server({"connected"});
    const auto port = parent.first_line();
    Work work;
    const auto end = work.kill(work.order(port));
    CHECK(end.port_after == PortAfter::closing); // FIN_WAIT2: the client has not closed its side
    CHECK(has(end.sentence, "Nobody listens on port " + port +
                                "; 1 connection is still closing, so a program without "
                                "SO_REUSEADDR may have to wait."));
    parent.expect("\n");
    const auto words = parent.output();
    const auto client = std::stoi(words.substr(words.find('\n') + 1));
    CHECK(::kill(client, SIGKILL) == 0);
}

TEST_CASE("servers - a UDP socket is freed like any other") {
    auto child = server({"udp"});
    const auto port = child.first_line();
    Work work;
    const auto end = work.kill(work.order("udp:" + port));
    CHECK(end.port_after == PortAfter::free);
    CHECK(child.wait() == 128 + SIGTERM);
}

TEST_CASE("servers - a fork storm ends or what is left of it is named") {
    for (const char* mode : {"storm", "storm-stubborn"}) {
        CAPTURE(mode);
        auto root = server({mode, "300"});
        const auto port = root.first_line();
        Work work;
        const auto order = work.order(port, Way::kill_tree);
        const auto job = work.commands().kill(order);
        const auto told = work.until(job, [](const Update& update) {
            return update.event.stage == Stage::still_running || update.port_after != PortAfter::none;
        });
        const auto all = platform::read_relatives();
        const auto alive = std::count_if(all->begin(), all->end(), [&](const auto& process) {
            return process.group == root.pid() && process.stat.state != 'Z' && process.stat.state != 'X';
        });
        CHECK((alive == 0 || !told.event.left.empty()));
        if (std::string(mode) == "storm-stubborn") {
            CHECK(told.event.stage == Stage::still_running);
            CHECK(has(told.sentence, "Left: "));
            auto forced = order;
            forced.signal = Signal::kill;
            static_cast<void>(work.stage(work.commands().kill(forced), Stage::ended));
        }
        ::kill(-root.pid(), SIGKILL); // what is left is left by design
    }
}

TEST_CASE("servers - kills are logged with their outcome and those that go on when Portside quits too") {
    const std::string log = PORTSIDE_BUILD "/tests/state/servers_test.log";
    ::unlink(log.c_str());
    auto child = server({"reuseport", "0"});
    auto stopped = server({"reuseport", "0"});
    const auto port = child.first_line();
    const auto other = stopped.first_line();
    stopped.send_signal(SIGSTOP);
    {
        Work work(log);
        CHECK(work.kill(work.order(port)).port_after == PortAfter::free);
        static_cast<void>(work.stage(work.commands().kill(work.order(other)), Stage::asked));
        CHECK(work.commands().pending().size() == 1);
    }
    const auto text = base::read_file(AT_FDCWD, log.c_str());
    REQUIRE(text.has_value());
    CHECK(std::count(text->begin(), text->end(), '\n') == 2);
    CHECK(has(*text, ": kill test_server (" + std::to_string(child.pid()) + "), start time "));
    CHECK(has(*text, "on tcp port " + port + ", SIGTERM: "));
    CHECK(has(*text, "Port " + port + " is free."));
    CHECK((has(*text, "on tcp port " + other + ", SIGTERM: had not ended when Portside quit") ||
           has(*text, "on tcp port " + other + ", SIGTERM: test_server (" + std::to_string(stopped.pid()) +
                          ") is still running")));
}
