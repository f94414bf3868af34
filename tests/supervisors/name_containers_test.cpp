// SPDX-License-Identifier: MIT
// Names of containers, asked of a stand-in for Docker's socket.
#include "docker_proxy.h"
#include "engine_stand_in.h"
#include "tests/jobs/job_support.h"

#include <doctest/doctest.h>
#include <filesystem>

using namespace portside;
using jobs::Stage;
using support::ScratchFolder;
using tests::container_json;
using tests::EngineStandIn;
using tests::http_answer;
using tests::kOtherId;
using tests::kWebId;
using tests::send_all;

namespace {

jobs::JobSystem system_at(const ScratchFolder& folder) {
    auto system = tests::system_with("/nonexistent");
    system.places = tests::places_of(folder);
    return system;
}

jobs::NameContainersRequest::Nameless nameless(std::uint64_t inode, std::uint16_t port,
                                               const platform::Container& container = {}) {
    jobs::NameContainersRequest::Nameless made;
    made.inode = inode;
    made.container = container;
    made.shown.port = port;
    return made;
}

} // namespace

TEST_CASE("name_containers - by a proxys own arguments and by an id") {
    ScratchFolder folder;
    tests::DockerProxy proxy(folder);
    const auto port = proxy.port();
    // Two publish that port; only the address in the proxy's arguments tells which is meant.
    EngineStandIn engine(folder.path("docker.sock"), [&](const std::string&, int connection) {
        send_all(connection, http_answer("200 OK", "[" + container_json(kOtherId, "other", "172.17.0.3", port) + "," +
                                                       container_json(kWebId, "web", "172.17.0.2", port) + "]"));
    });
    // A second path to the same socket is no second container.
    std::filesystem::create_directory(folder.path("runtime"));
    std::filesystem::create_symlink(folder.path("docker.sock"), folder.path("runtime/docker.sock"));
    auto by_arguments = nameless(11, proxy.number());
    by_arguments.shown.target.process = proxy.id();
    const jobs::NameContainersRequest request{
        {by_arguments, nameless(12, 1, {platform::Engine::docker, kOtherId.substr(0, 12), ""})}, {}};
    tests::Jobs jobs(system_at(folder));
    const auto event = jobs.wait_for(jobs.thread().start(request), Stage::named);
    CHECK(event.last);
    REQUIRE(event.named);
    REQUIRE(event.named->size() == 2);
    CHECK(event.named->at(0).inode == 11);
    CHECK(event.named->at(0).container == platform::Container{platform::Engine::docker, kWebId, "web"});
    CHECK(event.named->at(1).inode == 12);
    CHECK(event.named->at(1).container == platform::Container{platform::Engine::docker, kOtherId, "other"});
    CHECK(engine.requests().size() == 2); // one for each path
}

TEST_CASE("name_containers - a container that is listed a moment later is asked for again") {
    ScratchFolder folder;
    int asked = 0; // by the stand-in's thread
    EngineStandIn engine(folder.path("docker.sock"), [&](const std::string&, int connection) {
        const auto listed = ++asked < 3 ? std::string() : container_json(kWebId, "web", "172.17.0.2", "8080");
        send_all(connection, http_answer("200 OK", "[" + listed + "]"));
    });
    using std::chrono::milliseconds;
    tests::Jobs jobs(system_at(folder));
    const auto job = jobs.thread().start(
        jobs::NameContainersRequest{{nameless(5, 8080)}, {milliseconds(1), milliseconds(2), milliseconds(3)}});
    const auto event = jobs.wait_for(job, Stage::named);
    CHECK(event.last);
    REQUIRE(event.named);
    REQUIRE(event.named->size() == 1);
    CHECK(event.named->front().container.name == "web");
    CHECK(engine.requests().size() == 3);
    CHECK(jobs.count(job) == 1);
}

TEST_CASE(
    "name_containers - without an engine or with one that talks nonsense there are no names and the asking ends") {
    ScratchFolder folder;
    const jobs::NameContainersRequest request{{nameless(5, 8080), nameless(6, 1, {platform::Engine::podman, "", ""})},
                                              {std::chrono::milliseconds(1)}};
    {
        tests::Jobs jobs(system_at(folder));
        const auto event = jobs.wait_for(jobs.thread().start(request), Stage::named);
        CHECK(event.last);
        CHECK(event.named->empty());
    }
    EngineStandIn engine(folder.path("docker.sock"), [&](const std::string&, int connection) {
        send_all(connection, "HTTP/1.0 200 OK\r\n\r\n{{");
    });
    tests::Jobs jobs(system_at(folder));
    const auto event = jobs.wait_for(jobs.thread().start(request), Stage::named);
    CHECK(event.last);
    CHECK(event.named->empty());
    CHECK(engine.requests().size() == 2);
}
