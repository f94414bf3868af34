// SPDX-License-Identifier: MIT
// core/jobs/tree_job over processes of other users: families of the test's own, of which some are as if they belonged
// to somebody else; scripts stand for pkexec, the helper is the real one. The real pkexec is tested on a real bus
// elsewhere.
#include "family.h"

#include "core/base/file.h"
#include "core/platform/pidfd.h"

#include <algorithm>
#include <csignal>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <fstream>
#include <set>
#include <unistd.h>

using namespace portside;
using jobs::Problem;
using jobs::Stage;
using tests::Ending;
using tests::says;
using Stages = std::vector<Stage>;

namespace {

// Notes each number in turn, and that two prompts were open at once; then becomes the helper, as pkexec does after the
// password. The arguments are --disable-internal-agent HELPER kill --pid N ...
constexpr const char* kNote = "shift; echo $4 >> $dir/asked; mkdir $dir/open || touch $dir/two\n";
// As root it could not be ended by us either: it says that it sent the signal however long that takes.
constexpr const char* kYes = "trap '' TERM; rmdir $dir/open; exec \"$@\"";

pid_t pid_of(const base::UniqueFd& pidfd) {
    const auto info = base::read_file(AT_FDCWD, ("/proc/self/fdinfo/" + std::to_string(pidfd.get())).c_str());
    return platform::parse_pidfd_info(info ? *info : "").value_or(-1);
}

// Where `foreign` says so of a number, our own signal gets nowhere.
jobs::JobSystem system_of(std::function<bool(pid_t)> foreign, std::string pkexec,
                          std::string helper = PORTSIDE_HELPER) {
    auto system = tests::system_with(std::move(pkexec));
    system.helper = std::move(helper);
    system.signals.may_send = [foreign](const base::UniqueFd& pidfd) { return !foreign(pid_of(pidfd)); };
    system.signals.send = [foreign](const base::UniqueFd& pidfd, platform::Signal signal) -> base::Result<void> {
        if (foreign(pid_of(pidfd))) {
            return base::failed(base::error_from_errno(EPERM, "Could not send it"));
        }
        return platform::send_signal(pidfd, signal);
    };
    return system;
}

bool everybody(pid_t /*pid*/) {
    return true;
}

// Four, each of which may be somebody else's.
struct Four {
    explicit Four() : root(tests::family), all(tests::wait_for_members(root, 4)), ending(all) {}
    [[nodiscard]] jobs::TreeRequest request() const {
        auto made = tests::tree_of(root);
        made.kill.elevate = true;
        return made;
    }
    // As the script notes them.
    [[nodiscard]] std::string numbers(std::initializer_list<std::size_t> which) const {
        std::string text;
        for (const auto member : which) {
            text += std::to_string(all[member].pid) + "\n";
        }
        return text;
    }
    [[nodiscard]] bool run(std::initializer_list<std::size_t> which) const {
        return std::all_of(which.begin(), which.end(), [&](std::size_t member) { return tests::runs(all[member]); });
    }
    tests::TempFolder folder;
    tests::TestChild root;
    std::vector<platform::ProcessId> all;
    Ending ending;
};

} // namespace

TEST_CASE("elevated tree - each gets its own prompt from the top down and never two at once") {
    const Four four;
    tests::Jobs jobs(system_of(everybody, four.folder.script(std::string(kNote) + kYes)));
    const auto job = jobs.thread().start(four.request());
    const auto end = jobs.wait_for_end(job);
    CHECK(end.stage == Stage::ended);
    CHECK(end.signal_sent);
    CHECK(end.members == 4);
    CHECK(end.left.empty());
    CHECK(jobs.stages(job) == Stages{Stage::authorising, Stage::authorising, Stage::authorising, Stage::authorising,
                                     Stage::asked, Stage::ended});
    CHECK(four.folder.read("asked") == four.numbers({0, 1, 2, 3}));
    CHECK_FALSE(four.folder.read("two").has_value());
    CHECK(four.root.ended_by() == SIGTERM);
    CHECK_FALSE(tests::any_runs(four.all));
}

TEST_CASE("elevated tree - own processes get our own signal and SIGKILL goes the same way") {
    const Four four;
    const auto foreign = [&](pid_t pid) { return pid == four.all[2].pid; };
    tests::Jobs jobs(system_of(foreign, four.folder.script(std::string(kNote) + kYes)));
    auto request = four.request();
    request.kill.target.signal = platform::Signal::kill;
    const auto end = jobs.wait_for_end(jobs.thread().start(request));
    CHECK(end.stage == Stage::ended);
    CHECK(end.members == 4);
    CHECK(four.folder.read("asked") == four.numbers({2}));
    CHECK(four.root.ended_by() == SIGKILL);
    CHECK_FALSE(tests::any_runs(four.all));
}

TEST_CASE("elevated tree - the process is the helpers standard input and the roots sockets are asked for") {
    const Four four;
    const auto elsewhere = tests::listen_on_loopback();
    auto system = system_of(everybody, four.folder.script("shift; cat /proc/self/fdinfo/0 > $dir/input; exec \"$@\""));
    system.signals.holds = [](pid_t, std::uint64_t) { return platform::Holds::not_permitted; }; // not ours to see
    tests::Jobs jobs(std::move(system));
    auto request = four.request();
    request.kill.target.inodes = {elsewhere.inode};
    const auto end = jobs.wait_for_end(jobs.thread().start(request));
    CHECK(end.stage == Stage::refused);
    CHECK(end.problem == Problem::not_holding);
    CHECK(says(end, "nothing was sent"));
    CHECK(platform::parse_pidfd_info(four.folder.read("input").value_or("")) == four.root.pid());
    CHECK(four.run({0, 1, 2, 3}));
}

TEST_CASE("elevated tree - a prompt for the root that gets no yes means that nobody is signalled") {
    for (const auto& [script, problem] :
         {std::pair{"exit 126", Problem::dismissed},
          {"echo 'Not authorized' >&2; exit 127", Problem::not_authorised},
          {"echo 'No authentication agent found.' >&2; exit 127", Problem::not_authorised},
          {"exit 64", Problem::failed},
          {"kill -KILL $$", Problem::failed}}) {
        CAPTURE(script);
        const Four four;
        const auto foreign = [&](pid_t pid) { return pid != four.all[1].pid; };
        tests::Jobs jobs(system_of(foreign, four.folder.script(std::string(kNote) + script)));
        const auto end = jobs.wait_for_end(jobs.thread().start(four.request()));
        CHECK(end.stage == Stage::refused);
        CHECK(end.problem == problem);
        CHECK_FALSE(end.signal_sent);
        CHECK(says(end, "othing was sent"));
        CHECK(four.folder.read("asked") == four.numbers({0}));
        CHECK(four.run({0, 1, 2, 3}));
    }
}

TEST_CASE("elevated tree - a prompt that gets no yes ends the tree there and says who got the signal") {
    for (const auto& [script, problem, word] :
         {std::tuple{"exit 126", Problem::dismissed, "dismissed"},
          {"echo 'Not authorized' >&2; exit 127", Problem::not_authorised, "not authorised"},
          {"echo 'No authentication agent found.' >&2; exit 127", Problem::not_authorised, "authentication agent"}}) {
        CAPTURE(script);
        const Four four;
        const auto foreign = [&](pid_t pid) { return pid != four.all[3].pid; };
        const auto no = std::string("test $(wc -l < $dir/asked) -lt 2 || { ") + script + "; }\n";
        tests::Jobs jobs(system_of(foreign, four.folder.script(std::string(kNote) + no + kYes)));
        const auto end = jobs.wait_for_end(jobs.thread().start(four.request()));
        CHECK(end.stage == Stage::refused);
        CHECK(end.problem == problem);
        CHECK(end.signal_sent);
        CHECK(says(end, word));
        CHECK(says(end, "nothing more was sent"));
        CHECK(says(end, "Of 4 processes 1 got SIGTERM and has ended; 3 got none: "));
        for (const std::size_t member : {1U, 2U, 3U}) {
            CHECK(says(end, "(" + std::to_string(four.all[member].pid) + ")"));
        }
        CHECK(four.folder.read("asked") == four.numbers({0, 1}));
        CHECK(four.root.ended_by() == SIGTERM);
        CHECK(four.run({1, 2, 3}));
    }
}

TEST_CASE("elevated tree - one that got the signal and does not end is told beside those that got none") {
    const tests::TempFolder folder;
    const tests::TestChild root([] {
        ::signal(SIGTERM, SIG_IGN);
        tests::add_descendant();
    });
    const auto all = tests::wait_for_members(root, 2);
    const Ending ending(all);
    const auto foreign = [&](pid_t pid) { return pid == all[1].pid; };
    tests::Jobs jobs(system_of(foreign, folder.script("exit 126")));
    auto request = tests::tree_of(root);
    request.kill.elevate = true;
    request.kill.patience = std::chrono::milliseconds(50);
    const auto end = jobs.wait_for_end(jobs.thread().start(request));
    CHECK(end.problem == Problem::dismissed);
    CHECK(says(end, "Of 2 processes 1 got SIGTERM (not ended yet: "));
    CHECK(says(end, "; 1 got none: "));
    CHECK(root.runs());
}

TEST_CASE("elevated tree - one that ends behind its prompt is gone and the tree goes on") {
    for (const std::size_t which : {0U, 1U}) {
        CAPTURE(which);
        const Four four;
        const auto number = std::to_string(four.all[which].pid);
        tests::Jobs jobs(system_of(everybody, four.folder.script("shift; if test $4 = " + number + "; then " +
                                                                 tests::kPrompt + "; fi; exec \"$@\"")));
        const auto job = jobs.thread().start(four.request());
        const auto prompt = tests::wait_for_prompt(four.folder);
        CHECK(four.run({1, 2, 3}));
        REQUIRE(::kill(four.all[which].pid, SIGKILL) == 0);
        const auto end = jobs.wait_for_end(job);
        CHECK(end.stage == Stage::ended);
        CHECK(end.signal_sent);
        CHECK(end.members == 4);
        CHECK(end.left.empty());
        CHECK(platform::has_ended(prompt));
        CHECK_FALSE(tests::any_runs(four.all));
    }
}

TEST_CASE("elevated tree - one that ends behind anothers prompt gets none of its own") {
    const Four four;
    tests::Jobs jobs(system_of(
        everybody, four.folder.script(std::string(kNote) + "while ! test -e $dir/go; do sleep 0.01; done; " + kYes)));
    const auto job = jobs.thread().start(four.request());
    REQUIRE(tests::wait_until([&] { return four.folder.read("asked").has_value(); }));
    REQUIRE(::kill(four.all[1].pid, SIGKILL) == 0);
    REQUIRE(tests::wait_until([&] { return !tests::runs(four.all[1]); }));
    std::ofstream(four.folder.path("go")) << "";
    const auto end = jobs.wait_for_end(job);
    CHECK(end.stage == Stage::ended);
    CHECK(four.folder.read("asked") == four.numbers({0, 2, 3}));
    CHECK_FALSE(tests::any_runs(four.all));
}

TEST_CASE("elevated tree - quitting withdraws the prompt and sends nothing more") {
    const Four four;
    const auto foreign = [&](pid_t pid) { return pid == four.all[1].pid; };
    tests::Jobs jobs(system_of(foreign, four.folder.script(tests::kPrompt)));
    const auto job = jobs.thread().start(four.request());
    const auto authorising = jobs.wait_for(job, Stage::authorising);
    CHECK(authorising.signal_sent);
    CHECK(authorising.members == 1); // the root has got its signal
    const auto prompt = tests::wait_for_prompt(four.folder);
    jobs.stop();
    CHECK(tests::wait_until([&] { return platform::has_ended(prompt); }));
    CHECK(tests::wait_until([&] { return four.root.ended_by() == SIGTERM; }));
    CHECK(four.run({1, 2, 3}));
}

TEST_CASE("elevated tree - one whom the administrator cannot signal either is named and the rest ends") {
    const Four four;
    const auto number = std::to_string(four.all[1].pid);
    tests::Jobs jobs(
        system_of(everybody, four.folder.script("shift; test $4 != " + number + " || exit " +
                                                std::to_string(static_cast<int>(platform::HelperExit::not_permitted)) +
                                                "; exec \"$@\"")));
    auto request = four.request();
    const auto end = jobs.wait_for_end(jobs.thread().start(request));
    CHECK(end.stage == Stage::ended);
    CHECK(end.members == 3);
    REQUIRE(end.left.size() == 1);
    CHECK(end.left[0].find("(" + number + ") (it could not be signalled as administrator either)") !=
          std::string::npos);
    CHECK(four.run({1}));
    CHECK_FALSE(four.run({2}));
}

TEST_CASE("elevated tree - who comes while the tree is ended is asked for too") {
    const tests::TempFolder folder;
    // At its end the child leaves one behind, in the group that it leads.
    const tests::TestChild root([] {
        ::signal(SIGTERM, [](int) {
            ::setpgid(0, 0);
            if (::fork() != 0) {
                ::_exit(0);
            }
            tests::begin_descendant();
            ::signal(SIGTERM, SIG_DFL);
        });
        tests::add_descendant();
        ::signal(SIGTERM, SIG_DFL);
    });
    const auto all = tests::wait_for_members(root, 2);
    const Ending ending(all);
    const auto newcomer = [&](pid_t pid) { return pid != all[0].pid && pid != all[1].pid; };
    tests::Jobs jobs(system_of(newcomer, folder.script(std::string(kNote) + kYes)));
    auto request = tests::tree_of(root);
    request.kill.elevate = true;
    const auto job = jobs.thread().start(request);
    const auto end = jobs.wait_for_end(job);
    CHECK(end.stage == Stage::ended);
    CHECK(end.members == 3);
    CHECK(end.left.empty());
    CHECK(jobs.stages(job) == Stages{Stage::asked, Stage::authorising, Stage::asked, Stage::ended});
    CHECK(std::stoi(folder.read("asked").value_or("0")) > 0);
}

TEST_CASE("elevated tree - without the helper it is refused where it would be needed") {
    const Four four;
    const auto pkexec = four.folder.script("touch $dir/started; exit 0");
    const auto lower = [&](pid_t pid) { return pid == four.all[3].pid; };
    {
        tests::Jobs jobs(system_of(lower, pkexec, ""));
        const auto end = jobs.wait_for_end(jobs.thread().start(four.request()));
        CHECK(end.stage == Stage::refused);
        CHECK(end.problem == Problem::not_permitted);
        CHECK(says(end, "sudo portside kill --tree"));
        CHECK(says(end, "nothing was sent"));
        CHECK(four.run({0, 1, 2, 3}));
    }
    {
        tests::Jobs jobs(system_of(lower, four.folder.path("missing")));
        const auto end = jobs.wait_for_end(jobs.thread().start(four.request()));
        CHECK(end.problem == Problem::no_pkexec);
        CHECK(says(end, "Of 4 processes 3 got SIGTERM and have ended; 1 got none: "));
    }
    CHECK_FALSE(four.folder.read("started").has_value());
}

TEST_CASE("elevated tree - a tree of own processes needs neither helper nor prompt") {
    const Four four;
    tests::Jobs jobs(system_of([](pid_t) { return false; }, "/nowhere", ""));
    const auto job = jobs.thread().start(four.request());
    CHECK(jobs.wait_for_end(job).stage == Stage::ended);
    CHECK(jobs.stages(job) == Stages{Stage::asked, Stage::ended});
    CHECK_FALSE(tests::any_runs(four.all));
}
