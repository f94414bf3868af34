// SPDX-License-Identifier: MIT
// The sandbox itself, proved with plain pkexec: each answer that polkit can give arrives with its own exit code, and
// nothing outside the sandbox changes.
#include "tests/bus/kill_scene.h"

#include <doctest/doctest.h>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>

using portside::bus_test::ended;
using portside::bus_test::released;
using portside::support::Child;
using portside::support::Outcome;
using portside::support::PolkitSandbox;
using portside::support::Rule;

namespace {

// The shell stays as pkexec's parent: that is the process that polkit is asked about.
const std::vector<std::string> kPkexec{"sh", "-c", "pkexec --disable-internal-agent id -u; code=$?; exit $code"};

std::string content(const std::string& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// What is mounted where the sandbox mounts something. (Elsewhere others may be at work meanwhile.)
std::string mounts_of_ours() {
    std::istringstream mounts(content("/proc/self/mounts"));
    std::string ours;
    for (std::string line; std::getline(mounts, line);) {
        for (const char* place : {" /proc ", " /run ", " /tmp ", " /dev/pts ", " /etc/"}) {
            if (line.find(place) != std::string::npos) {
                ours += line + "\n";
            }
        }
    }
    return ours;
}

// pkexec with pkttyagent on a terminal of its own, at which `typed` is typed.
Outcome with_password(const std::string& typed) {
    const PolkitSandbox sandbox(Rule::ask);
    Child caller = sandbox.start_waiting(sandbox.caller(), kPkexec);
    Child agent = sandbox.start_terminal_agent(caller.inner_pid());
    caller.write("go\n");
    agent.expect_password_prompt();
    agent.write(typed + "\n");
    return ended(caller);
}

} // namespace

TEST_SUITE("bus") {
    TEST_CASE("pkexec - a rule that says yes gives 0 and root") {
        const PolkitSandbox sandbox(Rule::yes);
        const Outcome outcome = sandbox.run(sandbox.caller(), kPkexec);
        INFO(outcome.errors);
        CHECK(outcome.status == 0);
        CHECK(outcome.output == "0\n");
    }

    TEST_CASE("pkexec - a rule that says no gives 127") {
        const PolkitSandbox sandbox(Rule::no);
        const Outcome outcome = sandbox.run(sandbox.caller(), kPkexec);
        CHECK(outcome.status == 127);
        CHECK(outcome.output.empty());
    }

    TEST_CASE("pkexec - no agent gives 127 and says so") {
        const PolkitSandbox sandbox(Rule::ask);
        const Outcome outcome = sandbox.run(sandbox.caller(), kPkexec);
        CHECK(outcome.status == 127);
        CHECK(outcome.errors.find("agent") != std::string::npos);
    }

    TEST_CASE("pkexec - the right password gives 0 and root") {
        const Outcome outcome = with_password(PolkitSandbox::password());
        INFO(outcome.errors);
        CHECK(outcome.status == 0);
        CHECK(outcome.output == "0\n");
    }

    TEST_CASE("pkexec - a wrong password gives 127") {
        const Outcome outcome = with_password("not the password");
        CHECK(outcome.status == 127);
        CHECK(outcome.output.empty());
    }

    TEST_CASE("pkexec - a dismissed prompt gives 126") {
        const PolkitSandbox sandbox(Rule::ask);
        Child caller = sandbox.start_waiting(sandbox.caller(), kPkexec);
        Child agent = sandbox.start_cancelling_agent(caller.inner_pid());
        const Outcome outcome = released(caller);
        INFO(outcome.errors);
        CHECK(outcome.status == 126);
        CHECK(agent.output().find("asked") != std::string::npos);
    }

    TEST_CASE("what happens in the sandbox stays in the sandbox") {
        const std::string mounts = mounts_of_ours();
        const std::string users = content("/etc/passwd");
        pid_t inside = 0;
        {
            const PolkitSandbox sandbox(Rule::yes);
            Child listener = sandbox.start(sandbox.other_user(), {PolkitSandbox::program("test_listener")});
            const int port = std::stoi(listener.first_line());
            inside = listener.pid();
            CHECK(sandbox.listens(port));
            CHECK(sandbox.run(sandbox.caller(), {"id", "-un"}).output == "portside-a\n");
            CHECK(mounts_of_ours() == mounts);
            CHECK(content("/etc/passwd") == users);
        }
        CHECK(content("/proc/" + std::to_string(inside) + "/stat").empty());
        CHECK(mounts_of_ours() == mounts);
    }
}
