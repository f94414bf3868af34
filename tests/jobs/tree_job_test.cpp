// SPDX-License-Identifier: MIT
// core/jobs/tree_job: real families of the test's own.
#include "family.h"

#include "core/base/file.h"
#include "core/platform/process_tree.h"

#include <algorithm>
#include <csignal>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/prctl.h>
#include <unistd.h>

using namespace portside;
using jobs::Problem;
using jobs::Stage;
using jobs::TreeRequest;
using tests::add_descendant;
using tests::any_runs;
using tests::begin_descendant;
using tests::Ending;
using tests::family;
using tests::members;
using tests::runs;
using tests::tree_of;
using Stages = std::vector<Stage>;

namespace {

void ignore_term() {
    ::signal(SIGTERM, SIG_IGN);
}

} // namespace

TEST_CASE("tree_job - the root and all descendants end") {
    const tests::TestChild root(family);
    REQUIRE(tests::wait_until([&] { return members(root).size() == 4; }));
    const auto all = members(root);
    const Ending ending(all);
    tests::Jobs jobs(tests::system_with(""));
    const auto job = jobs.thread().start(tree_of(root));
    const auto end = jobs.wait_for_end(job);
    CHECK(end.stage == Stage::ended);
    CHECK(end.signal_sent);
    CHECK(end.members == 4);
    CHECK(end.left.empty());
    CHECK(jobs.stages(job) == Stages{Stage::asked, Stage::ended});
    CHECK(root.ended_by() == SIGTERM);
    CHECK_FALSE(any_runs(all));
}

TEST_CASE("tree_job - what ignores SIGTERM is named and ends by the users own next step") {
    const tests::TestChild root([] { add_descendant(ignore_term); });
    REQUIRE(tests::wait_until([&] { return members(root).size() == 2; }));
    const auto all = members(root);
    const Ending ending(all);
    // The child ignores the signal a moment after it is there.
    REQUIRE(tests::wait_until([&] {
        const auto status = base::read_file(AT_FDCWD, ("/proc/" + std::to_string(all[1].pid) + "/status").c_str());
        return status && status->find("SigIgn:\t0000000000004") != std::string::npos;
    }));
    tests::Jobs jobs(tests::system_with(""));
    auto request = tree_of(root);
    request.kill.patience = std::chrono::milliseconds(50);
    const auto asked = jobs.thread().start(request);
    const auto still = jobs.wait_for(asked, Stage::still_running);
    REQUIRE_FALSE(still.left.empty());
    CHECK(still.left.back().find("(" + std::to_string(all[1].pid) + ")") != std::string::npos);
    CHECK(runs(all[1]));
    // The root has ended, so the rest is no tree of its any more: its own tree is.
    ::kill(all[1].pid, SIGKILL);
    const auto end = jobs.wait_for_end(asked);
    CHECK(end.stage == Stage::ended);
    CHECK(end.left.empty());
}

TEST_CASE("tree_job - a descendant that is asked about first stops the whole tree until the user says yes") {
    const tests::TestChild root(family);
    REQUIRE(tests::wait_until([&] { return members(root).size() == 4; }));
    const auto all = members(root);
    const Ending ending(all);
    auto system = tests::system_with("");
    system.signals.why_protected = [&](const platform::ProcessId& id) {
        return id == all.back() ? std::optional<std::string>("It is the bus.") : std::nullopt;
    };
    tests::Jobs jobs(std::move(system));
    auto request = tree_of(root);
    const auto refused = jobs.wait_for_end(jobs.thread().start(request));
    CHECK(refused.stage == Stage::refused);
    CHECK(refused.problem == Problem::needs_consent);
    CHECK(refused.sentence.find("It is the bus.") != std::string::npos);
    CHECK(std::all_of(all.begin(), all.end(), runs));
    request.kill.target.consented = true;
    CHECK(jobs.wait_for_end(jobs.thread().start(request)).stage == Stage::ended);
    CHECK_FALSE(any_runs(all));
}

TEST_CASE("tree_job - refusals of the root mean that nobody is signalled") {
    const tests::TestChild root(family);
    REQUIRE(tests::wait_until([&] { return members(root).size() == 4; }));
    const auto all = members(root);
    const Ending ending(all);
    tests::Jobs jobs(tests::system_with(""));
    const auto refused_as = [&](const TreeRequest& request) {
        const auto end = jobs.wait_for_end(jobs.thread().start(request));
        CHECK(end.stage == Stage::refused);
        CHECK(end.sentence.find("othing was sent") != std::string::npos);
        return end.problem;
    };
    auto other_time = tree_of(root);
    other_time.kill.target.process.start_time += 1;
    CHECK(refused_as(other_time) == Problem::identity_changed);
    auto not_holding = tree_of(root);
    not_holding.kill.target.inodes = {tests::listen_on_loopback().inode};
    CHECK(refused_as(not_holding) == Problem::not_holding);
    const tests::TestChild stranger;
    auto elsewhere = tree_of(root);
    elsewhere.holder = platform::SignalTarget{stranger.id(), {}};
    CHECK(refused_as(elsewhere) == Problem::not_holding);
    CHECK(std::all_of(all.begin(), all.end(), runs));
    CHECK(stranger.runs());
}

TEST_CASE("tree_job - the tree that Portside itself is in passes Portside over") {
    const int outcome = tests::in_child([]() -> int {
        // The root: it starts another, which is Portside, and waits. Nobody of it is a test's thread.
        const pid_t portside = ::fork();
        if (portside != 0) {
            ::pause();
        }
        const auto root = platform::read_stat(::getppid());
        tests::Jobs jobs(tests::system_with(""));
        TreeRequest request;
        request.kill.target.process = root->id;
        request.kill.patience = std::chrono::minutes(5);
        const auto end = jobs.wait_for_end(jobs.thread().start(request));
        const bool named = end.left.size() == 1 && end.left.front().find("Portside itself") != std::string::npos;
        ::_exit(end.stage == Stage::ended && named ? 0 : 1);
    });
    CHECK(outcome == -1); // the root was ended by our signal
}

TEST_CASE("tree_job - a family that goes on growing ends or what is left of it is named") {
    const tests::TestChild root([] {
        ::setpgid(0, 0);
        if (::fork() == 0) {
            for (int i = 0; i < 400; ++i) { // each is the child of the one before
                begin_descendant();
                ::usleep(500);
                if (::fork() != 0) {
                    for (;;) {
                        ::pause();
                    }
                }
            }
        }
    });
    tests::Jobs jobs(tests::system_with(""));
    const auto end = jobs.wait_for_end(jobs.thread().start(tree_of(root, platform::Signal::kill)));
    CHECK(end.stage == Stage::ended);
    const auto all = platform::read_relatives();
    REQUIRE(all.has_value());
    const bool some_run = std::any_of(all->begin(), all->end(), [&](const auto& process) {
        return process.group == root.pid() && runs(process.stat.id);
    });
    CHECK((!some_run || !end.left.empty()));
    ::kill(-root.pid(), SIGKILL);
}

TEST_SUITE("root") {
    TEST_CASE("tree_job - a descendant of another user is named and the rest ends") {
        REQUIRE(::geteuid() == 0);
        // The root is nobody's, its child root's: as after a setuid program.
        const int outcome = tests::in_child([]() -> int {
            const tests::TestChild family_root([] {
                add_descendant();
                if (::setgid(65534) != 0 || ::setuid(65534) != 0) {
                    ::_exit(1);
                }
                ::prctl(PR_SET_PDEATHSIG, SIGKILL);
            });
            if (::setgid(65534) != 0 || ::setuid(65534) != 0) {
                return 10;
            }
            tests::Jobs jobs(tests::system_with(""));
            const auto end = jobs.wait_for_end(jobs.thread().start(tree_of(family_root)));
            const bool named = end.left.size() == 1 && end.left.front().find("another user") != std::string::npos;
            return end.stage == Stage::ended && named ? 0 : 11;
        });
        CHECK(outcome == 0);
    }
}
