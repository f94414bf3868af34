// SPDX-License-Identifier: MIT
// core/jobs with the installed helper: scripts stand for pkexec, the helper is the real one. The real pkexec is tested
// on a real bus elsewhere.
#include "job_support.h"

#include "core/jobs/helper.h"
#include "core/platform/process.h"

#include <algorithm>
#include <csignal>
#include <doctest/doctest.h>
#include <fstream>
#include <set>
#include <unistd.h>

using namespace portside;
using jobs::Problem;
using jobs::RevealRequest;
using jobs::Stage;
using platform::HelperExit;
using tests::says;

namespace {

// As pkexec does after the password: becomes the program.
constexpr const char* kBecome = "shift; exec \"$@\"";

jobs::JobSystem helped(std::string pkexec, std::string helper = PORTSIDE_HELPER) {
    auto system = tests::system_with(std::move(pkexec));
    system.helper = std::move(helper);
    return system;
}

std::string exit_script(HelperExit exit) {
    return "exit " + std::to_string(static_cast<int>(exit));
}

jobs::JobEvent reveal(const tests::TempFolder& folder, const std::string& script) {
    tests::Jobs jobs(helped(folder.script(script)));
    return jobs.wait_for_end(jobs.thread().start(RevealRequest{"/opt/portside", false}));
}

} // namespace

TEST_CASE("helper jobs - the helper gets the identity as words and the process as its standard input") {
    const tests::TempFolder folder;
    const tests::TestChild child;
    tests::Jobs jobs(helped(folder.script(
        "printf '%s\\n' \"$@\" > $dir/arguments; cat /proc/self/fdinfo/0 > $dir/input; shift; exec \"$@\"")));
    auto request = tests::elevated_kill_of(child);
    request.target.pidfd_id = platform::read_process(child.pid()).value().pidfd_id;
    const auto job = jobs.thread().start(request);
    CHECK(jobs.wait_for_end(job).stage == Stage::ended);
    CHECK(jobs.wait_for_end(job).signal_sent);
    CHECK(jobs.stages(job) == std::vector<Stage>{Stage::authorising, Stage::asked, Stage::ended});
    CHECK(child.ended_by() == SIGTERM);
    std::string wanted = "--disable-internal-agent\n" PORTSIDE_HELPER "\n";
    for (const auto& word : platform::helper_kill_arguments(request.target)) {
        wanted += word + "\n";
    }
    CHECK(folder.read("arguments") == wanted);
    CHECK(platform::parse_pidfd_info(folder.read("input").value_or("")) == child.pid());
}

TEST_CASE("helper jobs - on a terminal too the process is the standard input") {
    const tests::TempFolder folder;
    const tests::TestChild child;
    tests::Jobs jobs(helped(folder.script("cat /proc/self/fdinfo/0 > $dir/input; exec \"$@\"")));
    auto request = tests::elevated_kill_of(child, platform::Signal::kill);
    request.internal_agent = true;
    CHECK(jobs.wait_for_end(jobs.thread().start(request)).stage == Stage::ended);
    CHECK(platform::parse_pidfd_info(folder.read("input").value_or("")) == child.pid());
    CHECK(child.ended_by() == SIGKILL);
}

TEST_CASE("helper jobs - the socket is asked for once more after the password") {
    const tests::TempFolder folder;
    const tests::TestChild child;
    const auto elsewhere = tests::listen_on_loopback();
    auto system = helped(folder.script(kBecome));
    system.signals.holds = [](pid_t, std::uint64_t) { return platform::Holds::not_permitted; }; // not ours to see
    tests::Jobs jobs(std::move(system));
    auto request = tests::elevated_kill_of(child);
    request.target.inodes = {elsewhere.inode};
    const auto end = jobs.wait_for_end(jobs.thread().start(request));
    CHECK(end.stage == Stage::refused);
    CHECK(end.problem == Problem::not_holding);
    CHECK(says(end, "nothing was sent"));
    CHECK(child.runs());
}

TEST_CASE("helper jobs - each exit code is told in words of its own and nothing was sent") {
    const std::vector<std::pair<HelperExit, Problem>> outcomes{
        {HelperExit::usage, Problem::failed},
        {HelperExit::gone, Problem::gone},
        {HelperExit::identity_changed, Problem::identity_changed},
        {HelperExit::not_holding, Problem::not_holding},
        {HelperExit::never_signalled, Problem::never_signalled},
        {HelperExit::not_permitted, Problem::not_permitted},
        {HelperExit::failed, Problem::failed}};
    std::set<std::string> sentences;
    const tests::TestChild child;
    for (const auto& [exit, problem] : outcomes) {
        const tests::TempFolder folder;
        tests::Jobs jobs(helped(folder.script(exit_script(exit))));
        const auto end = jobs.wait_for_end(jobs.thread().start(tests::elevated_kill_of(child)));
        CAPTURE(end.sentence);
        CHECK(end.stage == Stage::refused);
        CHECK(end.problem == problem);
        CHECK(says(end, "othing was sent"));
        CHECK(sentences.insert(end.sentence).second);
    }
    const tests::TempFolder folder;
    tests::Jobs jobs(helped(folder.script("exit 126")));
    CHECK(jobs.wait_for_end(jobs.thread().start(tests::elevated_kill_of(child))).problem == Problem::dismissed);
    CHECK(child.runs());
}

TEST_CASE("helper jobs - a process that ended behind the prompt has ended whatever the helper says") {
    const tests::TempFolder folder;
    const tests::TestChild child;
    tests::Jobs jobs(
        helped(folder.script("touch $dir/open; while ! test -e $dir/go; do sleep 0.01; done; shift; exec \"$@\"")));
    const auto job = jobs.thread().start(tests::elevated_kill_of(child));
    REQUIRE(tests::wait_until([&] { return folder.read("open").has_value(); }));
    REQUIRE(::kill(child.pid(), SIGKILL) == 0);
    REQUIRE(tests::wait_until([&] { return !child.runs(); }));
    std::ofstream(folder.path("go")) << "";
    const auto end = jobs.wait_for_end(job);
    CHECK(end.stage == Stage::ended);
    CHECK_FALSE(end.signal_sent);
}

TEST_CASE("helper jobs - without a helper that can be started the plain kill and the listing serve") {
    const tests::TempFolder folder;
    std::ofstream(folder.path("plain")) << "text\n";
    for (const auto& helper : {std::string(), folder.path("missing"), folder.path("plain"), folder.path("")}) {
        const tests::TestChild child;
        tests::Jobs jobs(
            helped(folder.script("printf '%s\\n' \"$@\" > $dir/arguments; shift; shift; kill \"$@\""), helper));
        CHECK(jobs.wait_for_end(jobs.thread().start(tests::elevated_kill_of(child))).stage == Stage::ended);
        CHECK(folder.read("arguments") ==
              "--disable-internal-agent\nkill\n-TERM\n" + std::to_string(child.pid()) + "\n");
        tests::Jobs listing(helped(folder.script("printf '%s ' \"$@\""), helper));
        const auto end = listing.wait_for_end(listing.thread().start(RevealRequest{"/opt/portside", false}));
        CHECK(end.output == "--disable-internal-agent /opt/portside list --json ");
        CHECK_FALSE(end.owners.has_value());
    }
}

TEST_CASE("helper jobs - a helper of this build tree is not an installed one") {
    const auto helper = jobs::find_helper(jobs::JobSystem{});
    CHECK_FALSE(helper.value_or("").starts_with(PORTSIDE_BUILD));
    CHECK(jobs::find_helper(helped("/nowhere")) == std::string(PORTSIDE_HELPER));
}

TEST_CASE("helper jobs - who holds it is asked in numbers") {
    const tests::TempFolder folder;
    const auto listener = tests::listen_on_loopback();
    const auto end = reveal(folder, "printf '%s\\n' \"$@\" > $dir/arguments; shift; exec \"$@\"");
    REQUIRE(end.stage == Stage::revealed);
    REQUIRE(end.owners.has_value());
    CHECK(end.output.empty());
    CHECK(std::any_of(end.owners->begin(), end.owners->end(), [&](const auto& owner) {
        return owner.inode == listener.inode && owner.process.pid == ::getpid();
    }));
    CHECK(folder.read("arguments") == "--disable-internal-agent\n" PORTSIDE_HELPER "\nowners\n");
}

TEST_CASE("helper jobs - an answer in any other form is refused whole") {
    for (const char* script :
         {"printf '5 10 100\\n5 11'", "printf '5 10 100\\n{\"version\":1}\\n'", "exec cat /dev/zero",
          "printf '5 10 100\\n'; exit 71", "printf '5 10 100\\n'; exit 64", "kill -KILL $$"}) {
        CAPTURE(script);
        const tests::TempFolder folder;
        const auto end = reveal(folder, script);
        CHECK(end.stage == Stage::refused);
        CHECK(end.problem == Problem::failed);
        CHECK_FALSE(end.owners.has_value());
        CHECK_FALSE(end.sentence.empty());
    }
    const tests::TempFolder folder;
    CHECK(says(reveal(folder, exit_script(HelperExit::usage)), "different versions"));
    CHECK(says(reveal(folder, exit_script(HelperExit::failed)), "nothing was read"));
    CHECK(reveal(folder, "exit 127").problem == Problem::not_authorised);
    CHECK(reveal(folder, "true").owners->empty());
}
