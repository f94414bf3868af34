// SPDX-License-Identifier: MIT
// A container in the real window: its name stands in the row, and what is freed is the container, not its proxy.
#include "tests/display/window_scene.h"
#include "tests/supervisors/engine_stand_in.h"
#include "tests/support/wait.h"

#include <algorithm>
#include <csignal>
#include <doctest/doctest.h>
#include <string>
#include <sys/stat.h>

using portside::display_test::Listener;
using portside::display_test::WindowScene;
using portside::support::Child;
using portside::support::PolkitSandbox;
using namespace portside::tests;

namespace {

// Holds a port in the caller's name, under the name and with the arguments of docker-proxy.
struct Proxy {
    explicit Proxy(const WindowScene& scene) : process(start(scene)), port(process.first_line()) {}
    static Child start(const WindowScene& scene) {
        const std::string path = scene.session().folder() + "/docker-proxy";
        REQUIRE(scene.session().run({"cp", PolkitSandbox::program("test_listener"), path}).status == 0);
        return scene.session().start({path, "-proto", "tcp", "-host-ip", "127.0.0.1", "-host-port", kPort,
                                      "-container-ip", "172.17.0.2", "-container-port", "80"});
    }
    static constexpr const char* kPort = "18080"; // the sandbox's network is the test's own
    Child process;
    std::string port;
};

} // namespace

TEST_SUITE("display") {
    TEST_CASE("a proxys row names its container and frees the port by stopping that") {
        WindowScene scene;
        Listener other = scene.listener_of_caller();
        Proxy proxy(scene);
        REQUIRE(proxy.port == Proxy::kPort);
        const pid_t pid = proxy.process.pid();
        const std::string socket =
            scene.sandbox().caller().files + scene.session().variable("XDG_RUNTIME_DIR") + "/docker.sock";
        EngineStandIn engine(socket, [&](const std::string& request, int connection) {
            if (request.starts_with("GET /containers/json ")) {
                send_all(connection,
                         http_answer("200 OK", "[" + container_json(kWebId, "web", "172.17.0.2", Proxy::kPort) + "]"));
            } else if (request.starts_with("POST /containers/" + kWebId + "/stop ")) {
                ::kill(pid, SIGUSR1); // the engine's way, which is not ours
                send_all(connection, "HTTP/1.0 204 No Content\r\n\r\n");
            }
        });
        REQUIRE(::chmod(socket.c_str(), 0666) == 0);
        Child overlay = scene.open_overlay();
        scene.type("unit:web"); // the name is known, though only the engine could tell it
        scene.press("Down");
        const bool ended = scene.press_until_ended({"Delete", "Return"}, proxy.process);
        INFO("the overlay said: " << overlay.output() << overlay.errors());
        REQUIRE(ended);
        CHECK(proxy.process.wait() == 128 + SIGUSR1);
        CHECK_FALSE(scene.sandbox().listens(std::stoi(Proxy::kPort)));
        CHECK(scene.untouched(other));
        CHECK(overlay.running());
        const auto requests = engine.requests();
        CHECK(std::ranges::count_if(requests, [](const auto& line) { return line.starts_with("POST"); }) == 1);
    }
}
