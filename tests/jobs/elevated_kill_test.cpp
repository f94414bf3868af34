// SPDX-License-Identifier: MIT
// core/jobs/kill_job by pkexec: scripts stand for pkexec, so that every way it can go is met. The real one is tested on
// a real bus elsewhere.
#include "job_support.h"

#include "core/platform/pidfd.h"

#include <csignal>
#include <doctest/doctest.h>
#include <unistd.h>

using namespace portside;
using jobs::Problem;
using jobs::Stage;
using platform::Signal;
using Stages = std::vector<Stage>;

namespace {
// Notes its arguments, then does what was asked, as pkexec does after the password: "kill -TERM 12".
constexpr const char* kObey = "printf '%s\\n' \"$@\" > $dir/arguments; shift; shift; kill \"$@\"";
} // namespace

TEST_CASE("elevated_kill - authorised sent ended") {
    const tests::TempFolder folder;
    const tests::TestChild child;
    tests::Jobs jobs(tests::system_with(folder.script(kObey)));
    const auto job = jobs.thread().start(tests::elevated_kill_of(child));
    const auto end = jobs.wait_for_end(job);
    CHECK(end.stage == Stage::ended);
    CHECK(end.signal_sent);
    CHECK(jobs.stages(job) == Stages{Stage::authorising, Stage::asked, Stage::ended});
    CHECK(child.ended_by() == SIGTERM);
    CHECK(folder.read("arguments") == "--disable-internal-agent\nkill\n-TERM\n" + std::to_string(child.pid()) + "\n");
}

TEST_CASE("elevated_kill - what ignores SIGTERM is still running and -KILL ends it") {
    const tests::TempFolder folder;
    const auto child = tests::stubborn_child();
    tests::Jobs jobs(tests::system_with(folder.script(kObey)));
    auto request = tests::elevated_kill_of(child);
    request.patience = std::chrono::milliseconds(30);
    const auto asked = jobs.thread().start(request);
    static_cast<void>(jobs.wait_for(asked, Stage::still_running));
    CHECK(child.runs());
    const auto forced = jobs.thread().start(tests::elevated_kill_of(child, Signal::kill));
    CHECK(jobs.wait_for_end(forced).stage == Stage::ended);
    CHECK(jobs.wait_for_end(asked).stage == Stage::ended);
    CHECK(child.ended_by() == SIGKILL);
    CHECK(folder.read("arguments") == "--disable-internal-agent\nkill\n-KILL\n" + std::to_string(child.pid()) + "\n");
}

TEST_CASE("elevated_kill - on a terminal pkexec may ask by itself") {
    const tests::TempFolder folder;
    const tests::TestChild child;
    tests::Jobs jobs(tests::system_with(folder.script("printf '%s\\n' \"$@\" > $dir/arguments; shift; kill \"$@\"")));
    auto request = tests::elevated_kill_of(child);
    request.internal_agent = true;
    CHECK(jobs.wait_for_end(jobs.thread().start(request)).stage == Stage::ended);
    CHECK(folder.read("arguments") == "kill\n-TERM\n" + std::to_string(child.pid()) + "\n");
}

TEST_CASE("elevated_kill - all is checked before anybody is asked for a password") {
    const tests::TempFolder folder;
    const auto pkexec = folder.script("touch $dir/started; exit 0");
    auto listener = tests::listen_on_loopback();
    const tests::TestChild child;
    listener.fd.reset();
    const auto elsewhere = tests::listen_on_loopback();
    auto system = tests::system_with(pkexec);
    system.signals.why_protected = [](const platform::ProcessId&) {
        return std::optional<std::string>("It is the bus.");
    };
    tests::Jobs jobs(std::move(system));

    const auto refused_as = [&](const jobs::KillRequest& request) {
        const auto job = jobs.thread().start(request);
        const auto problem = jobs.wait_for_end(job).problem;
        CHECK(jobs.stages(job) == Stages{Stage::refused});
        return problem;
    };
    auto other_time = tests::elevated_kill_of(child);
    other_time.target.process.start_time += 1;
    CHECK(refused_as(other_time) == Problem::identity_changed);
    auto other_socket = tests::elevated_kill_of(child);
    other_socket.target.inodes = {elsewhere.inode};
    CHECK(refused_as(other_socket) == Problem::not_holding);
    CHECK(refused_as(tests::elevated_kill_of(child)) == Problem::needs_consent);
    auto never = tests::elevated_kill_of(child);
    never.target.process.pid = 1;
    CHECK(refused_as(never) == Problem::never_signalled);
    CHECK_FALSE(folder.read("started").has_value());
    CHECK(child.runs());
}

TEST_CASE("elevated_kill - a holder that only an administrator may see is let through to the prompt") {
    const tests::TempFolder folder;
    const tests::TestChild child;
    auto system = tests::system_with(folder.script(kObey));
    system.signals.holds = [](pid_t, std::uint64_t) { return platform::Holds::not_permitted; };
    tests::Jobs jobs(std::move(system));
    auto request = tests::elevated_kill_of(child);
    request.target.inodes = {12345};
    CHECK(jobs.wait_for_end(jobs.thread().start(request)).stage == Stage::ended);
    CHECK(child.ended_by() == SIGTERM);
}

TEST_CASE("elevated_kill - the prompt is withdrawn when the process ends by itself") {
    const tests::TempFolder folder;
    const tests::TestChild child;
    tests::Jobs jobs(tests::system_with(folder.script(tests::kPrompt)));
    const auto job = jobs.thread().start(tests::elevated_kill_of(child));
    static_cast<void>(jobs.wait_for(job, Stage::authorising));
    pid_t pid = 0;
    const auto prompt = tests::wait_for_prompt(folder, &pid);
    REQUIRE(::kill(child.pid(), SIGKILL) == 0);
    const auto end = jobs.wait_for_end(job);
    CHECK(end.stage == Stage::ended);
    CHECK_FALSE(end.signal_sent);
    CHECK(tests::wait_until([&] { return platform::has_ended(prompt); }));
    CHECK(tests::wait_until([&] { return !platform::open_pidfd(pid).has_value(); })); // no zombie either
    CHECK(jobs.stages(job) == Stages{Stage::authorising, Stage::ended});
}

TEST_CASE("elevated_kill - a prompt that cannot be ended does not keep the job") {
    const tests::TempFolder folder;
    const tests::TestChild child;
    tests::Jobs jobs(tests::system_with(folder.script(std::string("trap '' TERM; ") + tests::kPrompt)));
    const auto job = jobs.thread().start(tests::elevated_kill_of(child));
    const auto prompt = tests::wait_for_prompt(folder);
    REQUIRE(::kill(child.pid(), SIGKILL) == 0);
    const auto end = jobs.wait_for_end(job);
    CHECK(end.stage == Stage::ended);
    CHECK_FALSE(end.signal_sent);
    CHECK_FALSE(platform::has_ended(prompt));
    REQUIRE(platform::send_signal(prompt, Signal::kill).has_value());
}

TEST_CASE("elevated_kill - a failure of a process that has ended meanwhile is its end") {
    const tests::TempFolder folder;
    const tests::TestChild child;
    tests::Jobs jobs(tests::system_with(folder.script(
        std::string("while ! test -e $dir/go; do sleep 0.01; done; echo 'kill: no such process' >&2; exit 1"))));
    const auto job = jobs.thread().start(tests::elevated_kill_of(child));
    static_cast<void>(jobs.wait_for(job, Stage::authorising));
    REQUIRE(::kill(child.pid(), SIGKILL) == 0);
    REQUIRE(tests::wait_until([&] { return !child.runs(); }));
    REQUIRE(::symlink("/", folder.path("go").c_str()) == 0);
    const auto end = jobs.wait_for_end(job);
    CHECK(end.stage == Stage::ended);
    CHECK_FALSE(end.signal_sent);
}

TEST_CASE("elevated_kill - other kills go on while a prompt is open") {
    const tests::TempFolder folder;
    const tests::TestChild asked_about;
    std::vector<tests::TestChild> children;
    for (int i = 0; i < 200; ++i) {
        children.emplace_back();
    }
    tests::Jobs jobs(tests::system_with(folder.script(tests::kPrompt)));
    const auto elevated = jobs.thread().start(tests::elevated_kill_of(asked_about));
    const auto prompt = tests::wait_for_prompt(folder);
    std::vector<jobs::JobId> ids;
    for (const auto& child : children) {
        ids.push_back(jobs.thread().start(tests::kill_of(child)));
    }
    for (const auto id : ids) {
        CHECK(jobs.wait_for_end(id).stage == Stage::ended);
    }
    for (const auto& child : children) {
        CHECK(child.ended_by() == SIGTERM);
    }
    CHECK(asked_about.runs());
    CHECK_FALSE(platform::has_ended(prompt));
    jobs.stop();
    CHECK(tests::wait_until([&] { return platform::has_ended(prompt); }));
    static_cast<void>(elevated);
}
