// SPDX-License-Identifier: MIT
// A container's name stands in its row, in the list and in the snapshots of the facade, without anybody asking for it.
#include "core/commands/container_names.h"

#include "core/commands/commands.h"
#include "tests/supervisors/docker_proxy.h"
#include "tests/supervisors/engine_stand_in.h"

#include <algorithm>
#include <chrono>
#include <doctest/doctest.h>
#include <filesystem>
#include <mutex>
#include <optional>

using namespace portside;
using support::ScratchFolder;
using tests::container_json;
using tests::EngineStandIn;
using tests::http_answer;
using tests::kWebId;
using tests::send_all;

namespace {

// A container that is published on a proxy's port.
struct Scene {
    ScratchFolder folder;
    tests::DockerProxy proxy{folder};
    EngineStandIn engine{
        folder.path("docker.sock"), [this](const std::string&, int connection) {
            const auto port = proxy.port();
            send_all(connection, http_answer("200 OK", "[" + container_json(kWebId, "web", "172.17.0.2", port) + "]"));
        }};

    // Of the proxy's row; nothing where there is no such row or it stands for no container.
    [[nodiscard]] std::optional<platform::Container> container_in(const snapshot::SnapshotPtr& snapshot) const {
        const auto row = std::find_if(snapshot->rows.begin(), snapshot->rows.end(),
                                      [&](const auto& r) { return r.key.port == proxy.number(); });
        return row == snapshot->rows.end() ? std::nullopt : std::optional<platform::Container>(row->container);
    }
};

const platform::Container kWeb{platform::Engine::docker, kWebId, "web"};

} // namespace

TEST_CASE("container_names - the list names a container") {
    Scene scene;
    const auto query = snapshot::Query::parse("unit:web").value();
    const auto found = commands::list_once({}, query, tests::places_of(scene.folder), support::kPatience);
    REQUIRE(found.has_value());
    CHECK(scene.container_in(*found) == kWeb);
    CHECK(scene.engine.requests().size() == 1);
}

TEST_CASE("container_names - an engine that does not answer leaves the list as it is and holds it up once") {
    ScratchFolder folder;
    tests::DockerProxy proxy(folder);
    std::filesystem::create_directory(folder.path("runtime"));
    std::mutex held;
    std::unique_lock lock(held);
    {
        EngineStandIn engine(folder.path("docker.sock"),
                             [&](const std::string&, int) { const std::lock_guard wait(held); });
        EngineStandIn next(folder.path("runtime/docker.sock"), [](const std::string&, int) {});
        const auto found = commands::list_once({}, snapshot::Query::parse("").value(), tests::places_of(folder),
                                               std::chrono::milliseconds(20));
        lock.unlock();
        REQUIRE(found.has_value());
        const auto& rows = (*found)->rows;
        const auto row =
            std::find_if(rows.begin(), rows.end(), [&](const auto& r) { return r.key.port == proxy.number(); });
        REQUIRE(row != rows.end());
        CHECK(row->container == platform::Container{platform::Engine::docker, "", ""});
        CHECK(next.requests().empty()); // the time was over
    }
}

TEST_CASE("container_names - a running facade names it by itself and asks once") {
    Scene scene;
    commands::Options options;
    options.interval = std::chrono::milliseconds(20);
    options.wake = [] {};
    options.jobs.places = tests::places_of(scene.folder);
    commands::Commands commands(std::move(options));
    CHECK(support::wait_until([&] {
        CHECK(commands.take_updates().empty()); // nothing that a person must be told of
        const auto snapshot = commands.report().snapshot;
        return snapshot && scene.container_in(snapshot) == kWeb;
    }));
    CHECK(scene.engine.requests().size() == 1);
}

TEST_CASE("container_names - each container is asked for once and again where its socket is another one") {
    snapshot::Snapshot rows;
    const auto add = [&](std::uint64_t inode, std::uint16_t port) {
        auto& row = rows.rows.emplace_back();
        row.key.port = port;
        row.sockets.emplace_back().inode = inode;
        row.container = platform::Container{platform::Engine::docker, "", ""};
    };
    commands::ContainerNames names;
    const auto asked = [&]() -> std::vector<std::uint64_t> {
        ++rows.generation;
        const auto request = names.to_ask(std::make_shared<snapshot::Snapshot>(rows));
        std::vector<std::uint64_t> inodes;
        for (const auto& nameless : request ? request->nameless : decltype(request->nameless){}) {
            inodes.push_back(nameless.inode);
        }
        return inodes;
    };
    CHECK_FALSE(names.to_ask(nullptr).has_value());
    CHECK(asked().empty());
    add(1, 80);
    add(2, 81);
    CHECK(asked() == std::vector<std::uint64_t>{1, 2});
    CHECK(asked().empty());
    rows.rows.pop_back();
    add(3, 81);
    CHECK(asked() == std::vector<std::uint64_t>{3});
    rows.rows.front().container->name = "web";
    CHECK(asked().empty());
}
