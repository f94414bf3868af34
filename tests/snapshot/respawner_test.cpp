// SPDX-License-Identifier: MIT
// Who brings a process back: known supervisors among made-up ancestors, and managers.
#include "core/snapshot/respawner.h"

#include <doctest/doctest.h>

using namespace portside::snapshot;

namespace {

Process process(pid_t pid, pid_t parent, const char* name, std::vector<std::string> command_line) {
    Process made;
    made.id = {pid, 100};
    made.parent = parent;
    made.name = name;
    made.executable = command_line.empty() ? std::string() : command_line.front();
    made.command_line = std::move(command_line);
    return made;
}

// init - shell - ABOVE (20) - sh (30) - server (40)
Snapshot below(const char* name, std::vector<std::string> command_line) {
    Snapshot made;
    made.processes = {process(1, 0, "systemd", {"/sbin/init"}), process(10, 1, "bash", {"/bin/bash"}),
                      process(20, 10, name, std::move(command_line)),
                      process(30, 20, "sh", {"/bin/sh", "-c", "node server.js"}),
                      process(40, 30, "server.js", {"/usr/bin/node", "server.js"})};
    return made;
}

std::string name_above(const char* name, std::vector<std::string> command_line) {
    const auto found = respawner_of(below(name, std::move(command_line)), {40, 100});
    return found ? std::string(found->name) : "";
}

} // namespace

TEST_CASE("respawner - the known ones are recognised") {
    CHECK(name_above("nodemon", {"/usr/bin/node", "/usr/bin/nodemon", "server.js"}) == "nodemon");
    CHECK(name_above("PM2", {"PM2 v5.3.0: God Daemon (/home/me/.pm2)"}) == "pm2");
    CHECK(name_above("supervisord", {"/usr/bin/python3", "/usr/bin/supervisord", "-n"}) == "supervisord");
    CHECK(name_above("runsv", {"/usr/bin/runsv", "web"}) == "runit (runsv)");
    CHECK(name_above("foreman", {"/usr/bin/ruby", "/usr/bin/foreman", "start"}) == "foreman");
    CHECK(name_above("foreman:", {"foreman: master"}) == "foreman");
    CHECK(name_above("dotnet", {"/usr/bin/dotnet", "watch", "run"}) == "dotnet watch");
    CHECK(name_above("dotnet", {"/usr/bin/dotnet", "/usr/share/dotnet/sdk/8.0/dotnet-watch.dll", "run"}) ==
          "dotnet watch");
    CHECK(name_above("cargo-watch", {"/home/me/.cargo/bin/cargo-watch", "-x", "run"}) == "cargo watch");
    CHECK(name_above("server.js", {"/usr/bin/node", "--inspect", "--watch", "server.js"}) == "node --watch");
}

TEST_CASE("respawner - what brings nothing back is none") {
    CHECK(name_above("npm", {"/usr/bin/node", "/usr/bin/npm", "run", "dev"}).empty());
    CHECK(name_above("dotnet", {"/usr/bin/dotnet", "run"}).empty());
    CHECK(name_above("app.js", {"/usr/bin/node", "app.js", "--watch"}).empty()); // the program's own option
    CHECK(name_above("vim", {"/usr/bin/vim", "nodemon"}).empty());
    CHECK(name_above("tool", {}).empty());
    // Only what stands above counts, and the process itself must be there.
    const auto snapshot = below("nodemon", {"/usr/bin/node", "/usr/bin/nodemon"});
    CHECK_FALSE(respawner_of(snapshot, {20, 100}).has_value());
    CHECK_FALSE(respawner_of(snapshot, {40, 101}).has_value());
    Snapshot ring; // of numbers that were used again
    ring.processes = {process(20, 40, "tool", {"tool"}), process(30, 20, "sh", {"/bin/sh", "-c", "node server.js"}),
                      process(40, 30, "server.js", {"/usr/bin/node", "server.js"})};
    CHECK_FALSE(respawner_of(ring, {40, 100}).has_value());
}

TEST_CASE("respawner - the text says when") {
    const auto nodemon = respawner_of(below("nodemon", {"nodemon"}), {40, 100});
    REQUIRE(nodemon.has_value());
    CHECK(nodemon->process == ProcessId{20, 100});
    CHECK(respawner_text(*nodemon) == "nodemon (20) starts it again when a file changes");
    CHECK(respawner_text(*respawner_of(below("runsv", {"runsv"}), {40, 100})) == "runit (runsv) (20) starts it again");
    CHECK(respawner_text(*respawner_of(below("foreman", {"foreman"}), {40, 100})) ==
          "foreman (20) ends all that it started when one of them ends");
}

TEST_CASE("respawner - managers are pid 1 and the users systemd") {
    CHECK(is_service_manager(process(1, 0, "anything", {"/sbin/init"})));
    CHECK(is_service_manager(process(800, 1, "systemd", {"/usr/lib/systemd/systemd", "--user"})));
    auto hidden = process(800, 1, "systemd", {"/usr/lib/systemd/systemd", "--user"});
    hidden.executable.reset();
    CHECK(is_service_manager(hidden));
    CHECK_FALSE(is_service_manager(process(800, 10, "systemd", {"/usr/lib/systemd/systemd", "--user"})));
    CHECK_FALSE(is_service_manager(process(800, 1, "systemd", {"/usr/lib/systemd/systemd"})));
    auto liar = process(800, 1, "systemd", {"systemd", "--user"});
    liar.executable = "/tmp/liar";
    CHECK_FALSE(is_service_manager(liar));
}

TEST_CASE("respawner - a row is the managers alone only where no owner is another") {
    Snapshot snapshot = below("nodemon", {"nodemon"});
    Row row;
    CHECK_FALSE(is_held_by_managers_only(snapshot, row));
    row.owners.push_back({{1, 100}, Knowledge::holds, {}});
    CHECK(is_held_by_managers_only(snapshot, row));
    row.owners.push_back({{40, 100}, Knowledge::holds, {}});
    CHECK_FALSE(is_held_by_managers_only(snapshot, row));
}

TEST_CASE("respawner - who may come back") {
    auto snapshot = below("tool", {"tool"});
    CHECK(return_of(snapshot, {}, false, {40, 100}) == Return::possible); // sh -c
    CHECK(return_of(snapshot, {}, false, {20, 100}) == Return::unlikely); // a shell that a person types into
    CHECK(return_of(snapshot, {}, false, {10, 100}) == Return::unlikely); // its parent is the manager
    CHECK(return_of(snapshot, {}, true, {20, 100}) == Return::likely);
    CHECK(return_of(snapshot, portside::platform::Unit{"web.service", {}}, false, {20, 100}) == Return::likely);
    CHECK(return_of(snapshot, portside::platform::Unit{"session-2.scope", {}}, false, {20, 100}) == Return::unlikely);
    CHECK(return_of(below("nodemon", {"nodemon"}), {}, false, {40, 100}) == Return::likely);
    CHECK(return_of(snapshot, {}, false, {99, 100}) == Return::unlikely);
}
