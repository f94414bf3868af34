// SPDX-License-Identifier: MIT
// `portside kill` and its --stop-unit as a person runs them, against a stand-in for systemd's manager on a private bus.
// Its processes sit in cgroups of their units' names, in a pid namespace where the test is process 1 and the stand-in
// calls itself systemd. One thread, and forks of it.
#include "tests/cli/loopback_port.h"
#include "tests/owners/elsewhere.h"
#include "tests/platform/own_cgroup.h"
#include "tests/platform/puppet.h"
#include "tests/support/manager_stand_in.h"

#include <csignal>
#include <cstdlib>
#include <doctest/doctest.h>
#include <filesystem>
#include <sys/socket.h>
#include <unistd.h>

using namespace portside;
using platform::test::must;
using platform::test::OwnCgroups;
using support::ManagerStandIn;
using support::PrivateBus;
using support::ScratchFolder;
using tests::is_free;
using tests::loopback;

namespace {

constexpr const char* kUnits[] = {"web.service",    "plain.service",   "lazy.service",
                                  "backup.service", "refused.service", "agentless.service",
                                  "prompt.service", "slow.service",    "failing.service"};

// What process 1 holds for a service.
struct HeldPort {
    HeldPort() : fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        auto address = loopback(0);
        socklen_t length = sizeof(address);
        auto* const generic = reinterpret_cast<sockaddr*>(&address);
        must(::bind(fd.get(), generic, length) == 0 && ::listen(fd.get(), 8) == 0 &&
                 ::getsockname(fd.get(), generic, &length) == 0,
             "listening");
        port = std::to_string(ntohs(address.sin_port));
    }
    base::UniqueFd fd;
    std::string port;
};

// Everything that portside and the stand-in get to know by the environment, before they are started.
struct Surroundings {
    Surroundings() : bus(folder) {
        for (const char* const unit : kUnits) {
            groups.make(unit);
        }
        set("PORTSIDE_UNIT_CGROUPS", groups.folder(""));
        set("DBUS_SYSTEM_BUS_ADDRESS", bus.address());
        set("DBUS_SESSION_BUS_ADDRESS", bus.address());
        set("XDG_RUNTIME_DIR", folder.path());
        set("XDG_STATE_HOME", folder.path("state"));
        set("PORTSIDE_GIVEN_PORT", held.port);
    }
    static void set(const char* name, const std::string& value) { ::setenv(name, value.c_str(), 1); }
    OwnCgroups groups;
    ScratchFolder folder;
    PrivateBus bus;
    HeldPort held;
};

class Scene {
  public:
    [[nodiscard]] const std::string& port_of(const std::string& unit) const { return manager.of(unit).port; }
    support::Outcome kill(std::vector<std::string> words) {
        words.insert(words.begin(), {PORTSIDE_BUILD "/portside", "kill"});
        return support::run({std::move(words)});
    }
    bool runs(const std::string& unit) const { return ::kill(manager.of(unit).pid, 0) == 0; }

    Surroundings around; // before the stand-in, which reads it
    ManagerStandIn manager{"bus", around.bus.address(), {program(around.folder), "--user"}};

  private:
    // That name and --user make it a user's manager.
    static std::string program(const ScratchFolder& folder) {
        auto path = folder.path("systemd");
        std::filesystem::copy_file(PORTSIDE_BUILD "/tests/test_manager", path);
        return path;
    }
};

void expect(const support::Outcome& outcome, int status, const std::vector<std::string>& words) {
    const auto all = outcome.output + outcome.errors;
    must(outcome.status == status, "exit code " + std::to_string(outcome.status) + ": " + all);
    for (const auto& text : words) {
        must(outcome.output.find(text) != std::string::npos, "\"" + text + "\" is not in: " + all);
    }
}

// The part's own words where it failed.
void in_scene(const std::function<void(Scene&)>& part) {
    CHECK(owners::in_own_processes([&] {
              Scene scene;
              part(scene);
          }) == "");
}

} // namespace

TEST_SUITE("root") {
    TEST_CASE("stop_unit_command - a unit that restarts is named before a kill and stays away when it is stopped") {
        in_scene([](Scene& scene) {
            const auto port = scene.port_of("web.service");
            const auto hint = "web.service has Restart=always: systemd will start it again. To free the port: portside "
                              "kill --stop-unit " +
                              port + "\n";
            expect(scene.kill({"--dry-run", port}), 0, {"Would send SIGTERM to systemd (", "\n  " + hint});
            must(scene.runs("web.service"), "a dry run ended it");
            expect(scene.kill({port}), 1, {"Note: " + hint, " took port " + port + " again after "});
            must(!scene.manager.was_asked_to_stop("web.service"), "a kill stopped the unit");
            expect(scene.kill({"--stop-unit", "--dry-run", port}), 0,
                   {"Would ask the system manager to stop web.service (Restart=always)", "on port " + port});
            must(!scene.manager.was_asked_to_stop("web.service"), "a dry run stopped the unit");
            expect(scene.kill({"--stop-unit", port}), 0, {"Port " + port + " is free. web.service was stopped."});
            scene.manager.expect_stop("web.service");
            must(is_free(port), "the port is not free");
        });
    }

    TEST_CASE("stop_unit_command - a dry run tells that nothing brings a process back") {
        in_scene([](Scene& scene) {
            const auto port = scene.port_of("plain.service");
            expect(scene.kill({"--dry-run", port}), 0,
                   {"\n  It belongs to unit plain.service, whose manager does not start it again (Restart=no).\n"});
            expect(scene.kill({port}), 0, {"Port " + port + " is free."});
        });
    }

    TEST_CASE("stop_unit_command - what the manager refuses is said and nothing ends") {
        in_scene([](Scene& scene) {
            const auto refused = scene.port_of("refused.service");
            expect(scene.kill({"--stop-unit", refused}), 3,
                   {"You were not authorised to stop refused.service: it was not stopped. It said: Permission denied"});
            const auto agentless = scene.port_of("agentless.service");
            expect(scene.kill({"--stop-unit", agentless}), 3,
                   {"no authentication agent is running", "or run: systemctl"});
            const auto failing = scene.port_of("failing.service");
            expect(scene.kill({"--stop-unit", failing}), 1, {"Stopping failing.service ended as \"failed\"."});
            for (const char* const unit : {"refused.service", "agentless.service", "failing.service"}) {
                must(scene.runs(unit) && !is_free(scene.port_of(unit)), std::string(unit) + " ended");
            }
        });
    }

    TEST_CASE("stop_unit_command - a service that a socket started is stopped with the socket") {
        in_scene([](Scene& scene) {
            const auto port = scene.port_of("lazy.service");
            expect(scene.kill({"--dry-run", port}), 0,
                   {"lazy.service is started by lazy.socket, which keeps the port: systemd will start it again at the "
                    "next connection. To free the port: portside kill --stop-unit " +
                    port});
            expect(scene.kill({"--stop-unit", "--dry-run", port}), 0,
                   {"stop lazy.service and lazy.socket, which keeps the port for it. Together they keep systemd ("});
            expect(scene.kill({"--stop-unit", port}), 0,
                   {"Port " + port + " is free. lazy.service was stopped, and lazy.socket with it."});
            scene.manager.expect_stop("lazy.socket"); // before the service, or a connection would start that again
            scene.manager.expect_stop("lazy.service");
            must(is_free(port), "the port is not free");
        });
    }

    TEST_CASE("stop_unit_command - a port that a users manager holds for a service is freed by its socket unit") {
        in_scene([](Scene& scene) {
            const auto port = scene.port_of("lone.socket");
            const auto manager = "systemd (" + std::to_string(scene.manager.pid()) + ")";
            const std::string does = "lone.socket is a socket unit: systemd holds the port for it, and starts "
                                     "lone.service when somebody connects. Stopping it frees the port.";
            for (const char* const way : {"--dry-run", "--force"}) {
                expect(scene.kill({way, port}), 3,
                       {"port " + port + " is held by " + manager + " alone, so nothing is sent. " + does +
                        " Run: portside kill --stop-unit " + port});
            }
            expect(scene.kill({"--stop-unit", "--dry-run", port}), 0,
                   {"Would ask your user manager to stop lone.socket, which keeps port " + port + ".\n  " + does});
            must(!scene.manager.was_asked_to_stop("lone.socket") && !is_free(port), "it was stopped");
            expect(scene.kill({"--stop-unit", port}), 0, {"Port " + port + " is free. lone.socket was stopped."});
            scene.manager.expect_stop("lone.socket");
            must(is_free(port), "the port is not free");
        });
    }

    TEST_CASE("stop_unit_command - a port that process 1 holds for a service is freed by its socket unit") {
        in_scene([](Scene& scene) {
            const auto port = scene.around.held.port;
            expect(scene.kill({port}), 3, {" alone, so nothing is sent. given.socket is a socket unit: "});
            support::Child portside({{PORTSIDE_BUILD "/portside", "kill", "--stop-unit", port}});
            scene.manager.expect_stop("given.socket");
            scene.around.held.fd.reset(); // what systemd does then
            scene.manager.go_on();
            must(portside.wait() == 0, "portside failed: " + portside.output());
            must(portside.output().find("Port " + port + " is free. given.socket was stopped.") != std::string::npos,
                 portside.output());
        });
    }

    TEST_CASE("stop_unit_command - a port of process 1 that no socket unit listens on is left alone") {
        in_scene([](Scene& scene) {
            const HeldPort other;
            const std::string none = "None of the socket units of the system manager listens on port " + other.port;
            expect(scene.kill({other.port}), 3, {" alone, so nothing is sent. " + none});
            expect(scene.kill({"--stop-unit", other.port}), 1, {none, "See: systemctl list-sockets"});
            must(!is_free(other.port), "it was freed");
        });
    }

    TEST_CASE("stop_unit_command - without a manager the sentence says what to run") {
        in_scene([](Scene& scene) {
            const auto port = scene.port_of("plain.service");
            const auto held = scene.around.held.port;
            scene.around.bus.end();
            expect(scene.kill({"--stop-unit", port}), 1,
                   {"the system manager could not be asked to stop plain.service.", "systemctl stop plain.service"});
            expect(scene.kill({"--stop-unit", held}), 1,
                   {"could not be asked which unit listens on port " + held, "systemctl list-sockets"});
            must(scene.runs("plain.service"), "it ended");
        });
    }
}
