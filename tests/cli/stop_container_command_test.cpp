// SPDX-License-Identifier: MIT
// `portside kill --stop-container` as a person runs it, against a stand-in for Docker's socket and a program with
// docker-proxy's name and arguments. One thread; the stand-in has its own.
#include "tests/cli/loopback_port.h"
#include "tests/owners/elsewhere.h"
#include "tests/platform/puppet.h"
#include "tests/supervisors/docker_proxy.h"
#include "tests/supervisors/engine_stand_in.h"
#include "tests/support/manager_stand_in.h"
#include "tests/support/programs.h"

#include <arpa/inet.h>
#include <csignal>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace portside;
using platform::test::must;
using support::ScratchFolder;
using tests::container_json;
using tests::DockerProxy;
using tests::EngineStandIn;
using tests::http_answer;
using tests::is_free;
using tests::kWebId;
using tests::send_all;

namespace {

support::Outcome kill(const ScratchFolder& folder, std::vector<std::string> words,
                      const std::string& program = PORTSIDE_BUILD "/portside") {
    words.insert(words.begin(), {program, "kill", "--stop-container"});
    support::Command command{std::move(words), support::sanitizer_options()};
    for (const auto& setting : {std::string("PATH=/usr/bin:/bin"), "DOCKER_HOST=unix://" + folder.path("docker.sock"),
                                "XDG_STATE_HOME=" + folder.path("state")}) {
        command.environment.push_back(setting);
    }
    return support::run(command);
}

std::string list_of(const std::string& containers) {
    return http_answer("200 OK", "[" + containers + "]");
}

// The first lines of the requests to stop something.
std::vector<std::string> stops(const EngineStandIn& engine) {
    auto asked = engine.requests();
    std::erase_if(asked, [](const std::string& line) { return !line.starts_with("POST "); });
    return asked;
}

bool says(const support::Outcome& outcome, const std::string& words) {
    return outcome.output.find(words) != std::string::npos;
}

} // namespace

TEST_CASE("stop_container_command - the container is stopped in place of its proxy and the port is free") {
    ScratchFolder folder;
    DockerProxy proxy(folder);
    const auto port = proxy.port();
    const pid_t pid = proxy.pid();
    EngineStandIn engine(folder.path("docker.sock"), [&](const std::string& request, int connection) {
        if (request.starts_with("GET /containers/json ")) {
            send_all(connection, list_of(container_json(kWebId, "web", "172.17.0.2", port)));
        } else if (request.starts_with("POST /containers/" + kWebId + "/stop ")) {
            ::kill(pid, SIGTERM);
            send_all(connection, "HTTP/1.0 204 No Content\r\n\r\n");
        }
    });
    const auto dry = kill(folder, {"--dry-run", port});
    CHECK(dry.status == 0);
    CHECK(dry.output == "Would ask Docker to stop the container web, which keeps port " + port + ".\n");
    CHECK(stops(engine).empty());
    CHECK(proxy.running());
    const auto outcome = kill(folder, {port});
    INFO(outcome.output);
    CHECK(outcome.status == 0);
    CHECK(outcome.output == "Port " + port + " is free. The container web (Docker) was stopped.\n");
    const auto asked = stops(engine);
    REQUIRE(asked.size() == 1);
    CHECK(asked.front().starts_with("POST /containers/" + kWebId + "/stop"));
    CHECK(proxy.wait() == 128 + SIGTERM);
    CHECK(is_free(port));
}

TEST_CASE("stop_container_command - a container that the engine does not know stops nothing") {
    ScratchFolder folder;
    DockerProxy proxy(folder);
    EngineStandIn engine(folder.path("docker.sock"),
                         [](const std::string&, int connection) { send_all(connection, list_of("")); });
    for (const auto& outcome : {kill(folder, {"--dry-run", proxy.port()}), kill(folder, {proxy.port()})}) {
        CHECK(outcome.status == 1);
        CHECK(says(outcome, "Docker knows no container that publishes tcp port " + proxy.port() +
                                " (any more): nothing was stopped."));
    }
    CHECK_FALSE(engine.requests().empty()); // it was asked for its list, and to stop nothing
    CHECK(stops(engine).empty());
    CHECK(proxy.running());
}

TEST_CASE("stop_container_command - without an engine the sentence says what to run") {
    ScratchFolder folder;
    DockerProxy proxy(folder);
    const auto outcome = kill(folder, {proxy.port()});
    CHECK(outcome.status == 1);
    CHECK(says(outcome, "nothing was stopped"));
    CHECK(says(outcome, "You can also run: docker "));
    CHECK(proxy.running());
}

TEST_CASE("stop_container_command - a port of no container is left alone") {
    ScratchFolder folder;
    support::Child plain({{PORTSIDE_BUILD "/tests/test_listener"}});
    const auto outcome = kill(folder, {plain.first_line()});
    CHECK(outcome.status == 4);
    CHECK(says(outcome, "belongs to no container that is known, so there is none to stop."));
    CHECK(plain.running());
}

TEST_SUITE("root") {
    TEST_CASE("stop_container_command - a socket that is not for this user is told with the way out") {
        CHECK(owners::as_nobody([] {
                  ScratchFolder folder;
                  DockerProxy proxy(folder);
                  EngineStandIn engine(folder.path("docker.sock"), [](const std::string&, int) {});
                  must(::chmod(folder.path("docker.sock").c_str(), 0) == 0, "closing the socket");
                  support::copy_program("portside", folder.path("portside"));
                  const auto outcome = kill(folder, {proxy.port()}, folder.path("portside"));
                  must(outcome.status == 3, "exit code " + std::to_string(outcome.status) + ": " + outcome.output);
                  must(says(outcome, "docker.sock is not for your user, so nothing was stopped."), outcome.output);
                  must(says(outcome, "docker stop"), outcome.output);
                  must(engine.requests().empty() && proxy.running(), "something was asked or ended");
              }) == "");
    }
}
