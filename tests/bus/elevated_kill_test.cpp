// SPDX-License-Identifier: MIT
// `portside kill --elevate` by an ordinary user against another user's listener, through the real pkexec and polkitd:
// every answer that polkit can give, with its exit code and its sentence.
#include "tests/bus/kill_scene.h"

#include <csignal>
#include <doctest/doctest.h>
#include <string>

using namespace portside::bus_test;

TEST_SUITE("bus") {
    TEST_CASE("another users listener without --elevate is refused and --elevate is named") {
        Scene scene(Rule::yes);
        check_refused(scene, scene.sandbox.run(scene.sandbox.caller(), scene.kill({scene.port})), "--elevate");
    }

    TEST_CASE("a rule that says yes - the listener ends and its port is free") {
        Scene scene(Rule::yes);
        check_killed(scene, scene.sandbox.run(scene.sandbox.caller(), scene.kill({scene.port, "--elevate"})));
    }

    TEST_CASE("a pid of another users process is elevated too") {
        Scene scene(Rule::yes);
        const std::string target = "pid:" + std::to_string(scene.target.inner_pid());
        check_killed(scene, scene.sandbox.run(scene.sandbox.caller(), scene.kill({target, "--elevate"})));
    }

    TEST_CASE("a listener that ignores SIGTERM still runs until --force") {
        Scene scene(Rule::yes, "stubborn");
        const Outcome asked =
            scene.sandbox.run(scene.sandbox.caller(), scene.kill({scene.port, "--elevate", "--timeout", "1"}));
        INFO("said: " << asked.output << asked.errors);
        CHECK(asked.status == 1);
        CHECK(says(asked, "--force"));
        CHECK(scene.target.running());
        check_killed(scene, scene.sandbox.run(scene.sandbox.caller(), scene.kill({scene.port, "--elevate", "--force"})),
                     SIGKILL);
    }

    TEST_CASE("a rule that says no - not authorised and nothing is sent") {
        Scene scene(Rule::no);
        check_refused(scene, scene.sandbox.run(scene.sandbox.caller(), scene.kill({scene.port, "--elevate"})),
                      "not authorised");
    }

    TEST_CASE("no agent - the sentence names the agent") {
        Scene scene(Rule::ask);
        check_refused(scene, scene.sandbox.run(scene.sandbox.caller(), scene.kill({scene.port, "--elevate"})),
                      "authentication agent");
    }

    TEST_CASE("no pkexec - the sentence names the package") {
        Scene scene(Rule::yes);
        std::vector<std::string> argv{"env", "PATH=/nonexistent"};
        const std::vector<std::string> kill = scene.kill({scene.port, "--elevate"});
        argv.insert(argv.end(), kill.begin(), kill.end());
        check_refused(scene, scene.sandbox.run(scene.sandbox.caller(), argv), "pkexec");
    }

    TEST_CASE("the right password for both steps - the listener ends") {
        Scene scene(Rule::ask);
        Child kill = scene.sandbox.start_waiting(scene.sandbox.caller(), scene.kill({scene.port, "--elevate"}));
        Child agent = scene.sandbox.start_terminal_agent(kill.inner_pid());
        kill.write("go\n");
        for (int step = 0; step < 2; ++step) { // who holds it, and the kill
            agent.expect_password_prompt();
            agent.write(std::string(PolkitSandbox::password()) + "\n");
        }
        check_killed(scene, ended(kill));
    }

    TEST_CASE("a wrong password - not authorised and nothing is sent") {
        Scene scene(Rule::ask);
        Child kill = scene.sandbox.start_waiting(scene.sandbox.caller(), scene.kill({scene.port, "--elevate"}));
        Child agent = scene.sandbox.start_terminal_agent(kill.inner_pid());
        kill.write("go\n");
        agent.expect_password_prompt();
        agent.write("not the password\n");
        check_refused(scene, ended(kill), "not authorised");
    }

    TEST_CASE("a wrong password for the kill alone - nothing is sent") {
        Scene scene(Rule::ask_for_kill);
        Child kill = scene.sandbox.start_waiting(scene.sandbox.caller(), scene.kill({scene.port, "--elevate"}));
        Child agent = scene.sandbox.start_terminal_agent(kill.inner_pid());
        kill.write("go\n");
        agent.expect_password_prompt();
        agent.write("not the password\n");
        check_refused(scene, ended(kill), "not authorised");
    }

    // A wrong password on purpose: polkit 122 takes not even the right one there (its helper answers "No session for
    // cookie"), which is pkexec's own fault and nothing that Portside can promise.
    TEST_CASE("on a terminal without an agent pkexec itself asks there") {
        Scene scene(Rule::ask);
        Child kill = scene.sandbox.start(scene.sandbox.caller(), scene.kill({scene.port, "--elevate"}), true);
        kill.expect_password_prompt();
        kill.write("not the password\n");
        check_refused(scene, ended(kill), "not authorised");
    }

    TEST_CASE("a dismissed prompt says so and nothing is sent") {
        Scene scene(Rule::ask);
        Child kill = scene.sandbox.start_waiting(scene.sandbox.caller(), scene.kill({scene.port, "--elevate"}));
        Child agent = scene.sandbox.start_cancelling_agent(kill.inner_pid());
        check_refused(scene, released(kill), "dismissed");
        CHECK(agent.output() == "registered\nasked\n"); // once, and not again for the second step
    }

    TEST_CASE("a dismissed prompt for the kill alone says so and nothing is sent") {
        Scene scene(Rule::ask_for_kill);
        Child kill = scene.sandbox.start_waiting(scene.sandbox.caller(), scene.kill({scene.port, "--elevate"}));
        Child agent = scene.sandbox.start_cancelling_agent(kill.inner_pid());
        check_refused(scene, released(kill), "dismissed");
        CHECK(agent.output() == "registered\nasked\n");
    }

    TEST_CASE("the prompt is withdrawn when the process ends by itself meanwhile") {
        Scene scene(Rule::ask_for_kill);
        Child kill = scene.sandbox.start_waiting(scene.sandbox.caller(), scene.kill({scene.port, "--elevate"}));
        Child agent = scene.sandbox.start_cancelling_agent(kill.inner_pid(), true);
        kill.write("go\n");
        agent.expect("asked");
        scene.target.send_signal(SIGINT);
        agent.expect("withdrawn");
        const Outcome outcome = ended(kill);
        INFO("said: " << outcome.output << outcome.errors);
        CHECK(outcome.status == 0);
        CHECK(says(outcome, "by itself"));
        CHECK(scene.target.wait() == 128 + SIGINT);
        CHECK(scene.other_untouched());
    }

    TEST_CASE("a dry run asks nobody and sends nothing") {
        Scene scene(Rule::no);
        const Outcome outcome =
            scene.sandbox.run(scene.sandbox.caller(), scene.kill({scene.port, "--elevate", "--dry-run"}));
        INFO("said: " << outcome.output << outcome.errors);
        CHECK(outcome.status == 0);
        CHECK(scene.target.running());
    }
}
