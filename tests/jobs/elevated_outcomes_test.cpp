// SPDX-License-Identifier: MIT
// core/jobs/pkexec: what each way of ending means, in words, through the whole job.
#include "job_support.h"

#include <doctest/doctest.h>
#include <fstream>

using namespace portside;
using jobs::JobEvent;
using jobs::Problem;
using jobs::Stage;
using tests::says;

namespace {

// The last event of an elevated kill with this script as pkexec; the child must live through it.
JobEvent outcome_of(const std::string& script, platform::Signal signal = platform::Signal::term) {
    const tests::TempFolder folder;
    const tests::TestChild child;
    tests::Jobs jobs(tests::system_with(folder.script(script)));
    const auto end = jobs.wait_for_end(jobs.thread().start(tests::elevated_kill_of(child, signal)));
    CHECK(child.runs());
    CHECK(end.stage == Stage::refused);
    CHECK_FALSE(end.signal_sent);
    INFO(end.sentence);
    CHECK(end.sentence.find("othing was sent") != std::string::npos);
    return end;
}

} // namespace

TEST_CASE("pkexec - 126 is a dismissed prompt") {
    const auto end = outcome_of("echo 'Error executing command as another user: Request dismissed' >&2; exit 126");
    CHECK(end.problem == Problem::dismissed);
    CHECK(end.sentence == "The password prompt was dismissed: nothing was sent.");
}

TEST_CASE("pkexec - 127 is not authorised worded by its reason") {
    const auto refused = outcome_of("echo 'Error executing command as another user: Not authorized' >&2; echo >&2; "
                                    "echo 'This incident has been reported.' >&2; exit 127");
    CHECK(refused.problem == Problem::not_authorised);
    CHECK(says(refused, "You were not authorised"));

    const auto no_agent =
        outcome_of("echo 'Error executing command as another user: No authentication agent found.' >&2; exit 127",
                   platform::Signal::kill);
    CHECK(no_agent.problem == Problem::not_authorised);
    CHECK(says(no_agent, "No authentication agent is running"));
    CHECK(says(no_agent, "sudo portside kill --force pid:"));

    const auto orphan = outcome_of("echo 'Refusing to render service to dead parents.' >&2; exit 127");
    CHECK(orphan.problem == Problem::not_authorised);
    CHECK(says(orphan, "process 1"));

    const auto other = outcome_of("printf '\\n\\033[31mCould not connect\\n' >&2; exit 127");
    CHECK(other.problem == Problem::not_authorised);
    CHECK(says(other, "Could not connect"));
    CHECK(says(other, "sudo portside kill pid:"));
    CHECK_FALSE(says(other, "\033"));

    CHECK(outcome_of("exit 127").problem == Problem::not_authorised);
}

TEST_CASE("pkexec - any other code is the programs own in its own words") {
    const auto failed = outcome_of("printf 'kill: (12): Operation\\033 not permitted\\nmore\\n' >&2; exit 1");
    CHECK(failed.problem == Problem::failed);
    CHECK(says(failed, "kill: (12): Operation"));
    CHECK_FALSE(says(failed, "\033"));
    CHECK_FALSE(says(failed, "more"));
    const auto silent = outcome_of("exit 64");
    CHECK(silent.problem == Problem::failed);
    CHECK(says(silent, "64"));
}

TEST_CASE("pkexec - ended by a signal from outside") {
    const auto end = outcome_of("kill -KILL $$");
    CHECK(end.problem == Problem::failed);
    CHECK(says(end, "signal 9"));
}

TEST_CASE("pkexec - endless words on stderr neither block it nor fill memory") {
    const auto end = outcome_of("head -c 1000000 /dev/zero | tr '\\0' e >&2; exit 1");
    CHECK(end.problem == Problem::failed);
    CHECK(end.sentence.size() < 1000);
}

TEST_CASE("pkexec - missing or not executable") {
    const tests::TempFolder folder;
    std::ofstream(folder.path("plain")) << "text\n";
    const tests::TestChild child;
    for (const auto& path : {folder.path("missing"), folder.path("plain")}) {
        tests::Jobs jobs(tests::system_with(path));
        const auto job = jobs.thread().start(tests::elevated_kill_of(child));
        const auto end = jobs.wait_for_end(job);
        CHECK(end.problem == Problem::no_pkexec);
        CHECK(says(end, path));
        CHECK(says(end, "nothing was sent"));
        CHECK(says(end, "sudo portside kill pid:" + std::to_string(child.pid())));
        CHECK(jobs.stages(job) == std::vector<Stage>{Stage::refused});
    }
    CHECK(child.runs());
}
