// SPDX-License-Identifier: MIT
// `portside kill --tree --elevate` against a tree of three processes of another user, with the installed helper,
// through the real pkexec and polkitd.
#include "core/platform/process_tree.h"
#include "tests/bus/kill_scene.h"

#include <algorithm>
#include <unistd.h>

using namespace portside::bus_test;
using portside::platform::ProcessId;
using portside::platform::ProcessTree;

namespace {

// A listener, its child and its grandchild; none of them ends because another one does.
struct TreeScene {
    explicit TreeScene(Rule rule, Helper helper = Helper::installed)
        : sandbox(rule, helper),
          root(sandbox.start(sandbox.other_user(), {PolkitSandbox::program("test_server"), "storm", "2"})),
          bystander(sandbox.start(sandbox.other_user(), {PolkitSandbox::program("test_listener")})),
          port(root.first_line()), other_port(bystander.first_line()) {
        REQUIRE(portside::support::wait_until([&] {
            processes = read();
            return processes.size() == 3;
        }));
    }
    // As this side numbers them, the root first.
    [[nodiscard]] std::vector<ProcessId> read() const {
        const auto all = portside::platform::read_relatives();
        const auto stat = portside::platform::read_stat(root.pid());
        std::vector<ProcessId> ids;
        for (const auto& process :
             all&& stat ? ProcessTree(stat->id).take_new(*all) : std::vector<portside::platform::Relative>{}) {
            ids.push_back(process.stat.id);
        }
        return ids;
    }
    [[nodiscard]] bool runs(std::size_t member) const {
        const auto stat = portside::platform::read_stat(processes[member].pid);
        return stat && stat->id == processes[member] && stat->state != 'Z';
    }
    [[nodiscard]] bool listens() const { return sandbox.listens(std::stoi(port)); }
    [[nodiscard]] bool other_untouched() { return bystander.running() && sandbox.listens(std::stoi(other_port)); }
    [[nodiscard]] std::vector<std::string> kill(std::vector<std::string> more = {}) const {
        more.insert(more.begin(), {PolkitSandbox::program("portside"), "kill", "--tree", port});
        return more;
    }

    PolkitSandbox sandbox;
    Child root, bystander;
    std::string port, other_port;
    std::vector<ProcessId> processes;
};

void check_all_ended(TreeScene& scene, const Outcome& outcome) {
    INFO("said: " << outcome.output << outcome.errors);
    CHECK(outcome.status == 0);
    CHECK(scene.root.wait() == 128 + SIGTERM);
    CHECK_FALSE(scene.runs(1));
    CHECK_FALSE(scene.runs(2));
    CHECK_FALSE(scene.listens());
    CHECK(says(outcome, "Port " + scene.port + " is free."));
    CHECK(says(outcome, "and 2 descendants ended after"));
    CHECK(scene.other_untouched());
}

void check_untouched(TreeScene& scene, const Outcome& outcome, const std::string& words) {
    INFO("said: " << outcome.output << outcome.errors);
    CHECK(outcome.status == 3);
    CHECK(says(outcome, words));
    CHECK(says(outcome, "othing was "));
    CHECK(scene.read() == scene.processes);
    CHECK(scene.listens());
    CHECK(scene.other_untouched());
}

// A listener of the caller's own, with a child of root's.
struct MixedScene {
    MixedScene()
        : sandbox(Rule::ask_for_kill, Helper::installed),
          root(sandbox.start(sandbox.root(), {"sh", "-c",
                                              "sleep 100 & exec setpriv --reuid=61001 --regid=61001 --clear-groups " +
                                                  PolkitSandbox::program("test_listener")})),
          port(root.first_line()) {
        const auto all = portside::platform::read_relatives();
        const auto stat = portside::platform::read_stat(root.pid());
        REQUIRE((all && stat));
        const auto tree = ProcessTree(stat->id).take_new(*all);
        REQUIRE(tree.size() == 2);
        child = tree[1].stat.id;
    }
    [[nodiscard]] Outcome kill(std::vector<std::string> more) const {
        more.insert(more.begin(), {PolkitSandbox::program("portside"), "kill", "--tree", port});
        return sandbox.run(sandbox.caller(), more);
    }
    [[nodiscard]] bool child_runs() const {
        const auto stat = portside::platform::read_stat(child.pid);
        return stat && stat->id == child && stat->state != 'Z';
    }
    PolkitSandbox sandbox;
    Child root;
    std::string port;
    ProcessId child;
};

// A kill by a caller whose agent types the password that often.
struct AskedOften {
    AskedOften(const TreeScene& scene, int answers)
        : kill(scene.sandbox.start_waiting(scene.sandbox.caller(), scene.kill({"--elevate"}))),
          agent(scene.sandbox.start_answering_agent(kill.inner_pid(), answers)) {}
    // How often the agent was asked whether a process may be ended.
    [[nodiscard]] std::size_t kill_prompts() {
        std::size_t count = 0;
        const std::string prompt = "asked org.portside.Portside.kill\n";
        const std::string& said = agent.output();
        for (auto at = said.find(prompt); at != std::string::npos; at = said.find(prompt, at + 1)) {
            ++count;
        }
        return count;
    }
    Child kill, agent;
};

} // namespace

TEST_SUITE("bus") {
    TEST_CASE("helper tree - a rule that says yes - all three end and the port is free") {
        TreeScene scene(Rule::yes);
        check_all_ended(scene, scene.sandbox.run(scene.sandbox.caller(), scene.kill({"--elevate"})));
    }

    TEST_CASE("helper tree - where the password is kept it is asked for once") {
        TreeScene scene(Rule::keep);
        AskedOften asked(scene, 2); // who holds the port, and the kills
        check_all_ended(scene, released(asked.kill));
        CHECK(asked.kill_prompts() == 1);
    }

    TEST_CASE("helper tree - where nothing is kept each takes the password") {
        TreeScene scene(Rule::ask_for_kill);
        AskedOften asked(scene, 3);
        check_all_ended(scene, released(asked.kill));
        CHECK(asked.kill_prompts() == 3);
    }

    TEST_CASE("helper tree - dismissed at the second where nothing is kept - the first has ended and it is said") {
        TreeScene scene(Rule::ask_for_kill);
        AskedOften asked(scene, 1);
        const Outcome outcome = released(asked.kill);
        INFO("said: " << outcome.output << outcome.errors);
        CHECK(outcome.status == 3);
        CHECK(says(outcome, "The password prompt was dismissed: nothing more was sent. Of 3 processes 1 got SIGTERM "
                            "and has ended; 2 got none: "));
        CHECK(asked.kill_prompts() == 2); // and not for the third
        CHECK(scene.root.wait() == 128 + SIGTERM);
        CHECK(scene.runs(1));
        CHECK(scene.runs(2));
        CHECK(scene.other_untouched());
    }

    TEST_CASE("helper tree - no yes for the kill - nothing is sent") {
        {
            TreeScene scene(Rule::no);
            check_untouched(scene, scene.sandbox.run(scene.sandbox.caller(), scene.kill({"--elevate"})),
                            "not authorised");
        }
        TreeScene scene(Rule::ask_for_kill);
        check_untouched(scene, scene.sandbox.run(scene.sandbox.caller(), scene.kill({"--elevate"})),
                        "authentication agent");
        AskedOften asked(scene, 0);
        check_untouched(scene, released(asked.kill), "dismissed");
        CHECK(asked.kill_prompts() == 1);
    }

    TEST_CASE("helper tree - one that ends behind its prompt is gone and the tree goes on") {
        TreeScene scene(Rule::ask_for_kill);
        Child kill = scene.sandbox.start_waiting(scene.sandbox.caller(), scene.kill({"--elevate"}));
        Child agent = scene.sandbox.start_cancelling_agent(kill.inner_pid(), true);
        kill.write("go\n");
        for (std::size_t member = 0; member < 3; ++member) {
            agent.expect("asked");
            REQUIRE(::kill(scene.processes[member].pid, SIGKILL) == 0);
            agent.expect("withdrawn");
        }
        const Outcome outcome = ended(kill);
        INFO("said: " << outcome.output << outcome.errors);
        CHECK(outcome.status == 0);
        CHECK(says(outcome, "by itself"));
        CHECK(scene.other_untouched());
    }

    TEST_CASE("helper tree - stopped from the keyboard the prompt goes and nothing is sent") {
        TreeScene scene(Rule::ask_for_kill);
        Child kill = scene.sandbox.start_waiting(scene.sandbox.caller(), scene.kill({"--elevate"}));
        Child agent = scene.sandbox.start_cancelling_agent(kill.inner_pid(), true);
        kill.write("go\n");
        agent.expect("asked");
        kill.send_signal(SIGINT);
        CHECK(ended(kill).status == 128 + SIGINT);
        agent.expect("withdrawn");
        CHECK(scene.read() == scene.processes);
        CHECK(scene.listens());
    }

    TEST_CASE("helper tree - a dry run says who gets ones own signal and who takes a password") {
        MixedScene scene;
        const Outcome plain = scene.kill({"--dry-run"});
        INFO("said: " << plain.output << plain.errors);
        CHECK(plain.status == 0);
        CHECK(says(plain, "1 descendant, top down: sleep ("));
        CHECK(says(plain, "of another user.\n  Without --elevate it is left alone: sleep ("));
        const Outcome elevated = scene.kill({"--dry-run", "--elevate"});
        INFO("said: " << elevated.output << elevated.errors);
        CHECK(elevated.status == 0);
        CHECK(says(elevated, "\n  By your own signal: test_listener ("));
        CHECK(says(elevated, ". As administrator, after a password, one after another: sleep ("));
        CHECK(scene.root.running());
        CHECK(scene.child_runs());
    }

    TEST_CASE("helper tree - a child of another user is left without --elevate and takes a password with it") {
        {
            MixedScene scene;
            const Outcome plain = scene.kill({});
            INFO("said: " << plain.output << plain.errors);
            CHECK(plain.status == 0);
            CHECK(says(plain, "(left: sleep ("));
            CHECK(says(plain, "it belongs to another user"));
            CHECK(scene.root.wait() == 128 + SIGTERM);
            CHECK(scene.child_runs());
        }
        MixedScene scene;
        Child kill = scene.sandbox.start_waiting(
            scene.sandbox.caller(), {PolkitSandbox::program("portside"), "kill", "--tree", "--elevate", scene.port});
        Child agent = scene.sandbox.start_answering_agent(kill.inner_pid(), 1);
        const Outcome elevated = released(kill);
        INFO("said: " << elevated.output << elevated.errors);
        CHECK(elevated.status == 0);
        CHECK(agent.output() == "registered\nasked org.portside.Portside.kill\naccepted\n");
        CHECK(scene.root.wait() == 128 + SIGTERM);
        CHECK_FALSE(scene.child_runs());
    }

    TEST_CASE("helper tree - without --elevate or without the helper nothing is sent and the way out is named") {
        TreeScene scene(Rule::yes, Helper::none);
        check_untouched(scene, scene.sandbox.run(scene.sandbox.caller(), scene.kill({"--elevate"})),
                        "sudo portside kill --tree");
        const Outcome plain = scene.sandbox.run(scene.sandbox.caller(), scene.kill());
        INFO("said: " << plain.output << plain.errors);
        CHECK(plain.status == 3);
        CHECK(says(plain, "--elevate"));
        CHECK(scene.read() == scene.processes);
    }
}
