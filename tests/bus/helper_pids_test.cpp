// SPDX-License-Identifier: MIT
// The helper by the real pkexec and polkitd, with nobody who would withdraw the prompt: what it does with a number that
// came to mean another process while the password was typed.
#include "core/platform/kill_helper.h"
#include "core/platform/process.h"
#include "tests/bus/kill_scene.h"

using namespace portside::bus_test;
using portside::platform::HelperExit;
using portside::platform::ProcessFacts;
using portside::platform::SignalTarget;

namespace {

// Process numbers inside, all else as it is seen from outside: start times and pidfd numbers are the machine's.
SignalTarget target_of(const Child& child) {
    const auto facts = portside::platform::read_process(child.pid());
    REQUIRE(facts.has_value());
    SignalTarget target;
    target.process = {child.inner_pid(), facts->stat.id.start_time};
    target.pidfd_id = facts->pidfd_id;
    return target;
}

// The shell stays as pkexec's parent: that is the process that polkit is asked about.
std::vector<std::string> pkexec(const SignalTarget& target, bool hand_over) {
    std::vector<std::string> words{"sh", "-c", "\"$@\"; code=$?; exit $code", "sh"};
    if (hand_over) {
        words.insert(words.end(), {PolkitSandbox::program("test_pids"), "hand", std::to_string(target.process.pid)});
    }
    words.insert(words.end(), {"pkexec", "--disable-internal-agent", PolkitSandbox::helper()});
    const auto order = portside::platform::helper_kill_arguments(target);
    words.insert(words.end(), order.begin(), order.end());
    return words;
}

HelperExit exit_of(const Outcome& outcome) {
    INFO("said: " << outcome.output << outcome.errors);
    return static_cast<HelperExit>(outcome.status);
}

} // namespace

TEST_SUITE("bus") {
    TEST_CASE("helper - a process that is handed over through pkexec is signalled") {
        for (const bool hand_over : {true, false}) {
            Scene scene(Rule::yes, "", Helper::installed);
            const auto outcome = scene.sandbox.run(scene.sandbox.caller(), pkexec(target_of(scene.target), hand_over));
            CHECK(exit_of(outcome) == HelperExit::sent);
            CHECK(scene.target.wait() == 128 + SIGTERM);
            CHECK(scene.other_untouched());
        }
    }

    TEST_CASE("helper - a process handed over under another ones number signals neither") {
        Scene scene(Rule::yes, "", Helper::installed);
        auto words = pkexec(target_of(scene.target), true);
        words[6] = std::to_string(scene.bystander.inner_pid()); // what is handed over
        CHECK(exit_of(scene.sandbox.run(scene.sandbox.caller(), words)) == HelperExit::identity_changed);
        CHECK(scene.target.running());
        CHECK(scene.other_untouched());
    }

    TEST_CASE("helper - as administrator the socket is asked for too") {
        Scene scene(Rule::yes, "", Helper::installed);
        auto target = target_of(scene.target);
        target.inodes = {1};
        const auto outcome = scene.sandbox.run(scene.sandbox.caller(), pkexec(target, true));
        CHECK(exit_of(outcome) == HelperExit::not_holding);
        CHECK(scene.target.running());
    }

    TEST_CASE("helper - other arguments and other tasks get nowhere after a yes") {
        Scene scene(Rule::yes, "", Helper::installed);
        const auto run = [&](const std::string& words) {
            return scene.sandbox.run(
                scene.sandbox.caller(),
                {"sh", "-c",
                 "pkexec --disable-internal-agent " + PolkitSandbox::helper() + " " + words + "; code=$?; exit $code"});
        };
        CHECK(exit_of(run("owners --json")) == HelperExit::usage);
        CHECK(exit_of(run("kill -TERM 1")) == HelperExit::usage);
        CHECK(exit_of(run("kill --pid 1 --start-time 0 --signal KILL")) == HelperExit::never_signalled);
        CHECK(run("--help").status == 127); // no action of ours: polkit says no to it
        CHECK(run("").status == 127);
    }

    TEST_CASE("helper - a number that another process took while the password was typed signals nobody") {
        for (const bool hand_over : {true, false}) {
            CAPTURE(hand_over);
            Scene scene(Rule::ask, "", Helper::installed);
            const auto target = target_of(scene.target);
            Child kill = scene.sandbox.start_waiting(scene.sandbox.caller(), pkexec(target, hand_over));
            Child agent = scene.sandbox.start_terminal_agent(kill.inner_pid());
            kill.write("go\n");
            agent.expect_password_prompt();
            scene.target.send_signal(SIGKILL);
            CHECK(scene.target.wait() == 128 + SIGKILL);
            Child taker = scene.sandbox.start(scene.sandbox.root(), {PolkitSandbox::program("test_pids"), "take",
                                                                     std::to_string(target.process.pid)});
            taker.expect("taken");
            agent.write(std::string(PolkitSandbox::password()) + "\n");
            // With its pidfd the helper knows that the one that was meant has ended.
            CHECK(exit_of(ended(kill)) == (hand_over ? HelperExit::gone : HelperExit::identity_changed));
            CHECK(taker.running());
            CHECK(taker.output() == "taken\n");
            CHECK(scene.other_untouched());
        }
    }
}
