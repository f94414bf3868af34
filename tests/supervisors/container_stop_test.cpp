// SPDX-License-Identifier: MIT
// Containers are stopped through a stand-in for Docker's socket, with a docker-proxy that holds a real port.
#include "core/platform/process.h"
#include "docker_proxy.h"
#include "engine_stand_in.h"
#include "manager_scene.h"

#include <csignal>
#include <doctest/doctest.h>
#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>

using namespace portside;
using jobs::Problem;
using jobs::Stage;
using manager_scene::says;
using manager_scene::system_with;
using support::ScratchFolder;
using tests::container_json;
using tests::DockerProxy;
using tests::EngineStandIn;
using tests::http_answer;
using tests::kOtherId;
using tests::kWebId;
using tests::places_of;
using tests::send_all;

namespace {

jobs::StopContainerRequest request_for(std::uint16_t port, platform::ProcessId process = {}) {
    jobs::StopContainerRequest request;
    request.shown.port = port;
    request.shown.target.process = process;
    request.patience = std::chrono::minutes(5);
    return request;
}

// What a job says of an engine that answers the list with these bytes and then closes.
jobs::JobEvent refused_after(const std::string& bytes) {
    ScratchFolder folder;
    EngineStandIn engine(folder.path("docker.sock"),
                         [&](const std::string&, int connection) { send_all(connection, bytes); });
    tests::Jobs jobs(system_with(places_of(folder)));
    auto event = jobs.wait_for_end(jobs.thread().start(request_for(8080)));
    CHECK(event.stage == Stage::refused);
    CHECK(engine.requests().size() == 1); // it was asked for its list, and to stop nothing
    return event;
}

} // namespace

TEST_CASE("container_stop - the container behind docker-proxy is stopped and its port is free") {
    ScratchFolder folder;
    DockerProxy proxy(folder);
    const auto port = proxy.port();
    const pid_t pid = proxy.pid();
    // Two publish that port; only the address in the proxy's arguments tells which is meant.
    EngineStandIn engine(folder.path("docker.sock"), [&](const std::string& request, int connection) {
        if (request.starts_with("GET /containers/json ")) {
            send_all(connection,
                     http_answer("200 OK", "[" + container_json(kOtherId, "other", "172.17.0.3", port) + "," +
                                               container_json(kWebId, "web", "172.17.0.2", port) + "]"));
        } else if (request.starts_with("POST /containers/" + kWebId + "/stop ")) {
            ::kill(pid, SIGTERM);
            send_all(connection, "HTTP/1.0 204 No Content\r\n\r\n");
        }
    });
    tests::Jobs jobs(system_with(places_of(folder)));
    const auto job = jobs.thread().start(request_for(proxy.number(), proxy.id()));
    const auto ended = jobs.wait_for_end(job);
    INFO(ended.sentence);
    CHECK(ended.stage == Stage::ended);
    CHECK(ended.sentence == "The container web (Docker) was stopped");
    CHECK(jobs.stages(job) == std::vector{Stage::authorising, Stage::asked, Stage::ended});
    CHECK(proxy.wait() == 128 + SIGTERM);
    CHECK(engine.requests().size() == 2);
}

TEST_CASE("container_stop - two that publish the port and no sign which is meant stop neither") {
    ScratchFolder folder;
    EngineStandIn engine(folder.path("docker.sock"), [&](const std::string&, int connection) {
        send_all(connection, http_answer("200 OK", "[" + container_json(kOtherId, "other", "172.17.0.3", "8080") + "," +
                                                       container_json(kWebId, "web", "172.17.0.2", "8080") + "]"));
    });
    tests::Jobs jobs(system_with(places_of(folder)));
    const auto event = jobs.wait_for_end(jobs.thread().start(request_for(8080)));
    CHECK(event.stage == Stage::refused);
    CHECK(says(event, "nothing was stopped"));
    CHECK(says(event, "other and web"));
    CHECK(engine.requests().size() == 1);
}

TEST_CASE("container_stop - a proxy that has ended stops nothing") {
    ScratchFolder folder;
    DockerProxy proxy(folder);
    EngineStandIn engine(folder.path("docker.sock"), [](const std::string&, int) {});
    auto request = request_for(proxy.number(), proxy.id());
    request.shown.target.process.start_time += 1;
    tests::Jobs jobs(system_with(places_of(folder)));
    CHECK(jobs.wait_for_end(jobs.thread().start(request)).problem == Problem::identity_changed);
    CHECK(engine.requests().empty());
    CHECK(proxy.running());
}

TEST_CASE("container_stop - a slow stop is said to be still stopping and ends later") {
    ScratchFolder folder;
    std::mutex held;
    held.lock();
    EngineStandIn engine(folder.path("docker.sock"), [&](const std::string& request, int connection) {
        if (request.starts_with("GET")) {
            send_all(connection, http_answer("200 OK", "[" + container_json(kWebId, "web", "", "8080") + "]"));
            return;
        }
        const std::lock_guard wait(held);
        send_all(connection, "HTTP/1.1 204 No Content\r\n\r\n");
    });
    tests::Jobs jobs(system_with(places_of(folder)));
    auto request = request_for(8080);
    request.patience = std::chrono::milliseconds(1);
    const auto job = jobs.thread().start(request);
    CHECK(says(jobs.wait_for(job, Stage::still_running), "The container web (Docker) is still stopping"));
    const tests::TestChild child; // meanwhile others go on
    CHECK(jobs.wait_for_end(jobs.thread().start(tests::kill_of(child))).stage == Stage::ended);
    held.unlock();
    CHECK(jobs.wait_for_end(job).stage == Stage::ended);
}

TEST_CASE("container_stop - an answer in single bytes is an answer") {
    ScratchFolder folder;
    EngineStandIn engine(folder.path("docker.sock"), [&](const std::string& request, int connection) {
        const auto answer = request.starts_with("GET")
                                ? http_answer("200 OK", "[" + container_json(kWebId, "web", "", "8080") + "]")
                                : std::string("HTTP/1.1 304 Not Modified\r\n\r\n");
        for (const char c : answer) {
            send_all(connection, std::string(1, c));
        }
    });
    tests::Jobs jobs(system_with(places_of(folder)));
    CHECK(jobs.wait_for_end(jobs.thread().start(request_for(8080))).stage == Stage::ended);
}

TEST_CASE("container_stop - truncated hostile and huge answers stop nothing") {
    CHECK(says(refused_after(""), "ends in the middle"));
    CHECK(says(refused_after("HTTP/1.0 200 OK\r\nContent-Length: 100\r\n\r\n[]"), "ends in the middle"));
    CHECK(says(refused_after("\x1b[2J\x1b[H\r\n\r\n"), "does not begin as HTTP"));
    CHECK(says(refused_after("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"), "chunks"));
    CHECK(says(refused_after(http_answer("200 OK", "{\"message\":1}")), "no JSON list"));
    CHECK(says(refused_after(http_answer("200 OK", std::string(100'000, '['))), "no JSON list"));
    CHECK(says(refused_after("HTTP/1.0 200 OK\r\n\r\n" + std::string(17 << 20, ' ')), "too long"));
    CHECK(says(refused_after("HTTP/1.0 200 OK\r\n" + std::string(1 << 20, 'x')), "too long"));
    CHECK(says(refused_after(http_answer("500 Oops", R"({"message":"disk\nfull"})")), "disk full"));
    const auto none = refused_after(http_answer("200 OK", "[]"));
    CHECK(none.problem == Problem::identity_changed);
    CHECK(says(none, "no container that publishes tcp port 8080"));
}

TEST_CASE("container_stop - an engine that cannot stop it says why") {
    ScratchFolder folder;
    EngineStandIn engine(folder.path("docker.sock"), [&](const std::string& request, int connection) {
        send_all(connection, request.starts_with("GET")
                                 ? http_answer("200 OK", "[" + container_json(kWebId, "web", "", "8080") + "]")
                                 : http_answer("500 Internal Server Error", R"({"message":"cannot stop"})"));
    });
    tests::Jobs jobs(system_with(places_of(folder)));
    const auto event = jobs.wait_for_end(jobs.thread().start(request_for(8080)));
    CHECK(event.stage == Stage::refused);
    CHECK(event.problem == Problem::failed);
    CHECK(says(event, "cannot stop"));
}

TEST_CASE("container_stop - one that never answers is given up") {
    ScratchFolder folder;
    std::mutex held;
    held.lock();
    EngineStandIn engine(folder.path("docker.sock"),
                         [&](const std::string&, int) { const std::lock_guard wait(held); });
    auto places = places_of(folder);
    places.answer_limit = std::chrono::milliseconds(20);
    tests::Jobs jobs(system_with(places));
    const auto event = jobs.wait_for_end(jobs.thread().start(request_for(8080)));
    CHECK(event.stage == Stage::refused);
    CHECK(says(event, "did not answer in time"));
    held.unlock();
}

TEST_CASE("container_stop - no socket at all is said with the way out") {
    ScratchFolder folder;
    tests::Jobs jobs(system_with(places_of(folder)));
    auto request = request_for(8080);
    request.container = {platform::Engine::podman, kWebId, ""};
    const auto event = jobs.wait_for_end(jobs.thread().start(request));
    CHECK(event.problem == Problem::failed);
    CHECK(says(event, "podman stop " + kWebId.substr(0, 12)));
}

TEST_CASE("container_stop - the name of a container is looked up before") {
    ScratchFolder folder;
    EngineStandIn engine(folder.path("docker.sock"), [&](const std::string&, int connection) {
        send_all(connection, http_answer("200 OK", "[" + container_json(kWebId, "web", "172.17.0.2", "8080") + "]"));
    });
    tests::Jobs jobs(system_with(places_of(folder)));
    jobs::LookUpRequest request;
    request.container.emplace();
    request.shown.port = 8080;
    const auto event = jobs.wait_for_end(jobs.thread().start(request));
    REQUIRE(event.stage == Stage::looked_up);
    REQUIRE(event.facts->container.has_value());
    CHECK(event.facts->container->name == "web");
    CHECK(event.facts->container->id == kWebId);
    CHECK(event.facts->container_image == "nginx:1");
    CHECK(engine.requests() == std::vector<std::string>{"GET /containers/json HTTP/1.0"});
}
