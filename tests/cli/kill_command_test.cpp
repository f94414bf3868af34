// SPDX-License-Identifier: MIT
// `portside kill` as a person runs it, on children of the test's own; every exit code.
#include "tests/support/child.h"

#include <csignal>
#include <doctest/doctest.h>
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
