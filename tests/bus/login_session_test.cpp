// SPDX-License-Identifier: MIT
// What the shipped polkit policy says to a caller in a login session, with nothing but our actions' own defaults: the
// session is as logind would have made it, pkexec and polkitd are the real ones.
#include "tests/bus/kill_scene.h"
#include "tests/support/login_session.h"

using namespace portside::bus_test;
using portside::support::LoginSession;

namespace {

std::size_t count(const std::string& text, const std::string& part) {
    std::size_t found = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
        ++found;
    }
    return found;
}

// Three listeners of another user, and a caller in a session in which an agent types the password.
struct SessionScene {
    explicit SessionScene(Session state)
        : scene(Rule::defaults, "", Helper::installed, state), session(scene.sandbox), agent(session.start_agent()) {
        for (int i = 0; i < 2; ++i) {
            more.push_back(scene.sandbox.start(scene.sandbox.other_user(), {PolkitSandbox::program("test_listener")}));
        }
    }
    [[nodiscard]] Outcome kill_three() {
        std::vector<std::string> words{scene.port};
        for (auto& listener : more) {
            words.push_back(listener.first_line());
        }
        words.emplace_back("--elevate");
        Child kill = scene.sandbox.start_waiting(scene.sandbox.caller(), scene.kill(std::move(words)));
        session.enter(kill);
        return released(kill);
    }
    void check_three_killed(const Outcome& outcome) {
        check_killed(scene, outcome);
        for (auto& listener : more) {
            CHECK(listener.wait() == 128 + SIGTERM);
        }
    }
    Scene scene;
    LoginSession session;
    Child agent;
    std::vector<Child> more;
};

} // namespace

TEST_SUITE("bus") {
    TEST_CASE("login session - in an active one three kills ask once") {
        SessionScene f(Session::active);
        f.check_three_killed(f.kill_three());
        INFO("the agent: " << f.agent.output());
        CHECK(count(f.agent.output(), "asked org.portside.Portside.owners\n") == 1);
        CHECK(count(f.agent.output(), "asked org.portside.Portside.kill\n") == 1);
        CHECK(count(f.agent.output(), "accepted\n") == 2);
    }

    TEST_CASE("login session - in an inactive one each kill asks") {
        SessionScene f(Session::inactive);
        f.check_three_killed(f.kill_three());
        INFO("the agent: " << f.agent.output());
        CHECK(count(f.agent.output(), "asked org.portside.Portside.owners\n") == 1);
        CHECK(count(f.agent.output(), "asked org.portside.Portside.kill\n") == 3);
        CHECK(count(f.agent.output(), "accepted\n") == 4);
    }

    // polkit keeps the password for the program that asked, not for the whole session.
    TEST_CASE("login session - another program in the same session asks again") {
        SessionScene f(Session::active);
        Child kill = f.scene.sandbox.start_waiting(f.scene.sandbox.caller(), f.scene.kill({f.scene.port, "--elevate"}));
        f.session.enter(kill);
        check_killed(f.scene, released(kill));
        for (auto& listener : f.more) {
            Child next = f.scene.sandbox.start_waiting(f.scene.sandbox.caller(),
                                                       f.scene.kill({listener.first_line(), "--elevate"}));
            f.session.enter(next);
            CHECK(released(next).status == 0);
        }
        INFO("the agent: " << f.agent.output());
        CHECK(count(f.agent.output(), "asked org.portside.Portside.kill\n") == 3);
    }
}
