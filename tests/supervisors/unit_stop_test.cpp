// SPDX-License-Identifier: MIT
// Units are stopped through a stand-in for systemd's manager, on a private bus and straight: who is asked, what is
// said, and what is left of the port.
#include "core/platform/process.h"
#include "core/supervisors/unit_facts.h"
#include "engine_stand_in.h"
#include "tests/supervisors/manager_scene.h"

#include <arpa/inet.h>
#include <csignal>
#include <doctest/doctest.h>
#include <filesystem>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

using namespace portside;
using jobs::Problem;
using jobs::Stage;
using namespace manager_scene;

namespace {

void check_refused(Scene& scene, const std::string& unit, Problem problem, const std::string& words) {
    const auto event = scene.stop(unit);
    INFO(event.sentence);
    CHECK(event.stage == Stage::refused);
    CHECK(event.problem == problem);
    CHECK(says(event, words));
    CHECK(runs(scene.manager.of(unit)));
    CHECK_FALSE(is_free(scene.manager.of(unit).port));
}

} // namespace

TEST_SUITE("bus") {
    TEST_CASE("unit_stop - a killed process of a unit that restarts always comes back and the stopped unit does not") {
        Scene scene;
        const auto first = scene.manager.of("web.service");
        ::kill(first.pid, SIGTERM);
        const auto second = scene.manager.restarted("web.service");
        CHECK(second.pid != first.pid);
        CHECK(second.port == first.port);
        CHECK_FALSE(is_free(first.port)); // the kill has freed nothing

        auto request = scene.request("plain.service");
        request.unit.name = "web.service";
        request.shown.target.process = platform::read_stat(second.pid)->id;
        const auto job = scene.jobs.thread().start(request);
        const auto ended = scene.jobs.wait_for_end(job);
        CHECK(ended.stage == Stage::ended);
        CHECK(ended.signal_sent);
        CHECK(ended.sentence == "web.service was stopped");
        CHECK(scene.jobs.stages(job) == std::vector{Stage::authorising, Stage::asked, Stage::ended});
        CHECK_FALSE(runs(second));
        CHECK(is_free(first.port));
    }

    TEST_CASE("unit_stop - the system manager is asked over the system bus") {
        Scene scene;
        auto request = scene.request("plain.service");
        request.unit.manager.reset();
        CHECK(scene.jobs.wait_for_end(scene.jobs.thread().start(request)).stage == Stage::ended);
        CHECK(is_free(scene.manager.of("plain.service").port));
    }

    TEST_CASE("unit_stop - a row without a known process names the unit alone") {
        Scene scene;
        auto request = scene.request("plain.service");
        request.shown = {};
        CHECK(scene.jobs.wait_for_end(scene.jobs.thread().start(request)).stage == Stage::ended);
        CHECK(is_free(scene.manager.of("plain.service").port));
    }

    TEST_CASE("unit_stop - the socket that keeps the port is stopped too") {
        Scene scene;
        const auto event = scene.stop("lazy.service");
        CHECK(event.stage == Stage::ended);
        CHECK(event.sentence == "lazy.service was stopped, and lazy.socket with it");
        CHECK(is_free(scene.manager.of("lazy.service").port));
    }

    TEST_CASE("unit_stop - a socket unit takes the service along that has its port") {
        Scene scene;
        auto request = scene.request("lazy.service");
        request.unit.name = "lazy.socket";
        request.shown.target.process = platform::read_stat(scene.manager.pid())->id; // as a row shows systemd
        const auto event = scene.jobs.wait_for_end(scene.jobs.thread().start(request));
        CHECK(event.stage == Stage::ended);
        CHECK(event.sentence == "lazy.socket was stopped, and lazy.service with it");
        CHECK(is_free(scene.manager.of("lazy.service").port));
    }

    TEST_CASE("unit_stop - polkit says no") {
        Scene scene;
        check_refused(scene, "refused.service", Problem::not_authorised, "not authorised to stop refused.service");
    }

    TEST_CASE("unit_stop - nobody could ask for the password") {
        Scene scene;
        check_refused(scene, "agentless.service", Problem::not_authorised, "systemctl --user stop agentless.service");
    }

    TEST_CASE("unit_stop - a job that fails is told with its result") {
        Scene scene;
        check_refused(scene, "failing.service", Problem::failed, "ended as \"failed\"");
    }

    TEST_CASE("unit_stop - a unit that is not there stops nothing") {
        Scene scene;
        auto request = scene.request("absent.service", "plain.service");
        const auto event = scene.jobs.wait_for_end(scene.jobs.thread().start(request));
        CHECK(event.stage == Stage::refused);
        CHECK(event.problem == Problem::identity_changed);
        CHECK(says(event, "no unit absent.service"));
        CHECK(runs(scene.manager.of("plain.service")));
    }

    TEST_CASE("unit_stop - a process of another unit stops neither") {
        Scene scene;
        const auto job = scene.jobs.thread().start(scene.request("plain.service", "web.service"));
        const auto event = scene.jobs.wait_for_end(job);
        CHECK(event.stage == Stage::refused);
        CHECK(event.problem == Problem::identity_changed);
        CHECK(says(event, "does not belong to plain.service"));
        CHECK(scene.jobs.stages(job) == std::vector{Stage::refused}); // nobody was asked
        CHECK(runs(scene.manager.of("plain.service")));
        CHECK(runs(scene.manager.of("web.service")));
    }

    TEST_CASE("unit_stop - another process under the same number stops nothing") {
        Scene scene;
        auto request = scene.request("plain.service");
        request.shown.target.process.start_time += 1;
        const auto event = scene.jobs.wait_for_end(scene.jobs.thread().start(request));
        CHECK(event.stage == Stage::refused);
        CHECK(event.problem == Problem::identity_changed);
        CHECK(runs(scene.manager.of("plain.service")));
    }

    TEST_CASE("unit_stop - a process that is asked about first needs consent") {
        ScratchFolder folder;
        PrivateBus bus(folder);
        ManagerStandIn manager("bus", bus.address());
        auto system = system_with(places_of(folder, bus.address()));
        system.signals.why_protected = [](const platform::ProcessId&) {
            return std::optional<std::string>("It is the display server.");
        };
        Jobs jobs(system);
        jobs::StopUnitRequest request;
        request.unit = {"plain.service", ::geteuid()};
        request.shown.target.process = platform::read_stat(manager.of("plain.service").pid)->id;
        CHECK(jobs.wait_for_end(jobs.thread().start(request)).problem == Problem::needs_consent);
        CHECK(runs(manager.of("plain.service")));
        request.shown.target.consented = true;
        CHECK(jobs.wait_for_end(jobs.thread().start(request)).stage == Stage::ended);
    }

    TEST_CASE("unit_stop - a unit that would take more with it is never stopped") {
        Scene scene;
        auto request = scene.request("plain.service");
        for (const char* const unit : {"init.scope", "session-1.scope", "system.slice", "x.service; rm"}) {
            request.unit.name = unit;
            const auto event = scene.jobs.wait_for_end(scene.jobs.thread().start(request));
            CHECK(event.stage == Stage::refused);
            CHECK(event.problem == Problem::never_signalled);
            CHECK(says(event, "Nothing was stopped."));
        }
    }

    TEST_CASE("unit_stop - an open password prompt delays no other job and its yes stops the unit") {
        Scene scene;
        const auto asked = scene.jobs.thread().start(scene.request("prompt.service"));
        scene.manager.expect_prompt();
        CHECK(scene.jobs.wait_for(asked, Stage::authorising).job == asked);
        CHECK(scene.stop("plain.service").stage == Stage::ended);
        const tests::TestChild child;
        CHECK(scene.jobs.wait_for_end(scene.jobs.thread().start(tests::kill_of(child))).stage == Stage::ended);
        CHECK(runs(scene.manager.of("prompt.service")));
        scene.manager.go_on();
        const auto ended = scene.jobs.wait_for_end(asked);
        INFO(ended.sentence);
        CHECK(ended.stage == Stage::ended);
        CHECK(is_free(scene.manager.of("prompt.service").port));
    }

    TEST_CASE("unit_stop - quitting waits for no prompt") {
        Scene scene;
        static_cast<void>(scene.jobs.thread().start(scene.request("prompt.service")));
        scene.manager.expect_prompt();
        scene.jobs.stop(); // returns, or the test runs into its time limit
        CHECK(runs(scene.manager.of("prompt.service")));
    }

    TEST_CASE("unit_stop - a manager that dies at the prompt is told") {
        Scene scene;
        const auto asked = scene.jobs.thread().start(scene.request("prompt.service"));
        scene.manager.expect_prompt();
        scene.manager.end();
        const auto event = scene.jobs.wait_for_end(asked);
        CHECK(event.stage == Stage::refused);
        CHECK(event.problem == Problem::failed);
        CHECK(says(event, "systemctl --user stop prompt.service"));
    }

    TEST_CASE("unit_stop - a bus that dies at the prompt is told") {
        Scene scene;
        const auto asked = scene.jobs.thread().start(scene.request("prompt.service"));
        scene.manager.expect_prompt();
        scene.bus.end();
        const auto event = scene.jobs.wait_for_end(asked);
        CHECK(event.stage == Stage::refused);
        CHECK(event.problem == Problem::failed);
    }

    TEST_CASE("unit_stop - a unit that takes long is said to be still stopping and ends later") {
        Scene scene;
        auto request = scene.request("slow.service");
        request.patience = std::chrono::milliseconds(1);
        const auto job = scene.jobs.thread().start(request);
        CHECK(says(scene.jobs.wait_for(job, Stage::still_running), "slow.service is still stopping"));
        scene.manager.go_on();
        CHECK(scene.jobs.wait_for_end(job).stage == Stage::ended);
        CHECK(is_free(scene.manager.of("slow.service").port));
    }

    TEST_CASE("unit_stop - a manager without a bus is asked straight") {
        ScratchFolder folder;
        std::filesystem::create_directories(folder.path("runtime/systemd"));
        ManagerStandIn manager("direct", folder.path("runtime/systemd/private"));
        Jobs jobs(system_with(places_of(folder, "")));
        jobs::StopUnitRequest request;
        request.unit = {"lazy.service", ::geteuid()};
        request.shown.target.process = platform::read_stat(manager.of("lazy.service").pid)->id;
        const auto event = jobs.wait_for_end(jobs.thread().start(request));
        INFO(event.sentence);
        CHECK(event.stage == Stage::ended);
        CHECK(is_free(manager.of("lazy.service").port));
    }

    TEST_CASE("unit_stop - a session bus without systemd leads on to the one that has it") {
        ScratchFolder folder;
        ScratchFolder other;
        std::filesystem::create_directories(other.path("runtime"));
        PrivateBus empty(folder);
        PrivateBus bus(other);
        std::filesystem::create_symlink(other.path("bus"), other.path("runtime/bus"));
        ManagerStandIn manager("bus", bus.address());
        Jobs jobs(system_with(places_of(other, empty.address())));
        jobs::StopUnitRequest request;
        request.unit = {"plain.service", ::geteuid()};
        request.shown.target.process = platform::read_stat(manager.of("plain.service").pid)->id;
        CHECK(jobs.wait_for_end(jobs.thread().start(request)).stage == Stage::ended);
    }

    TEST_CASE("unit_stop - what a unit is and what brings it back is told before") {
        Scene scene;
        const auto look_up = [&](const std::string& unit) {
            jobs::LookUpRequest request;
            request.unit = platform::Unit{unit, ::geteuid()};
            const auto event = scene.jobs.wait_for_end(scene.jobs.thread().start(request));
            REQUIRE(event.stage == Stage::looked_up);
            REQUIRE(event.facts != nullptr);
            REQUIRE(event.facts->unit.has_value());
            return *event.facts->unit;
        };
        const auto web = look_up("web.service");
        CHECK(web.restart == "always");
        CHECK(web.active_state == "active");
        CHECK(web.description == "The unit web.service"); // its line break is gone
        CHECK(web.main_pid == scene.manager.of("web.service").pid);
        CHECK(supervisors::why_stop(web) == "web.service has Restart=always: systemd will start it again.");
        CHECK(supervisors::why_stop(look_up("plain.service")).empty());
        CHECK(look_up("lazy.service").sockets == std::vector<std::string>{"lazy.socket"});
        const auto backup = look_up("backup.service");
        CHECK(backup.restart == "on-failure");
        CHECK(backup.other_starters == std::vector<std::string>{"backup.timer"});
        const auto socket = look_up("lazy.socket");
        CHECK(socket.restart.empty());
        CHECK(socket.services == std::vector<std::string>{"lazy.service"});
        CHECK(runs(scene.manager.of("web.service"))); // a look changes nothing
    }
}

TEST_CASE("unit_stop - without a bus the sentence says what to run") {
    ScratchFolder folder;
    Jobs jobs(system_with(places_of(folder, "unix:path=" + folder.path("nobody"))));
    jobs::StopUnitRequest request;
    request.unit = {"plain.service", ::geteuid()};
    const auto event = jobs.wait_for_end(jobs.thread().start(request));
    CHECK(event.stage == Stage::refused);
    CHECK(event.problem == Problem::failed);
    CHECK(says(event, "systemctl --user stop plain.service"));
    request.unit.manager.reset();
    CHECK(says(jobs.wait_for_end(jobs.thread().start(request)), "systemctl stop plain.service"));
}

TEST_CASE("unit_stop - one that never answers is given up and the job ends") {
    ScratchFolder folder;
    tests::EngineStandIn silent(folder.path("bus"), [](const std::string&, int) {}); // no D-Bus at all
    const base::UniqueFd deaf(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));     // takes nobody in
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::snprintf(address.sun_path, sizeof(address.sun_path), "%s", folder.path("deaf").c_str());
    REQUIRE(::bind(deaf.get(), reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0);
    REQUIRE(::listen(deaf.get(), 8) == 0);
    for (const char* const name : {"bus", "deaf"}) {
        auto places = places_of(folder, "unix:path=" + folder.path(name));
        places.answer_limit = std::chrono::milliseconds(50);
        Jobs jobs(system_with(places));
        jobs::LookUpRequest request;
        request.unit = platform::Unit{"plain.service", ::geteuid()};
        const auto event = jobs.wait_for_end(jobs.thread().start(request));
        REQUIRE(event.stage == Stage::looked_up);
        CHECK_FALSE(event.facts->unit.has_value());
        CHECK_FALSE(event.facts->unit_problem.empty());
    }
}

TEST_CASE("unit_stop - another users manager is left to an administrator") {
    ScratchFolder folder;
    auto places = places_of(folder, "");
    places.uid = 12345;
    Jobs jobs(system_with(places));
    jobs::StopUnitRequest request;
    request.unit = {"plain.service", 12346};
    const auto event = jobs.wait_for_end(jobs.thread().start(request));
    CHECK(event.problem == Problem::failed);
    CHECK(says(event, "sudo systemctl --user --machine=12346@.host stop plain.service"));
}
