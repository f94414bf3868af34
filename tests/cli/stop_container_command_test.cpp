// SPDX-License-Identifier: MIT
// `portside kill --stop-container` as a person runs it, against a stand-in for Docker's socket and a program with
// docker-proxy's name and arguments. One thread; the stand-in has its own.
#include "tests/owners/elsewhere.h"
#include "tests/platform/puppet.h"
#include "tests/supervisors/engine_stand_in.h"
#include "tests/support/manager_stand_in.h"

#include <arpa/inet.h>
#include <csignal>
#include <doctest/doctest.h>
#include <filesystem>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace portside;
using platform::test::must;
using support::ScratchFolder;
using tests::container_json;
using tests::EngineStandIn;
using tests::http_answer;
using tests::kWebId;
using tests::send_all;

namespace {

bool bind_to(int fd, std::uint16_t port, sockaddr_in& address) {
    address = {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    return ::bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0;
}

bool is_free(const std::string& port) {
    const base::UniqueFd probe(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address;
    return bind_to(probe.get(), static_cast<std::uint16_t>(std::stoi(port)), address);
}

// A program under the name docker-proxy, with its arguments, that holds a port.
class DockerProxy {
  public:
    explicit DockerProxy(const ScratchFolder& folder) : port_(reserve()), program_(start(folder)) {
        must(program_.first_line() == port_, "docker-proxy's port");
        reserved_.reset(); // else the port would not be free when the proxy ends
    }
    [[nodiscard]] const std::string& port() const { return port_; }
    [[nodiscard]] pid_t pid() const { return program_.pid(); }
    [[nodiscard]] bool running() { return program_.running(); }
    [[nodiscard]] auto wait() { return program_.wait(); }

  private:
    // A number that nobody else gets until the proxy has it.
    std::string reserve() {
        reserved_ = base::UniqueFd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
        const int yes = 1;
        ::setsockopt(reserved_.get(), SOL_SOCKET, SO_REUSEPORT, &yes, sizeof(yes));
        sockaddr_in address;
        socklen_t length = sizeof(address);
        must(bind_to(reserved_.get(), 0, address) &&
                 ::getsockname(reserved_.get(), reinterpret_cast<sockaddr*>(&address), &length) == 0,
             "a port");
        return std::to_string(ntohs(address.sin_port));
    }
    support::Child start(const ScratchFolder& folder) const {
        const auto path = folder.path("docker-proxy");
        std::filesystem::copy_file(PORTSIDE_BUILD "/tests/test_listener", path);
        return support::Child({{path, "-proto", "tcp", "-host-ip", "127.0.0.1", "-host-port", port_, "-container-ip",
                                "172.17.0.2", "-container-port", "80"}});
    }
    base::UniqueFd reserved_;
    std::string port_;
    support::Child program_;
};

support::Outcome kill(const ScratchFolder& folder, std::vector<std::string> words) {
    words.insert(words.begin(), {PORTSIDE_BUILD "/portside", "kill", "--stop-container"});
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
    CHECK(engine.requests().size() == 1);
    CHECK(proxy.running());
    const auto outcome = kill(folder, {port});
    INFO(outcome.output);
    CHECK(outcome.status == 0);
    CHECK(outcome.output == "Port " + port + " is free. The container web (Docker) was stopped.\n");
    CHECK(engine.requests().back().starts_with("POST /containers/" + kWebId + "/stop"));
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
    CHECK(engine.requests().size() == 2); // it was asked for its list, and to stop nothing
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
                  const auto outcome = kill(folder, {proxy.port()});
                  must(outcome.status == 3, "exit code " + std::to_string(outcome.status) + ": " + outcome.output);
                  must(says(outcome, "docker.sock is not for your user, so nothing was stopped."), outcome.output);
                  must(says(outcome, "docker stop"), outcome.output);
                  must(engine.requests().empty() && proxy.running(), "something was asked or ended");
              }) == "");
    }
}
