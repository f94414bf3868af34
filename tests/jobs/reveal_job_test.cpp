// SPDX-License-Identifier: MIT
// core/jobs/reveal_job: what was printed comes back whole, or a reason does.
#include "job_support.h"

#include <doctest/doctest.h>

using namespace portside;
using jobs::Problem;
using jobs::RevealRequest;
using jobs::Stage;

namespace {
jobs::JobEvent reveal(const std::string& script, const tests::TempFolder& folder, bool internal_agent = false) {
    tests::Jobs jobs(tests::system_with(folder.script(script)));
    return jobs.wait_for_end(jobs.thread().start(RevealRequest{"/opt/portside", internal_agent}));
}
} // namespace

TEST_CASE("reveal_job - asks for the listing by its absolute path") {
    const tests::TempFolder folder;
    const auto end = reveal("printf '%s\\n' \"$@\" > $dir/arguments; printf '{}'", folder);
    CHECK(end.stage == Stage::revealed);
    CHECK(end.output == "{}");
    CHECK(folder.read("arguments") == "--disable-internal-agent\n/opt/portside\nlist\n--json\n");
    const tests::TempFolder other;
    CHECK(reveal("printf '%s\\n' \"$@\" > $dir/arguments", other, true).stage == Stage::revealed);
    CHECK(other.read("arguments") == "/opt/portside\nlist\n--json\n");
}

TEST_CASE("reveal_job - much output among much noise arrives whole") {
    const tests::TempFolder folder;
    const std::string noise = "head -c 300000 /dev/zero | tr '\\0' e >&2; ";
    const auto end = reveal(noise + "head -c 1048576 /dev/zero | tr '\\0' x; " + noise, folder);
    CHECK(end.stage == Stage::revealed);
    CHECK(end.output == std::string(1048576, 'x'));
}

TEST_CASE("reveal_job - an answer without end is cut off and refused") {
    const tests::TempFolder folder;
    const auto end = reveal("exec cat /dev/zero", folder);
    CHECK(end.stage == Stage::refused);
    CHECK(end.problem == Problem::failed);
    CHECK(end.sentence.find("64 MiB") != std::string::npos);
    CHECK(end.output.empty());
}

TEST_CASE("reveal_job - a failure gives no output whatever was printed") {
    const tests::TempFolder folder;
    const auto failed = reveal("echo half; echo 'portside: broken' >&2; exit 1", folder);
    CHECK(failed.stage == Stage::refused);
    CHECK(failed.problem == Problem::failed);
    CHECK(failed.output.empty());
    CHECK(failed.sentence.find("portside: broken") != std::string::npos);
    CHECK(failed.sentence.find("othing was read") != std::string::npos);
    CHECK(reveal("exit 126", folder).problem == Problem::dismissed);
    CHECK(reveal("exit 127", folder).problem == Problem::not_authorised);
}

TEST_CASE("reveal_job - no pkexec") {
    tests::Jobs jobs(tests::system_with("/nowhere/pkexec"));
    const auto end = jobs.wait_for_end(jobs.thread().start(RevealRequest{"/opt/portside", false}));
    CHECK(end.problem == Problem::no_pkexec);
    CHECK(end.sentence.find("sudo portside list") != std::string::npos);
}
