// SPDX-License-Identifier: MIT
// Two hundred kills at once while a password prompt stays open: all of them end, and the prompt still stands.
#include "job_support.h"

#include "core/platform/pidfd.h"

#include <csignal>
#include <doctest/doctest.h>
#include <list>

using namespace portside;
using jobs::Stage;

TEST_CASE("many_kills - two hundred end while a prompt stays open") {
    constexpr int kMany = 200;
    const tests::TempFolder folder;
    const tests::TestChild behind_prompt;
    std::list<tests::TestChild> children;
    for (int i = 0; i < kMany; ++i) {
        children.emplace_back();
    }
    tests::Jobs jobs(tests::system_with(folder.script(tests::kPrompt)));
    const auto waiting = jobs.thread().start(tests::elevated_kill_of(behind_prompt));
    const auto prompt = tests::wait_for_prompt(folder);
    std::vector<jobs::JobId> ids;
    for (const auto& child : children) {
        ids.push_back(jobs.thread().start(tests::kill_of(child)));
    }
    for (const auto id : ids) {
        CHECK(jobs.stages(id) == std::vector<Stage>{Stage::asked, Stage::ended});
    }
    for (const auto& child : children) {
        CHECK(child.ended_by() == SIGTERM);
    }
    CHECK(jobs.count(waiting) == 1); // its prompt was opened, and nothing came of it yet
    CHECK_FALSE(platform::has_ended(prompt));
    CHECK(behind_prompt.runs());
}
