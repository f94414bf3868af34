// SPDX-License-Identifier: MIT
// core/jobs/kill_job without elevation: real children, real signals.
#include "job_support.h"

#include "core/platform/process.h"

#include <csignal>
#include <doctest/doctest.h>
#include <unistd.h>

using namespace portside;
using jobs::JobEvent;
using jobs::Problem;
using jobs::Stage;
using platform::Signal;
using Stages = std::vector<Stage>;

TEST_CASE("kill_job - a listener is asked to stop and ends") {
    auto listener = tests::listen_on_loopback();
    const tests::TestChild child;
    listener.fd.reset();
    tests::Jobs jobs(tests::system_with(""));
    auto request = tests::kill_of(child);
    request.target.inodes = {listener.inode};
    const auto job = jobs.thread().start(request);
    CHECK(job != 0);
    const auto end = jobs.wait_for_end(job);
    CHECK(end.stage == Stage::ended);
    CHECK(end.problem == Problem::none);
    CHECK(end.signal_sent);
    CHECK(jobs.stages(job) == Stages{Stage::asked, Stage::ended});
    CHECK(child.ended_by() == SIGTERM);
}

TEST_CASE("kill_job - what ignores SIGTERM is still running and ends by the users own next step") {
    const auto child = tests::stubborn_child();
    tests::Jobs jobs(tests::system_with(""));
    auto request = tests::kill_of(child);
    request.patience = std::chrono::milliseconds(30);
    const auto asked = jobs.thread().start(request);
    const auto still = jobs.wait_for(asked, Stage::still_running);
    CHECK(still.since_asked >= std::chrono::milliseconds(30));
    CHECK(child.runs());

    const auto forced = jobs.thread().start(tests::kill_of(child, Signal::kill));
    CHECK(forced != asked);
    CHECK(jobs.wait_for_end(forced).stage == Stage::ended);
    const auto end = jobs.wait_for_end(asked);
    CHECK(end.stage == Stage::ended);
    CHECK(end.signal_sent);
    CHECK(end.since_asked >= still.since_asked);
    CHECK(jobs.stages(asked) == Stages{Stage::asked, Stage::still_running, Stage::ended}); // told once
    CHECK(child.ended_by() == SIGKILL);
}

TEST_CASE("kill_job - a stopped process keeps SIGTERM waiting SIGKILL ends it") {
    const tests::TestChild child;
    REQUIRE(::kill(child.pid(), SIGSTOP) == 0);
    const auto stopped = [&] { // a SIGTERM that comes before it has stopped would be taken first
        const auto stat = platform::read_stat(child.pid());
        return stat && stat->state == 'T';
    };
    REQUIRE(tests::wait_until(stopped));
    tests::Jobs jobs(tests::system_with(""));
    auto request = tests::kill_of(child);
    request.patience = std::chrono::milliseconds(30);
    const auto asked = jobs.thread().start(request);
    static_cast<void>(jobs.wait_for(asked, Stage::still_running));
    CHECK(child.runs());
    const auto forced = jobs.thread().start(tests::kill_of(child, Signal::kill));
    CHECK(jobs.wait_for_end(forced).stage == Stage::ended);
    CHECK(jobs.wait_for_end(asked).stage == Stage::ended);
    CHECK(child.ended_by() == SIGKILL);
}

TEST_CASE("kill_job - refusals name their problem and nothing is sent") {
    auto listener = tests::listen_on_loopback();
    const tests::TestChild child;
    listener.fd.reset();
    const auto elsewhere = tests::listen_on_loopback();
    tests::TestChild zombie;
    REQUIRE(::kill(zombie.pid(), SIGKILL) == 0);
    REQUIRE(tests::wait_until([&] { return !zombie.runs(); }));
    tests::Jobs jobs(tests::system_with(""));

    const auto refused_as = [&](const jobs::KillRequest& request) {
        const auto job = jobs.thread().start(request);
        const auto end = jobs.wait_for_end(job);
        CHECK(end.stage == Stage::refused);
        CHECK_FALSE(end.signal_sent);
        CHECK(end.sentence.find("othing was sent") != std::string::npos);
        CHECK(jobs.stages(job) == Stages{Stage::refused});
        return end.problem;
    };
    auto other_time = tests::kill_of(child);
    other_time.target.process.start_time += 1;
    CHECK(refused_as(other_time) == Problem::identity_changed);
    auto other_socket = tests::kill_of(child);
    other_socket.target.inodes = {elsewhere.inode};
    CHECK(refused_as(other_socket) == Problem::not_holding);
    CHECK(refused_as(tests::kill_of(zombie)) == Problem::gone);
    for (const pid_t pid : {0, 1, -1, static_cast<int>(::getpid())}) {
        auto never = tests::kill_of(child);
        never.target.process.pid = pid;
        CHECK(refused_as(never) == Problem::never_signalled);
    }
    CHECK(child.runs());
}

TEST_CASE("kill_job - what is asked about first is refused without consent and ends with it") {
    const tests::TestChild child;
    auto system = tests::system_with("");
    system.signals.why_protected = [](const platform::ProcessId&) {
        return std::optional<std::string>("It is the bus.");
    };
    tests::Jobs jobs(std::move(system));
    auto request = tests::kill_of(child);
    const auto asked = jobs.wait_for_end(jobs.thread().start(request));
    CHECK(asked.problem == Problem::needs_consent);
    CHECK(asked.sentence.find("It is the bus.") != std::string::npos);
    CHECK(child.runs());
    request.target.consented = true;
    CHECK(jobs.wait_for_end(jobs.thread().start(request)).stage == Stage::ended);
}

TEST_SUITE("root") {
    TEST_CASE("kill_job - a second users process is refused as not permitted") {
        REQUIRE(::geteuid() == 0);
        const tests::TestChild child; // root's
        const int outcome = tests::in_child([&] {
            if (::setgid(65534) != 0 || ::setuid(65534) != 0) {
                return 10;
            }
            tests::Jobs jobs(tests::system_with(""));
            const auto end = jobs.wait_for_end(jobs.thread().start(tests::kill_of(child, Signal::kill)));
            return end.stage == Stage::refused && end.problem == Problem::not_permitted && !end.signal_sent ? 0 : 11;
        });
        CHECK(outcome == 0);
        CHECK(child.runs());
    }
}
