// SPDX-License-Identifier: MIT
// An ordinary user's `portside kill` in the sandbox: what may be killed, what must not be touched, and what came of it.
// One thread: the test's own.
#pragma once

#include "tests/support/polkit_sandbox.h"

#include <csignal>
#include <doctest/doctest.h>
#include <string>
#include <vector>

namespace portside::bus_test {

using support::Child;
using support::Helper;
using support::Outcome;
using support::PolkitSandbox;
using support::Rule;
using support::Session;

// The sandbox with what may be killed and what must not be touched.
struct Scene {
    explicit Scene(Rule rule, const char* manner = "", Helper helper = Helper::none, Session session = Session::none)
        : sandbox(rule, helper, session),
          target(sandbox.start(sandbox.other_user(), {PolkitSandbox::program("test_listener"), manner})),
          bystander(sandbox.start(sandbox.other_user(), {PolkitSandbox::program("test_listener")})),
          port(target.first_line()), other_port(bystander.first_line()) {}

    [[nodiscard]] std::vector<std::string> kill(std::vector<std::string> more) const {
        more.insert(more.begin(), {PolkitSandbox::program("portside"), "kill"});
        return more;
    }
    [[nodiscard]] bool listens() const { return sandbox.listens(std::stoi(port)); }
    // Whether the one that nobody named was left alone.
    [[nodiscard]] bool other_untouched() { return bystander.running() && sandbox.listens(std::stoi(other_port)); }

    PolkitSandbox sandbox;
    Child target, bystander;
    std::string port, other_port;
};

inline Outcome ended(Child& child) {
    const int status = child.wait().value_or(-1);
    return {status, child.output(), child.errors()};
}

inline Outcome released(Child& child) {
    child.write("go\n");
    return ended(child);
}

inline bool says(const Outcome& outcome, const std::string& words) {
    return (outcome.output + outcome.errors).find(words) != std::string::npos;
}

inline void check_refused(Scene& scene, const Outcome& outcome, const std::string& words) {
    INFO("said: " << outcome.output << outcome.errors);
    CHECK(outcome.status == 3);
    CHECK(says(outcome, words));
    CHECK(scene.target.running());
    CHECK(scene.listens());
    CHECK(scene.other_untouched());
}

inline void check_killed(Scene& scene, const Outcome& outcome, int signal = SIGTERM) {
    INFO("said: " << outcome.output << outcome.errors);
    CHECK(outcome.status == 0);
    CHECK(scene.target.wait() == 128 + signal);
    CHECK_FALSE(scene.listens());
    CHECK(says(outcome, "Port " + scene.port + " is free."));
    CHECK(scene.other_untouched());
}

} // namespace portside::bus_test
