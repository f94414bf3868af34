// SPDX-License-Identifier: MIT
// core/platform/login_session: made-up sessions, as ssh, a console and a desktop make them.
#include "core/platform/login_session.h"

#include "core/platform/protected_processes.h"
#include "tests/platform/fake_proc.h"

#include <doctest/doctest.h>

using namespace portside::platform;
using test::TemporaryFolder;

namespace {

struct Machine {
    TemporaryFolder proc, cgroups;

    void add(pid_t pid, pid_t parent, std::uint64_t start_time, int uid) const {
        const std::string folder = std::to_string(pid);
        proc.write(folder + "/stat", test::stat_line(pid, "x", start_time, 'S', 0x400000, parent));
        const std::string user = std::to_string(uid);
        proc.write(folder + "/status", "Uid:\t" + user + "\t" + user + "\t" + user + "\t" + user + "\n");
    }
    // An ssh login: the server, the connection's own process, the user's part of it, a shell, and a tmux server that
    // was started from it and has no parent there any more. We are below tmux.
    void add_ssh() const {
        add(500, 1, 100, 0);    // sshd, outside the session
        add(800, 500, 9000, 0); // the connection's
        add(801, 800, 9010, 7); // the user's part
        add(802, 801, 9020, 7); // the shell
        add(700, 1, 9500, 7);   // tmux
        add(701, 700, 9600, 7); // we
        proc.write("self/cgroup", "0::/user.slice/user-7.slice/session-3.scope\n");
        cgroups.write("user.slice/user-7.slice/session-3.scope/cgroup.procs", "700\n701\n800\n801\n802\n");
    }
    [[nodiscard]] LoginSession session() const { return find_login_session(proc.path(), cgroups.path()); }
};

std::vector<pid_t> pids(const std::vector<ProcessId>& ids) {
    std::vector<pid_t> found;
    for (const auto& id : ids) {
        found.push_back(id.pid);
    }
    return found;
}

} // namespace

TEST_CASE("login session - an ssh connection is found from inside tmux") {
    const Machine machine;
    machine.add_ssh();
    const auto session = machine.session();
    CHECK(session.carriers == std::vector<ProcessId>{{800, 9000}, {801, 9010}});
    CHECK(session.above == std::vector<ProcessId>{{500, 100}});
}

TEST_CASE("login session - its processes are asked about first in words that say what would go down") {
    const Machine machine;
    machine.add_ssh();
    std::string connection;
    std::string server;
    for (const auto& process : find_protected_processes(machine.proc.path(), machine.cgroups.path())) {
        connection = process.id == ProcessId{801, 9010} ? process.why : connection;
        server = process.id == ProcessId{500, 100} ? process.why : server;
        CHECK(process.id.pid != 802);
    }
    CHECK(connection.find("that session would end") != std::string::npos);
    CHECK(server.find("ssh server") != std::string::npos);
}

TEST_CASE("login session - a folder below the sessions and the first version of cgroups lead there too") {
    const Machine below;
    below.add_ssh();
    below.proc.write("self/cgroup", "0::/user.slice/user-7.slice/session-3.scope/mine\n");
    CHECK(pids(below.session().carriers) == std::vector<pid_t>{800, 801});
    const Machine first_version;
    first_version.add_ssh();
    first_version.proc.write("self/cgroup", "12:cpu,cpuacct:/\n1:name=systemd:/s/session-c1.scope\n0::/\n");
    first_version.cgroups.write("systemd/s/session-c1.scope/cgroup.procs", "800\n802\n");
    CHECK(pids(first_version.session().carriers) == std::vector<pid_t>{800});
}

TEST_CASE("login session - once who logged in has ended a server that was left behind is nobody special") {
    const Machine machine;
    machine.add_ssh();
    machine.cgroups.write("user.slice/user-7.slice/session-3.scope/cgroup.procs", "700\n701\n");
    CHECK(machine.session().carriers.empty());
    CHECK(machine.session().above.empty());
}

TEST_CASE("login session - none in a container or in a desktops own services and nothing that is broken is one") {
    for (const char* text : {"0::/\n", "0::/user.slice/user-7.slice/user@7.service/app.slice/app-x.scope\n", "", "0:\n",
                             "nonsense\n", "0::/session-3.scope.d/x\n", "0::/user.slice/session-4.scope\n"}) {
        CAPTURE(text);
        const Machine machine;
        machine.add_ssh();
        machine.proc.write("self/cgroup", text);
        CHECK(machine.session().carriers.empty());
    }
    const Machine broken;
    broken.add_ssh();
    broken.cgroups.write("user.slice/user-7.slice/session-3.scope/cgroup.procs", "-1\n0\n1\nx\n800 801\n99999\n");
    CHECK(broken.session().carriers.empty());
    const Machine nothing;
    CHECK(nothing.session().carriers.empty());
}
