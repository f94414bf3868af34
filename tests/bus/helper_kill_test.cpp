// SPDX-License-Identifier: MIT
// `portside kill --elevate` with the installed helper and its own polkit actions, through the real pkexec and polkitd:
// polkit says no to every other program here, so that nothing else can have done it.
#include "tests/bus/kill_scene.h"

#include <array>

using namespace portside::bus_test;

namespace {

void answer_with_password(Child& agent) {
    agent.expect_password_prompt();
    agent.write(std::string(PolkitSandbox::password()) + "\n");
}

// A kill by a caller for whom an agent on a terminal asks.
struct Asked {
    Asked(Scene& scene, std::vector<std::string> words)
        : kill(scene.sandbox.start_waiting(scene.sandbox.caller(), scene.kill(std::move(words)))),
          agent(scene.sandbox.start_terminal_agent(kill.inner_pid())) {
        kill.write("go\n");
    }
    Child kill, agent;
};

} // namespace

TEST_SUITE("bus") {
    TEST_CASE("helper - a rule that says yes - the listener is named and ends and its port is free") {
        Scene scene(Rule::yes, "", Helper::installed);
        check_killed(scene, scene.sandbox.run(scene.sandbox.caller(), scene.kill({scene.port, "--elevate"})));
    }

    TEST_CASE("helper - a pid of another users process is revealed and ends") {
        Scene scene(Rule::yes, "", Helper::installed);
        const std::string target = "pid:" + std::to_string(scene.target.inner_pid());
        check_killed(scene, scene.sandbox.run(scene.sandbox.caller(), scene.kill({target, "--elevate"})));
    }

    TEST_CASE("helper - a listener that ignores SIGTERM still runs until --force") {
        Scene scene(Rule::yes, "stubborn", Helper::installed);
        const Outcome asked =
            scene.sandbox.run(scene.sandbox.caller(), scene.kill({scene.port, "--elevate", "--timeout", "1"}));
        INFO("said: " << asked.output << asked.errors);
        CHECK(asked.status == 1);
        CHECK(scene.target.running());
        check_killed(scene, scene.sandbox.run(scene.sandbox.caller(), scene.kill({scene.port, "--elevate", "--force"})),
                     SIGKILL);
    }

    TEST_CASE("helper - a rule that says no - not authorised and nothing is sent") {
        Scene scene(Rule::no, "", Helper::installed);
        check_refused(scene, scene.sandbox.run(scene.sandbox.caller(), scene.kill({scene.port, "--elevate"})),
                      "not authorised");
    }

    TEST_CASE("helper - no agent - the sentence names the agent") {
        Scene scene(Rule::defaults, "", Helper::installed);
        check_refused(scene, scene.sandbox.run(scene.sandbox.caller(), scene.kill({scene.port, "--elevate"})),
                      "authentication agent");
    }

    TEST_CASE("helper - by the actions own defaults each step takes the administrators password in its own words") {
        Scene scene(Rule::defaults, "", Helper::installed);
        Asked asked(scene, {scene.port, "--elevate"});
        answer_with_password(asked.agent);
        CHECK(asked.agent.output().find("Nothing is ended or changed") != std::string::npos);
        CHECK(asked.agent.output().find("wants to end one process") == std::string::npos);
        asked.agent.expect("wants to end one process");
        answer_with_password(asked.agent);
        check_killed(scene, ended(asked.kill));
    }

    TEST_CASE("helper - a wrong password for the kill alone - nothing is sent") {
        Scene scene(Rule::ask_for_kill, "", Helper::installed);
        Asked asked(scene, {scene.port, "--elevate"});
        asked.agent.expect_password_prompt();
        asked.agent.write("not the password\n");
        check_refused(scene, ended(asked.kill), "not authorised");
    }

    TEST_CASE("helper - a dismissed prompt for the kill alone says so and nothing is sent") {
        Scene scene(Rule::ask_for_kill, "", Helper::installed);
        Child kill = scene.sandbox.start_waiting(scene.sandbox.caller(), scene.kill({scene.port, "--elevate"}));
        Child agent = scene.sandbox.start_cancelling_agent(kill.inner_pid());
        check_refused(scene, released(kill), "dismissed");
        CHECK(agent.output() == "registered\nasked\n");
    }

    // Here the caller's program stands for the active session, which a sandbox without logind has not: polkit keeps the
    // password for a program just as for a session.
    TEST_CASE("helper - where the password is kept three kills ask for it once") {
        Scene scene(Rule::keep, "", Helper::installed);
        std::vector<Child> more;
        std::vector<std::string> words{scene.port};
        for (int i = 0; i < 2; ++i) {
            more.push_back(scene.sandbox.start(scene.sandbox.other_user(), {PolkitSandbox::program("test_listener")}));
            words.push_back(more.back().first_line());
        }
        words.emplace_back("--elevate");
        Asked asked(scene, words);
        answer_with_password(asked.agent); // who holds them
        answer_with_password(asked.agent); // all three kills
        check_killed(scene, ended(asked.kill));
        for (auto& listener : more) {
            CHECK(listener.wait() == 128 + SIGTERM);
        }
    }

    TEST_CASE(
        "helper - the prompt is withdrawn when the process ends by itself and whoever gets its number is left alone") {
        Scene scene(Rule::ask_for_kill, "", Helper::installed);
        Child kill = scene.sandbox.start_waiting(scene.sandbox.caller(), scene.kill({scene.port, "--elevate"}));
        Child agent = scene.sandbox.start_cancelling_agent(kill.inner_pid(), true);
        kill.write("go\n");
        agent.expect("asked");
        const std::string number = std::to_string(scene.target.inner_pid());
        scene.target.send_signal(SIGINT);
        CHECK(scene.target.wait() == 128 + SIGINT);
        Child taker = scene.sandbox.start(scene.sandbox.root(), {PolkitSandbox::program("test_pids"), "take", number});
        taker.expect("taken");
        agent.expect("withdrawn");
        const Outcome outcome = ended(kill);
        INFO("said: " << outcome.output << outcome.errors);
        CHECK(outcome.status == 0);
        CHECK(says(outcome, "by itself"));
        CHECK(taker.running());
        CHECK(taker.output() == "taken\n");
        CHECK(scene.other_untouched());
    }

    TEST_CASE("helper - one that others could write or nobody can start is not used and the plain kill serves") {
        for (const Helper helper : {Helper::writable, Helper::not_executable}) {
            Scene scene(Rule::ask, "", helper);
            Asked asked(scene, {scene.port, "--elevate"});
            answer_with_password(asked.agent);
            answer_with_password(asked.agent);
            check_killed(scene, ended(asked.kill));
            CHECK(asked.agent.output().find("Portside wants") ==
                  std::string::npos); // polkit's own words for any program
        }
    }
}
