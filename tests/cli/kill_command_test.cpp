// SPDX-License-Identifier: MIT
// `portside kill` as a person runs it, on children of the test's own; every exit code.
#include "core/base/file.h"
#include "tests/support/child.h"

#include <algorithm>
#include <csignal>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

using namespace portside;
using support::run;

namespace {

support::Child listener(const std::string& how = "") {
    return support::Child({{PORTSIDE_BUILD "/tests/test_listener", how}});
}

support::Outcome kill(std::vector<std::string> words) {
    words.insert(words.begin(), {PORTSIDE_BUILD "/portside", "kill"});
    return run({std::move(words)});
}

} // namespace

TEST_CASE("a port is freed and said to be free") {
    auto child = listener();
    auto bystander = listener();
    const auto port = child.first_line();
    const auto outcome = kill({port});
    CHECK(outcome.status == 0);
    CHECK(outcome.output.starts_with("Port " + port + " is free. test_listener ("));
    CHECK(child.wait() == 128 + SIGTERM);
    CHECK(bystander.running());
}

TEST_CASE("a pid and a protocol name the process too") {
    auto first = listener();
    auto second = listener();
    const auto port = second.first_line();
    static_cast<void>(first.first_line());
    const auto outcome = kill({"pid:" + std::to_string(first.pid()), "tcp:" + port});
    CHECK(outcome.status == 0);
    CHECK(first.wait() == 128 + SIGTERM);
    CHECK(second.wait() == 128 + SIGTERM);
}

TEST_CASE("a malformed target means that nothing is sent") {
    auto child = listener();
    const auto outcome = kill({child.first_line(), "tcp:nonsense"});
    CHECK(outcome.status == 2);
    CHECK(outcome.output.empty());
    CHECK(child.running());
}

TEST_CASE("what goes on running is told with the way out and SIGKILL ends it") {
    auto child = listener("stubborn");
    const auto port = child.first_line();
    const auto outcome = kill({port, "--timeout", "0.2"});
    CHECK(outcome.status == 1);
    CHECK(outcome.output.find("still running after 0.2 s") != std::string::npos);
    CHECK(outcome.output.find("--force") != std::string::npos);
    CHECK(child.running());
    CHECK(kill({port, "--force"}).status == 0);
    CHECK(child.wait() == 128 + SIGKILL);
}

TEST_CASE("nothing matched is code 4 and beats what went well") {
    auto child = listener();
    const auto free_port = [] {
        auto gone = listener();
        return gone.first_line();
    }();
    const auto port = child.first_line();
    const auto outcome = kill({free_port, port});
    CHECK(outcome.status == 4);
    CHECK(outcome.output.find("Nothing holds " + free_port) != std::string::npos);
    CHECK(child.wait() == 128 + SIGTERM);
    CHECK(kill({"pid:" + std::to_string(::getpid())}).status == 4); // it holds no listed socket
}

TEST_CASE("a dry run says what it would do and sends nothing") {
    auto child = listener();
    const auto port = child.first_line();
    const auto outcome = kill({port, "--dry-run", "--force"});
    CHECK(outcome.status == 0);
    CHECK(outcome.output.find("Would send SIGKILL to test_listener (" + std::to_string(child.pid()) + ")") == 0);
    CHECK(child.running());
    CHECK(kill({"1", "--dry-run"}).status == 4);
}

TEST_CASE("a dry run of a tree names the topmost owner and all that would end") {
    support::Child master({{PORTSIDE_BUILD "/tests/test_server", "prefork", "3"}});
    const auto port = master.first_line();
    const auto pid = std::to_string(master.pid());
    support::Outcome outcome;
    CHECK(support::wait_until([&] { // the workers come a moment after the port
        outcome = kill({"--tree", "--dry-run", port});
        return outcome.output.find("its 3 descendants, top down: ") != std::string::npos;
    }));
    CHECK(outcome.status == 0);
    CHECK(outcome.output.starts_with("Would send SIGTERM to test_server (" + pid + "), which holds port " + port));
    CHECK(outcome.output.find("\n  It is the topmost of 4 owners") != std::string::npos);
    CHECK(master.running());
    const auto ended = kill({"--tree", port});
    CHECK(ended.status == 0);
    CHECK(ended.output.find("and 3 descendants ended after") != std::string::npos);
    CHECK(ended.output.starts_with("Port " + port + " is free."));
}

TEST_CASE("what a supervisor brings back is code 1 and its own tree ends both") {
    support::Child supervisor({{PORTSIDE_BUILD "/tests/test_server", "supervise"}});
    const auto port = supervisor.first_line();
    const auto pid = std::to_string(supervisor.pid());
    CHECK(kill({"pid:" + pid}).status == 4); // it holds nothing itself
    support::Outcome plain;
    CHECK(support::wait_until([&] {
        plain = kill({port});
        return plain.status != 4; // between two children nobody holds it
    }));
    CHECK(plain.status == 1);
    CHECK(plain.output.find(" took port " + port + " again after ") != std::string::npos);
    CHECK(plain.output.find("Its parent is test_server (" + pid + ").") != std::string::npos);
    const auto dry = kill({"--tree", "--dry-run", "pid:" + pid});
    CHECK(dry.status == 0);
    CHECK(dry.output.find("SIGTERM to test_server (" + pid + "), under which process ") != std::string::npos);
    const auto tree = kill({"--tree", "pid:" + pid});
    CHECK(tree.status == 0);
    CHECK(tree.output.find("Port " + port + " is free.") != std::string::npos);
    CHECK(supervisor.wait().has_value());
}

TEST_CASE("a known respawner is named beforehand with the tree to end") {
    // What calls itself nodemon is taken for it: here a shell by another name.
    const std::string script = "import ctypes,subprocess,sys,time\n"
                               "c=subprocess.Popen([sys.argv[1]],stdout=subprocess.PIPE,text=True)\n"
                               "print(c.stdout.readline().strip(),flush=True)\n"
                               "time.sleep(600)\n";
    const std::string folder = PORTSIDE_BUILD "/tests/state";
    support::Child shell({{"/bin/sh", "-c",
                           "mkdir -p " + folder + " && printf '%s' \"$1\" > " + folder +
                               "/nodemon && exec /usr/bin/python3 " + folder + "/nodemon \"$2\"",
                           "sh", script, PORTSIDE_BUILD "/tests/test_listener"}});
    const auto port = shell.first_line();
    const auto pid = std::to_string(shell.pid());
    const auto hint =
        "nodemon (" + pid + ") starts it again when a file changes. To end both: portside kill --tree pid:" + pid;
    const auto dry = kill({"--dry-run", port});
    CHECK(dry.output.find("\n  " + hint + "\n") != std::string::npos);
    const auto plain = kill({port});
    CHECK(plain.output.starts_with("Note: " + hint + "\n"));
    CHECK(shell.running());
}

TEST_CASE("at Ctrl-C it says what has not ended") {
    auto child = listener("stubborn");
    const auto port = child.first_line();
    support::Child portside({{PORTSIDE_BUILD "/portside", "kill", port, "--timeout", "600"}});
    const auto asked = [&] { // SIGTERM is on its way, and portside waits
        const auto status = base::read_file(AT_FDCWD, ("/proc/" + std::to_string(child.pid()) + "/status").c_str());
        return status && status->find("SigIgn:\t0000000000004000") != std::string::npos;
    };
    REQUIRE(support::wait_until(asked));
    const auto waits = [&] {
        const auto status = base::read_file(AT_FDCWD, ("/proc/" + std::to_string(portside.pid()) + "/status").c_str());
        return status && status->find("SigBlk:\t0000000000004003") != std::string::npos;
    };
    REQUIRE(support::wait_until(waits)); // from here on it does not end by the signal itself
    portside.send_signal(SIGINT);
    CHECK(portside.wait() == 128 + SIGINT);
    const bool before = portside.errors().find("stopped before") != std::string::npos;
    const bool after = portside.errors().find("Not ended yet: test_listener (" + std::to_string(child.pid()) +
                                              ") on port " + port + ".") != std::string::npos;
    CHECK((before || after));
    CHECK(child.running());
}

TEST_CASE("each kill is a line in the log and a log that cannot be written is told once") {
    auto child = listener();
    const auto port = child.first_line();
    const std::string state = PORTSIDE_BUILD "/tests/state/cli";
    const auto freed =
        run({{PORTSIDE_BUILD "/portside", "kill", port}, {"PATH=/usr/bin:/bin", "XDG_STATE_HOME=" + state}});
    CHECK(freed.status == 0);
    CHECK(freed.errors.empty());
    const auto log = base::read_file(AT_FDCWD, (state + "/portside/kills.log").c_str());
    REQUIRE(log.has_value());
    CHECK(log->find("kill test_listener (" + std::to_string(child.pid()) + "), start time ") != std::string::npos);
    auto other = listener();
    const auto lost = run({{PORTSIDE_BUILD "/portside", "kill", other.first_line()},
                           {"PATH=/usr/bin:/bin", "XDG_STATE_HOME=/proc/nowhere"}});
    CHECK(lost.status == 0);
    CHECK(lost.errors.starts_with("portside: Kills are not written to the log. Could not write /proc/nowhere/"));
    CHECK(std::count(lost.errors.begin(), lost.errors.end(), '\n') == 1);
    CHECK(other.wait() == 128 + SIGTERM);
}

TEST_CASE("an ancestor is refused with the way out and ended with --yes") {
    // A shell that listens by way of a child's socket is hard to make: python listens and runs portside itself.
    const std::string script = "import socket,subprocess,sys\n"
                               "s=socket.socket(); s.bind(('127.0.0.1',0)); s.listen()\n"
                               "p=str(s.getsockname()[1])\n"
                               "r=subprocess.run([sys.argv[1],'kill',p]+sys.argv[2:],capture_output=True,text=True)\n"
                               "print(r.returncode); print(r.stdout)\n";
    const auto refused = run({{"/usr/bin/python3", "-c", script, PORTSIDE_BUILD "/portside"}});
    CHECK(refused.status == 0);
    CHECK(refused.output.starts_with("3\n"));
    CHECK(refused.output.find("--yes") != std::string::npos);
    const auto consented = run({{"/usr/bin/python3", "-c", script, PORTSIDE_BUILD "/portside", "--yes"}});
    CHECK(consented.status == 128 + SIGTERM);
}
