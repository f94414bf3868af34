// SPDX-License-Identifier: MIT
// core/jobs/job_thread: starting, waking, stopping.
#include "job_support.h"

#include "core/base/file.h"
#include "core/platform/pidfd.h"

#include <atomic>
#include <csignal>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <filesystem>
#include <set>
#include <sys/resource.h>
#include <sys/wait.h>

using namespace portside;
using jobs::Problem;
using jobs::Stage;
using Clock = std::chrono::steady_clock;

namespace {
// Far below the 1000 s of an open prompt, far above what a busy machine needs.
constexpr std::chrono::seconds kAtOnce{5};
} // namespace

TEST_CASE("job_thread - starts and stops without jobs and has a name") {
    jobs::JobThread thread({}, {});
    const auto named = [] {
        for (const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
            const auto name = base::read_file(AT_FDCWD, (task.path() / "comm").c_str());
            if (name && *name == "jobs\n") {
                return true;
            }
        }
        return false;
    };
    CHECK(tests::wait_until(named));
}

TEST_CASE("job_thread - quitting withdraws an open prompt and waits for nothing") {
    const tests::TempFolder folder;
    const tests::TestChild child;
    pid_t pid = 0;
    base::UniqueFd prompt;
    Clock::time_point before;
    {
        tests::Jobs jobs(tests::system_with(folder.script(tests::kPrompt)));
        jobs.thread().start(tests::elevated_kill_of(child));
        jobs.thread().start(tests::kill_of(child)); // also one that is being waited for
        prompt = tests::wait_for_prompt(folder, &pid);
        before = Clock::now();
    }
    CHECK(Clock::now() - before < kAtOnce);
    CHECK(tests::wait_until([&] { return platform::has_ended(prompt); }));
}

TEST_CASE("job_thread - quitting does not wait for a prompt that cannot be ended") {
    const tests::TempFolder folder;
    pid_t pid = 0;
    base::UniqueFd prompt;
    Clock::time_point before;
    {
        tests::Jobs jobs(tests::system_with(folder.script(std::string("trap '' TERM; ") + tests::kPrompt)));
        jobs.thread().start(jobs::RevealRequest{"/opt/portside", false});
        prompt = tests::wait_for_prompt(folder, &pid);
        before = Clock::now();
    }
    CHECK(Clock::now() - before < kAtOnce);
    CHECK_FALSE(platform::has_ended(prompt));
    REQUIRE(platform::send_signal(prompt, platform::Signal::kill).has_value());
    CHECK(::waitpid(pid, nullptr, 0) == pid);
}

TEST_CASE("job_thread - quitting with orders that nobody has looked at yet") {
    const tests::TestChild child;
    auto request = tests::kill_of(child);
    request.target.process.start_time += 1;
    jobs::JobThread thread(tests::system_with(""), {});
    for (int i = 0; i < 1000; ++i) {
        thread.start(request);
    }
    CHECK(child.runs());
}

TEST_CASE("job_thread - jobs have numbers of their own from any thread") {
    const tests::TestChild child;
    auto request = tests::kill_of(child);
    request.target.process.start_time += 1;
    tests::Jobs jobs(tests::system_with(""));
    std::array<std::vector<jobs::JobId>, 4> ids;
    {
        std::vector<std::jthread> threads;
        for (auto& mine : ids) {
            threads.emplace_back([&] {
                for (int i = 0; i < 25; ++i) {
                    mine.push_back(jobs.thread().start(request));
                }
            });
        }
    }
    std::set<jobs::JobId> unique;
    for (const auto& mine : ids) {
        unique.insert(mine.begin(), mine.end());
    }
    CHECK(unique.size() == 100);
    CHECK_FALSE(unique.contains(0));
    for (const auto id : unique) {
        CHECK(jobs.wait_for_end(id).problem == Problem::identity_changed);
    }
}

TEST_CASE("job_thread - wake may take the events and start the next job") {
    const tests::TestChild first;
    const tests::TestChild second;
    std::atomic<bool> chained{false};
    std::atomic<int> ended{0};
    std::atomic<jobs::JobThread*> thread{nullptr};
    jobs::JobThread real(tests::system_with(""), [&] {
        auto* jobs = thread.load();
        for (const auto& event : jobs->take_events()) {
            ended += event.stage == Stage::ended ? 1 : 0;
        }
        if (ended == 1 && !chained.exchange(true)) {
            jobs->start(tests::kill_of(second));
        }
    });
    thread = &real;
    real.start(tests::kill_of(first));
    CHECK(tests::wait_until([&] { return ended == 2; }));
    CHECK(second.ended_by() == SIGTERM);
}

TEST_CASE("job_thread - out of descriptors a job is refused and not lost") {
    const int outcome = tests::in_child([] {
        rlimit none{0, 0};
        ::setrlimit(RLIMIT_NOFILE, &none);
        int wakes = 0;
        jobs::JobThread thread({}, [&] { ++wakes; });
        const auto job = thread.start(jobs::KillRequest{});
        const auto events = thread.take_events();
        const bool refused = events.size() == 1 && events[0].job == job && events[0].stage == Stage::refused &&
                             events[0].problem == Problem::failed && !events[0].sentence.empty();
        return refused && wakes == 1 ? 0 : 1;
    });
    CHECK(outcome == 0);
}
