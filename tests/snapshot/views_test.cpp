// SPDX-License-Identifier: MIT
// Which rows are whose and what, what is left out as the system's, and the filter's terms for it.
#include "core/snapshot/views.h"

#include "core/snapshot/arrangement.h"

#include <doctest/doctest.h>
#include <string>

using namespace portside;
using namespace portside::snapshot;
using Ports = std::vector<int>;

namespace {

constexpr uid_t kMe = 1000;
constexpr Beholder kBeholder{kMe, 1000};

// Rows and processes by hand: each process has its own.
class Machine {
  public:
    Process& process(const char* name, uid_t uid, const char* executable = nullptr) {
        auto& made = processes_.emplace_back();
        made.id = {static_cast<pid_t>(100 + processes_.size()), 1};
        made.uid = uid;
        made.name = name;
        if (executable != nullptr) {
            made.executable = executable;
        }
        return made;
    }
    // Held by the newest process.
    Row& held(std::uint16_t port) {
        Row& made = bare(port, *processes_.back().uid);
        made.owners.push_back({processes_.back().id, Knowledge::holds, {}});
        made.key.holder = processes_.back().id;
        made.unknown.reset();
        made.unit = processes_.back().unit;
        return made;
    }
    Row& bare(std::uint16_t port, uid_t uid) {
        Row& made = snapshot_.rows.emplace_back();
        made.key.port = port;
        made.key.holder = RowKey::Unowned{uid, 0};
        made.port_text = std::to_string(port);
        made.sockets.resize(1);
        made.sockets.front().uid = uid;
        made.exposure = Exposure::loopback;
        made.unknown = Unknown::not_permitted;
        return made;
    }
    // Of the newest row.
    [[nodiscard]] TagBits bits(const PortBook& book = {}) { return tags_of(snapshot(), book, kBeholder)->bits.back(); }
    [[nodiscard]] const Snapshot& snapshot() {
        snapshot_.processes.clear();
        for (const auto& process : processes_) {
            snapshot_.processes.push_back(process);
        }
        return snapshot_;
    }

  private:
    std::vector<Process> processes_;
    Snapshot snapshot_;
};

const platform::Unit kSystemUnit{"nginx.service", {}};

} // namespace

TEST_CASE("views - mine is what an owner of mine holds or what the kernel says is mine") {
    Machine machine;
    machine.process("node", kMe);
    machine.held(3000);
    CHECK((machine.bits() & kTagMine) != 0);
    machine.process("sshd", 0);
    machine.held(22);
    CHECK((machine.bits() & kTagMine) == 0);
    machine.bare(4000, kMe);
    CHECK((machine.bits() & kTagMine) != 0);
    machine.bare(4001, 1001);
    CHECK((machine.bits() & kTagMine) == 0);
}

TEST_CASE("views - a dev server is my own program that works on a project or is a dev tool") {
    Machine machine;
    machine.process("server", kMe).project = "/home/me/src/shop";
    machine.held(8080);
    CHECK((machine.bits() & kTagDevServer) != 0);
    machine.process("server.py", kMe, "/usr/bin/python3.11");
    machine.held(8000);
    CHECK((machine.bits() & kTagDevServer) != 0);
    machine.process("server", kMe);
    machine.held(8081);
    CHECK((machine.bits() & kTagDevServer) == 0); // neither
    machine.process("node", 1001).project = "/home/you/src";
    machine.held(8082);
    CHECK((machine.bits() & kTagDevServer) == 0); // not mine
    machine.process("node", kMe);
    machine.held(5353).key.protocol = platform::Protocol::udp;
    CHECK((machine.bits() & kTagDevServer) == 0); // it does not listen
    machine.process("postgres", kMe).project = "/home/me/src/shop";
    machine.held(5432);
    CHECK((machine.bits() & kTagDevServer) == 0);
    CHECK((machine.bits() & kTagDatabase) != 0);
}

TEST_CASE("views - services of the desktop and of the system are no dev servers") {
    Machine machine;
    const auto dev_in = [&](const char* unit, std::optional<uid_t> manager) {
        machine.process("applet", kMe, "/usr/bin/python3").unit = platform::Unit{unit, manager};
        machine.held(9000);
        return (machine.bits() & kTagDevServer) != 0;
    };
    CHECK_FALSE(dev_in("blueman-applet.service", kMe));
    CHECK_FALSE(dev_in("app-blueman@autostart.service", kMe));
    CHECK_FALSE(dev_in("shop.service", std::nullopt));
    CHECK(dev_in("app-org.kde.konsole@5f3c.service", kMe)); // a terminal
    CHECK(dev_in("vte-spawn-1.scope", kMe));
    CHECK(dev_in("session-2.scope", std::nullopt));
    // A service that works on a project is one of the person's own.
    auto& preview = machine.process("next dev", kMe);
    preview.unit = platform::Unit{"preview.service", kMe};
    preview.project = "/home/me/src/blog";
    machine.held(3001);
    CHECK((machine.bits() & kTagDevServer) != 0);
}

TEST_CASE("views - candidates speak for a row only where all of them say the same") {
    Machine machine;
    machine.process("postgres", 105);
    const auto postgres = machine.snapshot().processes.back().id;
    machine.process("node", kMe);
    const auto node = machine.snapshot().processes.back().id;
    Row& made = machine.bare(7000, 105);
    made.candidates = {{postgres, Knowledge::candidate, {}}};
    CHECK((machine.bits() & kTagDatabase) != 0);
    made.candidates.push_back({node, Knowledge::candidate, {}});
    CHECK((machine.bits() & kTagDatabase) == 0);
    CHECK((machine.bits() & kTagDevServer) == 0);
    made.candidates = {{node, Knowledge::candidate, {}}};
    CHECK((machine.bits() & kTagDevServer) != 0);
}

TEST_CASE("views - databases without a visible process are known by unit container or at last by port") {
    Machine machine;
    machine.bare(6000, 105).unit = platform::Unit{"postgresql@15-main.service", {}};
    CHECK((machine.bits() & kTagDatabase) != 0);
    machine.bare(6000, 0).container = platform::Container{platform::Engine::docker, "1", "shop-redis-1"};
    CHECK((machine.bits() & kTagDatabase) != 0);
    machine.bare(5432, 105);
    CHECK((machine.bits() & kTagDatabase) != 0);
    machine.bare(5432, 105).unit = platform::Unit{"tunnel.service", {}}; // it has a name, and another one
    CHECK((machine.bits() & kTagDatabase) == 0);
    machine.bare(5432, 105).key.protocol = platform::Protocol::udp;
    CHECK((machine.bits() & kTagDatabase) == 0);
    machine.process("ssh", kMe); // as a tunnel
    machine.held(5432);
    CHECK((machine.bits() & kTagDatabase) == 0);
}

TEST_CASE("views - exposed is what is not loopback") {
    Machine machine;
    machine.process("node", kMe);
    for (const auto exposure : {Exposure::loopback, Exposure::interface, Exposure::all}) {
        machine.held(3000).exposure = exposure;
        CHECK(((machine.bits() & kTagExposed) != 0) == (exposure != Exposure::loopback));
    }
}

TEST_CASE("views - system ports are those of system accounts and units") {
    Machine machine;
    const auto is_system = [&] { return (machine.bits() & kTagSystem) != 0; };
    machine.process("sshd", 0);
    machine.held(22);
    CHECK(is_system());
    machine.process("avahi-daemon", 110);
    machine.held(5353);
    CHECK(is_system());
    machine.process("dnsmasq", 65534);
    machine.held(53);
    CHECK(is_system());
    machine.process("nginx", 1001).unit = kSystemUnit;
    machine.held(80);
    CHECK(is_system());
    machine.bare(631, 0); // privileged, and the kernel says root
    CHECK(is_system());
    machine.bare(9999, 0).unit = kSystemUnit;
    CHECK(is_system());
}

TEST_CASE("views - what a person started is never the systems") {
    Machine machine;
    const auto is_system = [&] { return (machine.bits() & kTagSystem) != 0; };
    machine.process("node", kMe).unit = kSystemUnit;
    machine.held(3000);
    CHECK_FALSE(is_system()); // mine
    machine.process("python3", 0).unit = platform::Unit{"session-3.scope", {}};
    machine.held(80);
    CHECK_FALSE(is_system()); // by sudo
    machine.process("docker-proxy", 0);
    machine.held(8080).container = platform::Container{platform::Engine::docker, "1", "web"};
    CHECK_FALSE(is_system());
    machine.process("nginx", 1001);
    machine.held(8081);
    CHECK_FALSE(is_system()); // another person's
    machine.process("postgres", 105).unit = platform::Unit{"postgresql.service", {}};
    machine.held(5432);
    CHECK_FALSE(is_system()); // what people look for is no plumbing
    machine.bare(40001, 0);
    CHECK_FALSE(is_system()); // nothing says what it is
    machine.process("sshd", 0);
    machine.held(22);
    CHECK(is_system());
    CHECK((machine.bits({{{platform::Protocol::tcp, 22}, {true, ""}}}) & (kTagSystem | kTagFavourite)) ==
          kTagFavourite);
    CHECK((machine.bits({{{platform::Protocol::udp, 22}, {true, ""}}}) & (kTagSystem | kTagFavourite)) == kTagSystem);
}

TEST_CASE("views - one owner that is not the systems is enough to show a row") {
    Machine machine;
    machine.process("systemd", 0);
    const auto first = machine.snapshot().processes.back().id;
    machine.process("server", 1001);
    machine.held(8080).owners.push_back({first, Knowledge::holds, {}});
    CHECK((machine.bits() & kTagSystem) == 0);
}

TEST_CASE("views - counts leave out what is hidden and keep what somebody waits for") {
    Machine machine;
    machine.process("sshd", 0);
    machine.held(22).exposure = Exposure::all;
    machine.held(23);
    machine.process("node", kMe).project = "/home/me/src";
    machine.held(3000).exposure = Exposure::all;
    const auto tags = tags_of(machine.snapshot(), {}, kBeholder);
    CHECK(count_views(*tags, {}) == ViewCounts{3, 1, 1, 0, 2});
    CHECK(count_views(*tags, {View::databases, true, {}}) == ViewCounts{1, 1, 1, 0, 1});
    CHECK(count_views(*tags, {View::all, true, {0}}) == ViewCounts{2, 1, 1, 0, 2});
    CHECK(count_views(*tags, {View::all, false, {0}}) == ViewCounts{3, 1, 1, 0, 2});
}

TEST_CASE("views - the filter knows them and labels and says what it does not know") {
    Machine machine;
    machine.process("sshd", 0);
    machine.held(22).exposure = Exposure::all;
    machine.process("node", kMe);
    machine.held(3000);
    const PortBook book{{{platform::Protocol::tcp, 22}, {true, "The Door"}}};
    const auto tags = tags_of(machine.snapshot(), book, kBeholder);
    const auto found = [&](const char* text) {
        Ports ports;
        for (const auto row : arrange(machine.snapshot(), *tags, {}, Query::parse(text).value(), {}).rows) {
            ports.push_back(machine.snapshot().rows[row].key.port);
        }
        return ports;
    };
    CHECK(found("is:mine") == Ports{3000});
    CHECK(found("-is:mine") == Ports{22});
    CHECK(found("not:is:dev") == Ports{22});
    CHECK(found("IS:Exposed") == Ports{22});
    CHECK(found("is:favourite door") == Ports{22});
    CHECK(found("label:the") == Ports{22});
    CHECK(found("-door") == Ports{3000});
    CHECK(found("door node") == Ports{});
    CHECK(found("is:db") == Ports{});
    CHECK(found("is:m") == Ports{22, 3000}); // still being typed
    CHECK(found("is:") == Ports{22, 3000});
    CHECK(found("label:") == Ports{22, 3000});
    const auto unknown = Query::parse("is:mien");
    REQUIRE_FALSE(unknown.has_value());
    CHECK(unknown.error().what == "is:mien: write is:mine, is:dev, is:db, is:exposed, is:favourite or is:system.");
}

TEST_CASE("views - words for files and the command line lead back to their views") {
    for (std::size_t i = 0; i < kViewCount; ++i) {
        const auto view = static_cast<View>(i);
        CHECK(view_of_word(word_of(view)) == view);
    }
    CHECK_FALSE(view_of_word("everything").has_value());
    CHECK_FALSE(view_of_word("").has_value());
}
